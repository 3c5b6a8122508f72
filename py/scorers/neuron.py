"""What activates this neuron.

Photos that excite one class or unit of the network, with no query photo at all.

Tiara's black-box setting (Sato, Retrieving Black-box Optimal Images from External Databases,
WSDM 2022): the score is whatever the network says of a photo, compared with nothing.
"""

from lookalike.images import prepare

LAYER = "logits"  # or "avg_pool", "conv_16_project"
UNIT = "lynx"  # a class by its name, or the number of a unit: 0 to 1,000, 1,279 or 319
START = ["lynx"]  # the words that are asked first


async def get_feature(model, image):
    """Give how strongly a photo excites the unit; of a unit with a map, its mean."""
    outputs = await model.run(prepare(image, model.spec), [LAYER])
    units = outputs[LAYER][0]
    return units[number_of(UNIT, model.spec.labels)].mean().reshape(1)


def number_of(unit, labels):
    """Find a class by any of its names."""
    if isinstance(unit, int):
        return unit
    for number, names in enumerate(labels):
        if unit.lower() in names.lower().split(", "):
            return number
    raise ValueError(f"no class is called {unit!r}")


def get_source(examples):
    """Compare with nothing, whatever the query photos and marks are."""


def embs2score(source, candidate):
    """Give the unit's activation."""
    return float(candidate[0])


def embs2scores(source, candidates):
    """Do the same for all photos at once."""
    return candidates[:, 0]
