"""From the bytes of a person's file to what a collection keeps of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from lookalike.collections.collection import ModelId, PhotoEntry
from lookalike.collections.describe import Description, describe
from lookalike.collections.thumbnail import thumbnail
from lookalike.collections.upload import Upload
from lookalike.formats.decoding import Picture
from lookalike.images import Reopen, open_anyhow
from lookalike.model.model import Model
from lookalike.scorer.scorer import CheckedScorer
from lookalike.sources.source import Runner
from lookalike.text.path_words import tags_of

T = TypeVar("T")


async def at_once(function: Callable[..., T], /, *args: object) -> T:
    """Run a function here and now: a `Runner` where there are no threads."""
    return function(*args)


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """A photo as it is added to a collection.

    Attributes:
        note: what could not be used of its file; None where all of it was.
    """

    entry: PhotoEntry
    thumbnail: bytes
    description: Description
    note: str | None = None


class Embedder:
    """Opens photos and describes them.

    Args:
        model: what describes them.
        model_id: its name and hash.
        scorer: whose features are made, besides those that every photo has.
        run: how work that takes milliseconds and touches nothing else is run.
        reopen: asked where Python cannot open a file.
    """

    def __init__(
        self,
        model: Model,
        model_id: ModelId,
        scorer: CheckedScorer,
        run: Runner = at_once,
        reopen: Reopen | None = None,
    ) -> None:
        self.model, self.model_id, self.scorer = model, model_id, scorer
        self.run = run
        self._reopen = reopen

    async def embed(self, upload: Upload, content: bytes, digest: str) -> Embedded:
        """Open and describe a photo.

        Args:
            upload: where it comes from.
            content: of the file.
            digest: its SHA-256.

        Raises:
            BadPhoto: it is no photo that can be opened here.
            lookalike.errors.ScoreError: the scorer cannot describe it.
            lookalike.errors.ModelError: the network could not be run.
        """
        picture = await open_anyhow(content, self._reopen, self._open)
        width, height = picture.size
        small = await self.run(thumbnail, picture.image)
        description = await describe(self.model, self.scorer, picture.image)
        tags = tags_of(upload.path)
        entry = PhotoEntry(
            upload.path, upload.size, upload.modified, digest,
            width, height, tags, description.classes, self.model_id,
        )  # fmt: skip
        return Embedded(entry, small, description, picture.note)

    async def _open(self, function: Callable[[bytes], Picture], content: bytes) -> Picture:
        return await self.run(function, content)
