"""The seam between the search and the photo services."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar
from urllib.parse import parse_qsl

from lookalike.errors import LookalikeError, SourceError
from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.sources.asking import WORDS, Syntax

T = TypeVar("T")


class Source(Protocol):
    """A photo service that can be searched by words.

    Plain, synchronous functions, so that anyone can write one; the engine runs many at once. They
    do nothing but GET, and the same whenever they are given the same: a browser that cannot
    suspend one runs it again when its answer is there (`lookalike.browser.replay`).
    Both raise a `lookalike.errors.SourceError` that says what happened and what to do.

    Three things are optional. `can`, a `Capabilities`, says how the service wants to be asked. A
    method `filtered(filters)` gives the same source with the service asked to filter what it can;
    it takes a `lookalike.filters.Filters`, and what it leaves to be filtered the search does.
    `address(query, limit, before, page)` gives the address that a search with these asks, "" for
    none, and `read(body)` the photos of what it answers: with both, answers of an earlier visit
    are read again, and not asked for again. The search itself is made of these two then.
    """

    def search(self, query: str, limit: int, before: int | None) -> Sequence[Photo]:
        """Find photos for `query`.

        Args:
            query: words, as a person would type them; what else they hold, such as the "-" of
                "-cat", has no meaning (`Capabilities.syntax`).
            limit: how many photos at most.
            before: only photos uploaded before this Unix time in seconds; None for no bound.

        Returns:
            The photos; a `Page` of them where the service says whether it has more.
        """

    def thumbnail(self, photo: Photo) -> bytes:
        """Fetch a small version of `photo`, as an encoded image file."""


class Page(list[Photo]):
    """The photos of an answer, where the service says whether it has more for the same words.

    An answer may have fewer than were asked for, and there are more all the same: photos are left
    out that are gone, or that lack what is needed here.

    Attributes:
        more: whether there are others after these; None where it does not say.
    """

    def __init__(self, photos: Iterable[Photo], more: bool | None) -> None:
        super().__init__(photos)
        self.more = more


def more_of(photos: Sequence[Photo]) -> bool | None:
    """Whether there are more after these, as far as the service says: see `Page`."""
    return photos.more if isinstance(photos, Page) else None


class Runner(Protocol):
    """How a source's plain functions are run so that several can be under way at once."""

    async def __call__(self, function: Callable[..., T], /, *args: object) -> T:
        """Return what `function(*args)` returns, or raise what it raises."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a service can do, and how much it lets itself be asked.

    Attributes:
        name: short and unchanging, as in `Photo.source`: "flickr".
        title: as it is shown: "Flickr".
        dates: whether `search` obeys `before`.
        pages: how many pages deep an answer can be turned; where more than 1, `search` takes a
            fourth argument `page`, counted from 1.
        per_call: how many photos to ask for in a call.
        at_once: how many calls may be under way.
        per_minute, per_day: how many calls it takes; None where it sets no such limit.
        key: whether it takes a key that the person has to bring.
        filters: the fields of `lookalike.filters.Filters` that the service applies itself.
        syntax: what its search would not read as words. A tag is asked for without, and not at all
            where nothing is left of it.
    """

    name: str
    title: str
    dates: bool = False
    pages: int = 1
    per_call: int = 30
    at_once: int = 10
    per_minute: int | None = None
    per_day: int | None = None
    key: bool = False
    filters: frozenset[str] = frozenset()
    syntax: Syntax = WORDS


def capabilities(source: Source) -> Capabilities:
    """What a source says that it can do; for one that says nothing, the defaults."""
    can = getattr(source, "can", None)
    if isinstance(can, Capabilities):
        return can
    title = type(source).__name__
    return Capabilities(title.lower(), title)


@contextmanager
def costing_one_answer(source: Source) -> Iterator[None]:
    """Turn an error that nobody has reckoned with into one that costs a single answer.

    A source may have a bug, or meet an answer of a kind that was never seen.

    Raises:
        SourceError: anything went wrong within that is no `LookalikeError` by itself.
    """
    try:
        yield
    except LookalikeError:
        raise
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        raise SourceError(
            f"The code for {capabilities(source).title} broke down ({what})."
        ) from error


def asked_to_filter(source: Source, filters: Filters) -> Source:
    """Give the source with its service asked to filter what it can; itself where it cannot."""
    filtered: Callable[[Filters], Source] | None = getattr(source, "filtered", None)
    return filtered(filters) if filtered else source


def address_of(source: Source, query: str, limit: int, before: int | None, *page: int) -> str:
    """What address a search with these asks; "" for none, or where the source does not tell."""
    address: Callable[..., str] | None = getattr(source, "address", None)
    return address(query, limit, before, *page) if address else ""


def asks_alike(source: Source, query: str, url: str) -> bool:
    """Say whether a source would ask for these words as an address did: but for date and page."""
    can = capabilities(source)

    def parts(number: int) -> tuple[str, dict[str, str]]:
        before = number if can.dates else None
        page = (number,) if can.pages > 1 else ()
        return _parts(address_of(source, query, can.per_call, before, *page))

    try:
        with costing_one_answer(source):
            (base, asked), (_, other) = parts(1), parts(2)
    except SourceError:
        return False
    # What differs between two questions for the same words is the date and the page.
    free = {name for name in asked if asked[name] != other.get(name)}
    theirs, wanted = _parts(url)
    return theirs == base and all(
        wanted.get(name) == asked.get(name) for name in (asked.keys() | wanted.keys()) - free
    )


def _parts(url: str) -> tuple[str, dict[str, str]]:
    base, _, parameters = url.partition("?")
    return base, dict(parse_qsl(parameters, keep_blank_values=True))


def read_by(source: Source, body: bytes) -> Sequence[Photo]:
    """Read what the service has answered at an address; nothing where the source cannot.

    Raises:
        SourceError: it is no answer to a search.
    """
    read: Callable[[bytes], Sequence[Photo]] | None = getattr(source, "read", None)
    return read(body) if read else ()
