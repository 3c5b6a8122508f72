"""Which files in a folder are a person's photos, by their names: the one list, for both worlds.

The build writes it into config.json, from which the page takes it (site/js/collections/uploads.js).
A name decides only what is not read: whether a file is a photo, its content says.
"""

from itertools import pairwise
from typing import Any

HIDDEN = (
    "__macosx", "thumbs.db", "ehthumbs.db", "desktop.ini", "picasa.ini", "zbthumbnail.info",
    "@eadir", "@tmp", "@synoresource", "#recycle", "#snapshot", "@recycle", "@recently-snapshot",
    "$recycle.bin", "recycler", "recycled", "system volume information", "lost+found",
    "lightroom previews.lrdata", "iphoto selections",
)  # fmt: skip
"""Names of what systems and programs keep for themselves, thumbnails and what was thrown away among
it; in lower case. Names that begin with a dot, or with "._", are hidden, too."""

HIDDEN_ENDS = (".lrdata", ".lrlibrary", ".cocatalogdb", ".dtrash", ".thumbnails")
"""How names of folders end that programs keep thumbnails in."""

LIBRARIES = (".photoslibrary", ".photolibrary", ".migratedphotolibrary", ".aplibrary")
ORIGINALS = ("originals", "masters")
"""In a folder that is a library of Apple's, photos are in one of these; the others are derived."""

OTHERS = (
    "json xmp aae thm ini db cfg dat log tmp xml plist pp3 dop cos on1 nksc lrcat lrv modd moff "
    "icc icm bib url webloc lnk torrent crdownload part md5 sha1 sha256 ctg ind mdb "
    "mp4 m4v mov avi mkv webm mpg mpeg mts m2ts m2t mod tod 3gp 3g2 wmv asf flv vob insv 360 braw "
    "mp3 m4a wav aac flac ogg oga opus wma aif aiff amr mid "
    "txt md rtf csv tsv doc docx odt xls xlsx ods ppt pptx odp pdf epub html htm css js ts py c h "
    "sh bat exe dll msi dmg apk iso rar 7z gz bz2 xz tar tgz zst svg eps ps ai dxf obj stl ttf otf "
    "srt vtt gpx kml kmz ics vcf eml sqlite lookalike score"
)
"""How names end of what is no photo, and is counted and not read; in lower case: what programs
write beside photos; films and sound; texts, tables, drawings, programs and archives."""

PHOTOS = (
    "jpg jpeg jpe jfif jif png apng webp gif bmp dib tif tiff heic heif hif avif jxl jp2 psd "
    "dng cr2 cr3 crw nef nrw arw sr2 srf srw orf raf rw2 rwl pef raw 3fr fff iiq x3f erf mef mos "
    "mrw kdc dcr gpr zip"
)
"""How names of photos end: where such a file is none, that is said. Others that turn out to be
none are counted among those others."""


_HIDDEN, _OTHERS, _PHOTOS = frozenset(HIDDEN), frozenset(OTHERS.split()), frozenset(PHOTOS.split())


def is_hidden(path: str) -> bool:
    """Say whether a path is of what systems and programs keep for themselves."""
    parts = [part for part in path.replace("\\", "/").lower().split("/") if part not in (".", "..")]
    if any(_is_hidden(part) for part in parts):
        return True
    for part, inner in pairwise(parts):
        # A library that was zipped lies in a folder of its own name.
        if part.endswith(LIBRARIES) and not inner.endswith(LIBRARIES):
            return inner not in ORIGINALS
    return False


def is_hidden_in(given: str, path: str) -> bool:
    """Say the same of a path within a folder or zip file that a person has given.

    That one is wanted whatever it is called; but if it is a library, what is derived is left out.

    Args:
        given: its name, of a zip file without ".zip".
        path: within it.
    """
    library = given.lower().endswith(LIBRARIES)
    return is_hidden(f"given{LIBRARIES[0]}/{path}" if library else path)


def _is_hidden(part: str) -> bool:
    return part in _HIDDEN or part.startswith(".") or part.endswith(HIDDEN_ENDS)


def is_other(path: str) -> bool:
    """Say whether a file is no photo by its name, so that it is counted and not read."""
    return _end(path) in _OTHERS


def is_named_as_photo(path: str) -> bool:
    """Say whether a file is called as photos are."""
    return _end(path) in _PHOTOS


def _end(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[2].lower()


def exported() -> dict[str, Any]:
    """Give the lists as the page gets them."""
    return {
        "hidden": list(HIDDEN),
        "hidden_ends": list(HIDDEN_ENDS),
        "libraries": list(LIBRARIES),
        "originals": list(ORIGINALS),
        "others": OTHERS.split(),
    }
