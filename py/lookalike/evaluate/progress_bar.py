"""A progress bar on standard error."""

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")


def progress(items: Iterable[T], what: str, quiet: bool, total: int | None = None) -> Iterator[T]:
    """Go through `items` behind a progress bar, unless `quiet`."""
    if total is None and isinstance(items, Collection):
        total = len(items)
    yield from tqdm(items, desc=what, total=total, disable=quiet, dynamic_ncols=True)
