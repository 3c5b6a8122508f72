"""A folder of photos of which it is known what each shows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lookalike.evaluate.query_images import is_image
from lookalike.evaluate.simulated_source import read_lines


@dataclass(frozen=True, slots=True)
class Labelled:
    """Photos with one label each.

    Attributes:
        files: where each lies.
        labels: what each shows; photos with the same label are relevant to each other.
    """

    files: Sequence[Path]
    labels: Sequence[str]


def load_labelled(folder: Path) -> Labelled:
    """Read a folder: the lines of its `labelled.jsonl` (id, file, label), else a folder a class.

    Photos in folders within a class's folder are of that class; what is no image is left out.

    Raises:
        OSError: the folder, or a photo that is listed, is not there.
        ValueError: a line is broken, or there are not two classes of which one has two photos.
    """
    listed = folder / "labelled.jsonl"
    found = _from_list(folder, listed) if listed.exists() else _from_folders(folder)
    sizes = Counter(found.labels)
    if len(sizes) < 2 or max(sizes.values()) < 2:
        raise ValueError(
            f"{folder} has {len(found.files)} photos of {len(sizes)} classes, and needs two classes"
            " and two photos of one: put the photos of each class in a folder of its own"
        )
    return found


def _from_list(folder: Path, listed: Path) -> Labelled:
    lines = read_lines(listed, "file", "label")
    files = [folder / str(line["file"]) for line in lines]
    labels = [str(line["label"]) for line in lines]
    missing = [file for file in files if not file.is_file()]
    if missing:
        raise FileNotFoundError(f"{missing[0]}, which {listed} lists, is not there")
    return Labelled(files, labels)


def _from_folders(folder: Path) -> Labelled:
    paths = [
        (path, top.name)
        for top in sorted(folder.iterdir())
        if top.is_dir()
        for path in sorted(top.rglob("*"))
        if is_image(path, folder)
    ]
    return Labelled([path for path, _ in paths], [label for _, label in paths])
