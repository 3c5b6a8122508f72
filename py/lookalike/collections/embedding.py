"""From the bytes of a person's file to what a collection keeps of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from PIL import Image

from lookalike.collections.collection import Entry, ModelId
from lookalike.collections.describe import Description, describe
from lookalike.collections.paths import tags_of
from lookalike.collections.thumbnail import thumbnail
from lookalike.collections.upload import Upload
from lookalike.errors import BadPhoto
from lookalike.images import open_image, original_size
from lookalike.look import Runner
from lookalike.model import Model
from lookalike.scorer import CheckedScorer

T = TypeVar("T")

Reopen = Callable[[bytes], Awaitable[bytes]]
"""Makes a PNG file of an image file that Pillow cannot open, as a browser may; raises BadPhoto."""


async def at_once(function: Callable[..., T], /, *args: object) -> T:
    """Run a function here and now: a `Runner` where there are no threads."""
    return function(*args)


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """A photo as it is added to a collection."""

    entry: Entry
    thumbnail: bytes
    description: Description


class Embedder:
    """Opens photos and describes them.

    Args:
        model: what describes them.
        model_id: its name and hash.
        measure: whose features are made, besides those that every photo has.
        run: how work that takes milliseconds and touches nothing else is run.
        reopen: asked where Pillow cannot open a file.
    """

    def __init__(
        self,
        model: Model,
        model_id: ModelId,
        measure: CheckedScorer,
        run: Runner = at_once,
        reopen: Reopen | None = None,
    ) -> None:
        self.model, self.model_id, self.measure = model, model_id, measure
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
            lookalike.errors.ScoreError: the measure cannot describe it.
            lookalike.errors.ModelError: the network could not be run.
        """
        image, small, (width, height) = await self._opened(content)
        description = await describe(self.model, self.measure, image)
        tags = tags_of(upload.path)
        entry = Entry(
            upload.path, upload.size, upload.modified, digest,
            width, height, tags, description.classes, self.model_id,
        )  # fmt: skip
        return Embedded(entry, small, description)

    async def _opened(self, content: bytes) -> "tuple[Image.Image, bytes, tuple[int, int]]":
        try:
            return await self.run(_open, content)
        except BadPhoto:
            if self._reopen is None or not content:
                raise
            return await self.run(_open, await self._reopen(content))


def _open(content: bytes) -> tuple[Image.Image, bytes, tuple[int, int]]:
    image = open_image(content)
    return image, thumbnail(image), original_size(content)
