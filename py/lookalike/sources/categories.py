"""Which categories of Wikimedia Commons say what a photo shows.

Half of a file's categories are about the file: its licence, who uploaded it and how, what is
still to be done. They are no words that lead to similar photos, and each holds thousands of
files. Commons marks most of them as hidden, but not in `extmetadata`; so they are known by their
names here, which follow customs: https://commons.wikimedia.org/wiki/Commons:Categories.
"""

import re

from lookalike.sources.reading import tags

_FILES = (
    r"(?:artworks|content|files?|(?:flickr |negative )?images?|items|media|pages|photographs|photos"
    r"|pictures|uploads?|videos|works)"
)
_HOW = (
    r"(?:by|created|from|in need|lacking|licensed|made|missing|moved|needing|requiring|reviewed"
    r"|taken|to be|transferred|uploaded|using|with|without)"
)
_MAINTENANCE = re.compile(
    "|".join(
        [
            # Licences: "CC-BY-SA-4.0", "CC-Zero", "PD-old-70-expired", "Self-published work".
            r"^(?:cc|pd|gfdl|fal|ogl|godl)\b",
            r"^(?:self[- ]published|own) works?",
            r"^authors? died\b",
            r"\bpublic domain\b",
            # Where files come from, and what they lack: "Files with no author", "Files by …",
            # "Images uploaded by Fæ", "Media missing …", "Photographs taken on …".
            rf"^{_FILES} {_HOW}\b",
            # "Taken with Sony DSLR-A900", "Uploaded with UploadWizard", "Supported by …".
            r"^(?:created|reviewed|scanned|sponsored|supported) (?:by|from|on|via|with)\b",
            r"^(?:taken|uploaded) (?:by|from|on|via|with)\b",
            # What people think of it: "Featured pictures of …", "Quality images", "No QIC by …".
            r"^(?:featured|quality|valued) (?:images?|pictures?|media)\b",
            r"^(?:no )?qic\b",
            # Work in progress: "… to check", "… maintenance missing date", "Template Unknown …".
            r"\b(?:maintenance|needing|unidentified|otrs|vrt|wikidata)\b",
            r"\bto (?:be )?check(?:ed)?\b",
            r"^(?:templates?|originals|graphic lab)\b",
            # Contests: "Wiki Loves Monuments 2019".
            r"\bwiki loves\b",
        ]
    ),
    re.IGNORECASE,
)


def is_maintenance(category: str) -> bool:
    """Whether a category is about the file, and not about what it shows."""
    return _MAINTENANCE.search(category) is not None


def tags_of(categories: str) -> tuple[str, ...]:
    """The categories that say what is to be seen, each once, of a list "A|B|C"."""
    names = (" ".join(name.split()) for name in categories.split("|"))
    return tags(name for name in names if not is_maintenance(name))
