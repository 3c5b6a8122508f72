"""The scorers to start from: each does what it says, on real photos of ../shared."""

import asyncio
import json
import math
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from bench_copies import copies
from convert import convert
from generated_photos import KINDS, make
from lookalike.errors import ScoreError
from lookalike.images import open_image
from lookalike.model.onnxruntime_native import NativeModel
from lookalike.photo import Photo
from lookalike.scorer.compile import compile_scorer
from lookalike.scorer.scorer import Example, Result

ROOT = Path(__file__).parents[2]
SCORERS = sorted((ROOT / "py" / "scorers").glob("*.py"))
SHARED = ROOT.parent / "shared"
EACH = 8

pytestmark = [
    pytest.mark.native,
    pytest.mark.skipif(
        not (SHARED / "photos" / "photos.jsonl").is_file(),
        reason="needs ../shared/models and ../shared/photos, which are not beside this checkout",
    ),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    recipe = tomllib.loads((ROOT / "models" / "mobilenet_v2.toml").read_text())
    source = SHARED / "models" / "tf2_mobilenet_v2_1.0_224_ptq.tflite"
    labels = (SHARED / "models" / "imagenet_labels.txt").read_text()
    content, values = convert(recipe, source.read_bytes(), labels)
    path = tmp_path_factory.mktemp("model") / "mobilenet_v2.onnx"
    path.write_bytes(content)
    path.with_suffix(".json").write_text(json.dumps(values))
    return NativeModel(path)


@pytest.fixture(scope="module")
def photos():
    """Some photos of each of a few tags, by tag."""
    rows = map(json.loads, (SHARED / "photos" / "photos.jsonl").read_text().splitlines())
    found = {tag: [] for tag in ("dog", "food", "road", "bird")}
    for row in rows:
        carried = [tag for tag in found if tag in row["tags"]]
        if row.get("file") and len(carried) == 1 and len(found[carried[0]]) < EACH:
            found[carried[0]].append(open_image((SHARED / "photos" / row["file"]).read_bytes()))
    return found


def load(name):
    return compile_scorer((ROOT / "py" / "scorers" / f"{name}.py").read_bytes())


def features(scorer, model, images):
    return [asyncio.run(scorer.get_feature(model, image)) for image in images]


def query(*found, weight=1.0):
    return [Example(feature, weight, "query") for feature in found]


def marked(found, kind):
    return [Example(feature, 1.0 if kind == "liked" else -1.0, kind) for feature in found]


def mean_score(scorer, source, candidates):
    return np.mean(scorer.scores(source, candidates))


@pytest.mark.parametrize("name", [path.stem for path in SCORERS])
def test_one_by_one_and_all_at_once_are_the_same(name, model, photos):
    scorer = load(name)
    found = features(scorer, model, [images[0] for images in photos.values()])
    source = scorer.source(query(found[0]))
    one_by_one = [scorer.embs2score(source, feature) for feature in found]
    assert scorer.scores(source, found) == pytest.approx(one_by_one, rel=1e-4)


@pytest.mark.parametrize("name", ["clear", "avg_pool", "part"])
def test_photos_of_one_kind_score_higher(name, model, photos):
    scorer = load(name)
    kinds = [features(scorer, model, images) for images in photos.values()]
    above = []
    for i, kind in enumerate(kinds):
        others = [feature for other in kinds[:i] + kinds[i + 1 :] for feature in other]
        for j, feature in enumerate(kind):
            source = scorer.source(query(feature))
            own = np.array(scorer.scores(source, kind[:j] + kind[j + 1 :]))
            above.append((own[:, None] > np.array(scorer.scores(source, others))).mean())
    assert np.mean(above) > 0.6  # 0.5 would be chance


def test_clears_own_describes_photos_as_the_default_does():
    default = compile_scorer((ROOT / "py" / "score.py").read_bytes())
    assert load("clear").key == default.key


def test_likeness_falls_with_the_square_of_the_distance():
    scorer = load("gaussian")
    far, farther = np.array([30.0, 0.0]), np.array([0.0, 60.0])
    zero = np.zeros(2)
    near = -math.log(scorer.embs2score(zero, far))
    assert scorer.embs2score(far, far) == 1
    assert -math.log(scorer.embs2score(zero, farther)) == pytest.approx(4 * near)


def test_a_class_is_found_without_a_query(model, photos):
    scorer = load("neuron")
    assert scorer.start == ("lynx",)
    lynx = SHARED / "queries" / "in1k-n02127052.jpg"
    found = features(scorer, model, [open_image(lynx.read_bytes()), *photos["food"]])
    scores = scorer.scores(scorer.source([]), found)
    assert int(np.argmax(scores)) == 0


def test_a_taste_is_learnt_from_marks(model, photos):
    scorer = load("taste")
    dogs, food = (features(scorer, model, photos[tag]) for tag in ("dog", "food"))
    half = EACH // 2
    examples = [*marked(food[:half], "liked"), *marked(dogs[:half], "disliked")]
    before = scorer.source(query(dogs[0]))
    after = scorer.source([*query(dogs[0]), *examples])
    assert mean_score(scorer, before, dogs[half:]) > mean_score(scorer, before, food[half:])
    assert mean_score(scorer, after, dogs[half:]) < mean_score(scorer, after, food[half:])


def test_a_taste_is_learnt_from_dislikes_alone():
    """Who searches by words may have marked nothing else yet."""
    scorer = load("taste")
    disliked, other = np.eye(2, dtype=np.float32)
    for marks in ([disliked], [disliked, disliked]):
        scores = scorer.scores(scorer.source(marked(marks, "disliked")), [disliked, other])
        assert scores[0] < scores[1]


@pytest.mark.parametrize("name", ["taste", "this_not_that", "score"])
def test_a_query_photo_of_weight_0_counts_nothing(name):
    """The page takes any weight from -10 to 10."""
    scorer = load(f"../{name}" if name == "score" else name)
    rng = np.random.default_rng(0)
    features = [each / np.linalg.norm(each) for each in rng.random((6, 1280), dtype=np.float32)]
    wanted, nothing, *others = features
    for marks in ([], marked(others[:1], "liked"), marked(others[:2], "disliked")):
        alone = scorer.source([*query(wanted), *marks])
        beside = scorer.source([*query(wanted), *query(nothing, weight=0.0), *marks])
        scores = scorer.scores(beside, features)
        assert scores == pytest.approx(scorer.scores(alone, features), abs=1e-5)
    with pytest.raises(ScoreError, match="weight 0"):
        scorer.source(query(wanted, nothing, weight=0.0))
    only_marks = scorer.scores(scorer.source(marked(others[:1], "liked")), features)
    both = [*query(wanted, weight=0.0), *marked(others[:1], "liked")]
    assert scorer.scores(scorer.source(both), features) == pytest.approx(only_marks, abs=1e-5)


def test_this_but_not_that(model, photos):
    scorer = load("this_not_that")
    dogs, birds = (features(scorer, model, photos[tag]) for tag in ("dog", "bird"))
    this = scorer.source(query(dogs[0], birds[0]))
    not_that = scorer.source([*query(dogs[0]), *query(birds[0], weight=-1)])
    gap = [
        mean_score(scorer, source, dogs[1:]) - mean_score(scorer, source, birds[1:])
        for source in (this, not_that)
    ]
    assert gap[1] > gap[0]
    disliked = scorer.source([*query(dogs[0]), *marked(birds[:2], "disliked")])
    alone = scorer.source(query(dogs[0]))
    assert mean_score(scorer, disliked, birds[2:]) < mean_score(scorer, alone, birds[2:])


def test_no_group_is_left_behind_or_runs_ahead(model):
    scorer = load("fair")
    rng = np.random.default_rng(0)
    owners = ["a"] * 30 + ["b"] * 6 + ["c"] * 3
    results = [
        Result(Photo(str(i), owner_id=owner), float(rng.random() + (owner == "a")), np.ones(2))
        for i, owner in enumerate(owners)
    ]
    owner_of = {result.photo.id: result.photo.owner_id for result in results}
    score_of = {result.photo.id: result.score for result in results}
    order = scorer.rank(results)
    for k in range(1, 10):  # while every group has some left
        counts = Counter(owner_of[name] for name in order[:k])
        assert all(math.floor(k / 3) <= counts[owner] <= math.ceil(k / 3) for owner in "abc")
    for owner in "abc":
        own = [score_of[name] for name in order if owner_of[name] == owner]
        assert own == sorted(own, reverse=True)


def test_colours_and_where_they_are(model, photos):
    scorer = load("colours")
    photo = photos["road"][0]
    flipped = ImageOps.flip(photo)
    grey = photo.convert("L").convert("RGB")
    found = features(scorer, model, [photo, flipped, grey, Image.new("RGB", (9, 9), "red")])
    same, upside_down, without, red = scorer.scores(scorer.source(query(found[0])), found)
    assert same == pytest.approx(1)
    assert same > upside_down > without > red


def test_a_part_is_found_in_another_place(model, photos):
    """A dog's photo pasted into a corner of a road is more like the dog than the road is."""
    scorer = load("part")
    dog, road = photos["dog"][0], photos["road"][1].resize((448, 448))
    both = road.copy()
    both.paste(dog.resize((224, 224)), (224, 0))
    found = features(scorer, model, [dog, both, road])
    _, pasted, alone = scorer.scores(scorer.source(query(found[0])), found)
    assert pasted > alone


def test_copies_of_a_photo_come_first_whatever_was_done_to_them():
    """Drawn photos, some of the same kind: each copy of one is before all others."""
    scorer = load("this_very_picture")
    drawn = [make(kind, seed, (320, 213)) for kind in list(KINDS)[:5] for seed in (1, 2)]
    found = features(scorer, None, drawn)
    for number in (0, 3, 6):
        made = features(scorer, None, copies(drawn[number], str(number)))
        source = scorer.source(query(found[number]))
        others = scorer.scores(source, found[:number] + found[number + 1 :])
        assert scorer.embs2score(source, found[number]) == pytest.approx(1, abs=1e-3)
        assert min(scorer.scores(source, made)) > max(others)
        assert max(scorer.scores(source, made)) <= 1.001
        # And the other way round: the query is the copy.
        for copy in made:
            source = scorer.source(query(copy))
            assert int(np.argmax(scorer.scores(source, found))) == number


def test_copies_of_several_photos_are_looked_for_and_none_of_those_that_lead_away():
    scorer = load("this_very_picture")
    one, other, third = features(
        scorer, None, [make(kind, 1, (90, 60)) for kind in list(KINDS)[:3]]
    )
    source = scorer.source([*query(one, other), *marked([third], "disliked")])
    scores = scorer.scores(source, [one, other, third])
    assert scores[:2] == pytest.approx([1, 1], abs=1e-3)
    assert scores[2] < 0.95
    with pytest.raises(ScoreError, match="no photo whose copies"):
        scorer.source(marked([one], "disliked"))


def test_flat_photos_are_copies_of_nothing():
    scorer = load("this_very_picture")
    grey, other = features(
        scorer, None, [Image.new("RGB", (60, 40), "grey"), make("sunset", 1, (90, 60))]
    )
    assert scorer.scores(scorer.source(query(grey)), [grey, other]) == pytest.approx(
        [0, 0], abs=1e-4
    )
    assert scorer.scores(scorer.source(query(other)), [grey]) == pytest.approx([0], abs=1e-4)
