"""What only a browser can do for collections: files read in parts, and turns between tabs."""

import errno
import io
from collections.abc import Callable
from typing import Any, BinaryIO, cast

import numpy as np
from js import FileReaderSync
from pyodide.ffi import JsException, jsnull, to_js

from lookalike.browser import protocol
from lookalike.collections.upload import Upload
from lookalike.errors import BadPhoto
from lookalike.formats.samples import Samples
from lookalike.images import Reopened

BUFFER = 256 * 1024
"""Bytes read at a time from a file that is read in parts."""


WRITTEN = 1024 * 1024
"""Bytes written at a time."""


class BrowserHands:
    """See `lookalike.browser.collection_jobs.Hands`.

    Args:
        host: the `Host` of site/js/engine/worker.js: `turn`, `reopen` and `parts`.
    """

    def __init__(self, host: Any) -> None:  # noqa: ANN401 - JavaScript
        self._host = host

    def upload(self, given: protocol.Upload) -> Upload:
        """See `Hands`; the file is read when it is asked for, whole or in parts."""

        async def unreadable() -> bytes:
            raise BadPhoto("The browser could not read it; perhaps you have no permission to.")

        file = given.file
        if file is None:
            return Upload(given.path, 0, 0, unreadable)

        async def read() -> bytes:
            try:
                content: bytes = (await file.arrayBuffer()).to_bytes()
            except JsException as error:
                raise _unreadable(error) from error
            return content

        def opened() -> io.BufferedReader:
            return io.BufferedReader(BrowserFile(file), BUFFER)

        return Upload(given.path, int(file.size), int(file.lastModified) // 1000, read, opened)

    def output(self) -> "BlobOutput":
        return BlobOutput(self._host.parts())

    async def turn(self, collection: str) -> Callable[[], object] | None:
        given = await self._host.turn(collection)
        return None if given is jsnull else cast("Callable[[], object]", given)

    async def reopen(self, content: bytes, kind: str) -> Reopened | None:
        """See `lookalike.images.Reopen`: by site/js/pictures/pictures.js."""
        try:
            found = await self._host.reopen(to_js(content), kind)
        except JsException as error:
            raise BadPhoto(
                f"What opens such pictures could not be fetched ({error.message}).",
                "Check your connection, then try again.",
            ) from error
        return None if found is jsnull else _reopened(found)


def _reopened(found: Any) -> Reopened:  # noqa: ANN401 - `Opened` of pictures.js
    shape = (int(found.height), int(found.width), int(found.channels))
    values = np.frombuffer(found.values.to_bytes(), np.dtype(found.type)).reshape(shape)
    colours = None
    if found.colours is not jsnull:
        colours = np.frombuffer(found.colours.to_bytes(), np.dtype("<u2")).reshape(3, -1)
    alpha = None if found.alpha is jsnull else int(found.alpha)
    samples = Samples(
        values, int(found.photometric), int(found.bits), colours, alpha, bool(found.premultiplied)
    )
    return Reopened(samples, (int(found.fullWidth), int(found.fullHeight)), bool(found.upright))


class BrowserFile(io.RawIOBase):
    """A `File` of JavaScript's as a file that is read in parts, wherever they lie.

    Args:
        file: the `File`.
    """

    def __init__(self, file: Any) -> None:  # noqa: ANN401 - JavaScript
        super().__init__()
        self._file = file
        self._size = int(file.size)
        self._at = 0
        self._reader = FileReaderSync.new()

    def readable(self) -> bool:
        """See `io.IOBase`."""
        return True

    def seekable(self) -> bool:
        """See `io.IOBase`."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """See `io.IOBase`."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("there is nothing before the beginning of a file")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        """See `io.IOBase`."""
        return self._at

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any buffer that can be written to
        """See `io.RawIOBase`.

        Raises:
            OSError: it is no longer there, or has been changed.
        """
        end = min(self._size, self._at + len(buffer))
        if end <= self._at:
            return 0
        try:
            part = self._reader.readAsArrayBuffer(self._file.slice(self._at, end))
        except JsException as error:
            raise _unreadable(error) from error
        part.assign_to(memoryview(buffer).cast("B")[: end - self._at])
        count = end - self._at
        self._at = end
        return count


def _unreadable(error: JsException) -> OSError:
    """Say why a `File` could not be read: a browser tells only that it is not as it was chosen."""
    if error.name in ("NotReadableError", "NotFoundError"):
        return OSError(errno.ESTALE, error.message)
    if error.name in ("SecurityError", "NotAllowedError"):
        return PermissionError(errno.EACCES, error.message)
    return OSError(error.message)


class BlobOutput:
    """A file that becomes a `Blob`, which the browser keeps where it likes: see `Output`.

    Args:
        parts: a `Parts` of site/js/engine/hands.js.
    """

    def __init__(self, parts: Any) -> None:  # noqa: ANN401 - JavaScript
        self._parts = parts
        self.file: BinaryIO = io.BufferedWriter(_PartsFile(parts), WRITTEN)

    def finished(self) -> Any:  # noqa: ANN401 - a Blob
        self.file.flush()
        return self._parts.blob()


class _PartsFile(io.RawIOBase):
    def __init__(self, parts: Any) -> None:  # noqa: ANN401 - JavaScript
        super().__init__()
        self._parts = parts

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer
        self._parts.add(to_js(bytes(data)))
        return len(data)
