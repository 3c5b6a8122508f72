"""What came of indexing, as it is printed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lookalike.collections.upload import Failure
from lookalike.shown import shown
from lookalike.terminal.keeping import Fate

NAMED = 10
"""Folders, or links, that are named; of more, only the number is told."""


LONGEST = 300
"""Characters of a path that are printed."""


@dataclass(slots=True)
class Outcome:
    """What came of a run.

    Attributes:
        output: the file.
        photos: how many it holds; None where it was not written.
        added: those of them that are new or changed.
        rate: photos dealt with in a second; 0 where that is not known.
        renamed: those of these that go by another name, since another photo has theirs.
        unchanged: files that are in the collection as they were.
        failed: files that could not be added, and folders that could not be read.
        partly: photos of which a part could not be used, and what.
        others: files that are no photos, which were left out.
        links: linked folders that were left out.
        fate: what became of photos that were not found.
        notes: what else is to be known.
        stopped: the number of the signal that ended it; 0 for none.
    """

    output: Path
    photos: int | None = None
    added: int = 0
    rate: float = 0.0
    renamed: int = 0
    unchanged: int = 0
    failed: list[Failure] = field(default_factory=list)
    partly: list[Failure] = field(default_factory=list)
    others: int = 0
    links: list[str] = field(default_factory=list)
    fate: Fate = field(default_factory=Fate)
    notes: list[str] = field(default_factory=list)
    stopped: int = 0

    @property
    def status(self) -> int:
        """The exit status: 0 where all could be read, and what is in the file was found."""
        if self.stopped:
            return 128 + self.stopped
        return int(bool(self.failed or self.fate.kept or self.photos is None))

    @property
    def text(self) -> str:
        """The report."""
        lines = [*self.notes, *self._failures(), *self._partly(), *self._links(), *self._fate()]
        if self.renamed:
            lines.append(
                f"{photos(self.renamed)} of a path that another photo has: kept beside it under a "
                "name with a number."
            )
        if self.photos is None:
            lines.append("There is no photo, and so no file was written.")
        else:
            size = self.output.stat().st_size / 1e6
            pace = f" ({self.rate:.3g} photos a second)" if self.added and self.rate else ""
            lines.append(
                f"{shown(str(self.output))}: {photos(self.photos)}, of which {self.added} are new "
                f"or changed{pace}; {size:.1f} MB"
            )
        if self.stopped:
            lines.append("It was stopped. Run the same command again to go on.")
        return "\n".join(lines)

    def _failures(self) -> list[str]:
        if not self.failed:
            return []
        count = len(self.failed)
        title = "1 file was" if count == 1 else f"{count} files were"
        each = [f"{named(failure.path)}: {shown(failure.reason)}" for failure in self.failed]
        return [f"{title} not added:", *each]

    def _partly(self) -> list[str]:
        each = [f"{shown(note.path)}: {shown(note.reason)}" for note in self.partly]
        title = f"{photos(len(each))} opened in part:"
        lines = [title, *each] if each else []
        if self.others:
            files = "1 other file" if self.others == 1 else f"{self.others:,} other files"
            lines.append(f"{files} left out, as they are no photos.")
        return lines

    def _links(self) -> list[str]:
        if not self.links:
            return []
        return [
            f"Left out, as they are links to folders (--follow-links goes there): "
            f"{_listed(self.links)}."
        ]

    def _fate(self) -> list[str]:
        lines = []
        if self.fate.dropped:
            lines.append(f"{photos(len(self.fate.dropped))} no longer there: dropped.")
        if self.fate.kept:
            lines.append(
                f"{photos(self.fate.kept)} not found, and kept: {_listed([*self.fate.unseen])}. "
                "Is a drive away? If they are gone for good, --prune drops them."
            )
        return lines


def named(path: str) -> str:
    """Name a file in a report; of a very long path, its beginning and its end."""
    name = shown(path) or "."
    return name if len(name) <= LONGEST else f"{name[: LONGEST // 2]}…{name[-LONGEST // 2 :]}"


def photos(count: int) -> str:
    """Count photos: "1 photo", "12 photos"."""
    return "1 photo" if count == 1 else f"{count} photos"


def _listed(names: Sequence[str]) -> str:
    told = ", ".join(map(named, names[:NAMED]))
    return f"{told} and {len(names) - NAMED} more" if len(names) > NAMED else told
