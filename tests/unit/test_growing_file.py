"""A file that grows on a disk that fails: the first error is the one that is told."""

import errno
import os

import pytest

from in_loop import in_loop
from lookalike.collections.collection import Batch, PhotoEntry
from lookalike.collections.store import StoreError, StoreFull
from lookalike.terminal.growing_file import GrowingFile, WholeFile, part_of
from small_collection import HOLIDAY

pytestmark = pytest.mark.native

BATCH = Batch([PhotoEntry("a.jpg", 1, 1, "", 1, 1, (), b"", HOLIDAY.model)], [b"x"], {})


def failing(number):
    def fail(*_, **__):
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("method", ["truncate", "write", "seek"])
@pytest.mark.parametrize("removable", [True, False])
def test_a_file_that_cannot_be_begun_is_told_as_such(tmp_path, monkeypatch, method, removable):
    path = tmp_path / "a.lookalike"
    monkeypatch.setattr(WholeFile, method, failing(errno.EIO))
    if not removable:
        monkeypatch.setattr(type(path), "unlink", failing(errno.EROFS))
    with pytest.raises(StoreError, match=os.strerror(errno.EIO)):
        GrowingFile(path, HOLIDAY, None)
    monkeypatch.undo()
    assert part_of(path).exists() is not removable
    with GrowingFile(path, HOLIDAY, None):  # nobody has it any more
        pass


@in_loop
async def test_a_full_disk_on_which_nothing_can_be_taken_back_is_told(tmp_path, monkeypatch):
    with GrowingFile(tmp_path / "a.lookalike", HOLIDAY, None) as file:
        monkeypatch.setattr(WholeFile, "write", failing(errno.ENOSPC))
        monkeypatch.setattr(WholeFile, "truncate", failing(errno.EIO))
        with pytest.raises(StoreError, match=os.strerror(errno.EIO)) as caught:
            await file.add(HOLIDAY.id, BATCH)
    assert isinstance(caught.value.__context__.__context__, StoreFull)
