"""AVIF files, freed of Exif blocks: their decoder opens no file whose block is malformed."""

import re

_EXIF_ITEM = re.compile(rb"(infe[\x02\x03].{3}(?:.{4}|.{6}))Exif", re.DOTALL)


def bare_avif(data: bytes) -> bytes:
    """Give an AVIF file whose Exif block goes by a name that means nothing; of the same length."""
    return _EXIF_ITEM.sub(rb"\1skip", data)
