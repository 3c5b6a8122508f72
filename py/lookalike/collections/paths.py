"""The paths of own photos: the names that they go by, and the words in them."""

import re

from lookalike.policies.words import words as split

MAX_LENGTH = 32_768
"""Characters of a path; longer ones are refused, and no system has any."""

PART = ".part"
"""What is added to the name of a file while it is being written."""

_WORD = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_CAMERA = {"img", "dsc", "dscn", "dscf", "dcim", "pxl", "mvimg", "imag", "photo", "image", "edited"}
_YEAR = re.compile(r"(19|20)\d\d")
_NOT_SHOWN = {"__macosx", "thumbs.db", "desktop.ini"}


def clean_path(path: str) -> str | None:
    """Write a path as an entry's id: parts joined by "/", with no empty, "." or ".." among them.

    It is a name from then on, and leads nowhere.

    Returns:
        None where nothing is left, it climbs out of its folder, or it is too long.
    """
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]
    cleaned = "/".join(parts).replace("\0", "")
    return None if ".." in parts or not cleaned or len(cleaned) > MAX_LENGTH else cleaned


def is_hidden(path: str) -> bool:
    """Say whether a path is of what file systems keep for themselves: dot files and the like."""
    parts = path.replace("\\", "/").lower().split("/")
    return any(
        part in _NOT_SHOWN or part.startswith(".") for part in parts if part not in (".", "..")
    )


def is_collection(path: str) -> bool:
    """Say whether a file is of Lookalike's own, which is no photo and need not be opened."""
    return path.lower().endswith((".lookalike", f".lookalike{PART}"))


def tags_of(path: str) -> tuple[str, ...]:
    """Find the words in the names of a photo and its folders.

    "2024/Sea side/IMG_1234-redBoat.jpg" has "2024", "sea", "side", "red" and "boat". Left out
    are what cameras call their files, single letters, and numbers that are no years.

    Returns:
        Lower case, in their order, without repeats.
    """
    stem = re.sub(r"\.\w{1,5}$", "", path)
    words = (word.lower() for word in _WORD.findall(_CAMEL.sub(" ", stem)))
    return tuple(dict.fromkeys(word for word in words if _says_something(word)))


def words_of(path: str) -> set[str]:
    """Give all words in the names of a photo and its folders, lower case; those of `tags_of` too.

    "Sea side/IMG12-redBoat.jpg" has "sea", "side", "img12", "img", "12", "redboat", "red", "boat".
    """
    stem = re.sub(r"\.\w{1,5}$", "", path)
    return {word.lower() for word in _WORD.findall(_CAMEL.sub(" ", stem))} | {*split(stem)}


def _says_something(word: str) -> bool:
    if word.isdigit():
        return _YEAR.fullmatch(word) is not None
    return word not in _CAMERA and (len(word) > 1 or not word.isascii())
