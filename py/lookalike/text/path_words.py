"""The paths of own photos: the names that they go by, and the words in them."""

import re
import unicodedata

from lookalike.file_kinds import is_hidden as is_hidden
from lookalike.words import split_numbers, words

MAX_LENGTH = 32_768
"""Characters of a path; longer ones are refused, and no system has any."""

PART = ".part"
"""What is added to the name of a file while it is being written."""

_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_END = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_CAMERA = {"img", "dsc", "dscn", "dscf", "dcim", "pxl", "mvimg", "imag", "photo", "image", "edited"}
_YEAR = re.compile(r"(19|20)\d\d")


def clean_path(path: str) -> str | None:
    """Write a path as an entry's id: parts joined by "/", with no empty, "." or ".." among them.

    It is a name from then on, and leads nowhere.

    Returns:
        None where nothing is left, it climbs out of its folder, or it is too long.
    """
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]
    cleaned = "/".join(parts).replace("\0", "")
    return None if ".." in parts or not cleaned or len(cleaned) > MAX_LENGTH else cleaned


def is_collection(path: str) -> bool:
    """Say whether a file is of Lookalike's own, which is no photo and need not be opened."""
    return path.lower().endswith((".lookalike", f".lookalike{PART}"))


def tags_of(path: str) -> tuple[str, ...]:
    """Find the words in the names of a photo and its folders.

    "2024/Sea side/IMG_1234-redBoat.jpg" has "2024", "sea", "side", "red" and "boat". Left out
    are what cameras call their files, single letters, and numbers that are no years.

    Returns:
        Folded (`lookalike.words`), in their order, without repeats.
    """
    found = [part for word in words(_parted(path)) for part in split_numbers(word)]
    return tuple(dict.fromkeys(word for word in found if _says_something(word)))


def words_of(path: str) -> set[str]:
    """Give all words in the names of a photo and its folders, folded; those of `tags_of` too.

    "Sea side/IMG12-redBoat.jpg" has "sea", "side", "img12", "img", "12", "redboat", "red", "boat".
    """
    parts = {part for word in words(_parted(path)) for part in split_numbers(word)}
    return parts | {*words(_END.sub("", path))}


def _parted(path: str) -> str:
    """Part the words that are told apart by a capital: "redBoat" is "red Boat"."""
    # Composed, so that an accent stands between no two letters.
    return _CAMEL.sub(" ", unicodedata.normalize("NFC", _END.sub("", path)))


def _says_something(word: str) -> bool:
    if word.isdigit():
        return _YEAR.fullmatch(word) is not None
    return word not in _CAMERA and (len(word) > 1 or not word.isascii())
