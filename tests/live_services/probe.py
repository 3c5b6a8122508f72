"""One service as it is looked at: through its source, and by the addresses of its errors."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from live_services.findings import Finding
from live_services.wire import Answer, Wire
from lookalike.errors import LookalikeError, SourceError
from lookalike.filters import Filters
from lookalike.images import open_image
from lookalike.photo import Photo
from lookalike.sources.source import Source, asked_to_filter, capabilities

Row = dict[str, Any]


@dataclass(frozen=True)
class Refusal:
    """A question that is refused, on purpose.

    Attributes:
        what: what is asked.
        url: the whole address.
        status: the status of the answer.
        words: what a text in it holds.
        means: what it means for a person where it is not so.
    """

    what: str
    url: str
    status: int
    words: str
    means: str


@dataclass(frozen=True)
class Service:
    """What is taken for granted of one service.

    Attributes:
        source: what searches it.
        rows: the photos in an answer, as they were sent.
        shape: the types of a row's fields, by their names, parted by dots.
        refusals: see `Refusal`.
        limits: headers that tell its limits, natively, and their values.
        gone: the address of a picture that is not there, from a photo that is.
        thumbnail: whether a picture of this size is what is expected of a photo.
        needed: fields that may not be missing.
        marks: whether it says which photos are sensitive.
        other: a second address of a photo's picture, which is asked where the first one fails; "".
        widths: questions for pictures that are refused, made from a photo.
    """

    source: Source
    rows: Callable[[Row], list[Row]]
    shape: Mapping[str, tuple[type, ...]]
    refusals: tuple[Refusal, ...]
    gone: Callable[[Photo], str]
    thumbnail: Callable[[Photo, tuple[int, int]], bool]
    limits: Mapping[str, str] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    marks: bool = False
    other: Callable[[Photo], str] = lambda photo: ""
    widths: Callable[[Photo], tuple[Refusal, ...]] = lambda photo: ()


@dataclass(frozen=True)
class Found:
    """What a search brought: photos, the rows they were read from, and the answer."""

    photos: list[Photo]
    rows: list[Row]
    answer: Answer


class Probe:
    """Asks one service, and collects what is found."""

    def __init__(self, service: Service, wire: Wire):
        self.service, self.wire = service, wire
        self.can = capabilities(service.source)
        self.findings: list[Finding] = []

    def tell(self, what: str, held: bool | None, saw: str, means: str) -> None:
        """Note a finding."""
        self.findings.append(Finding(self.can.name, what, held, saw, means))

    def search(
        self,
        words: str = "cat",
        filters: Filters | None = None,
        before: int | None = None,
        page: int = 1,
    ) -> Found:
        """Search, as the product does.

        Raises:
            SourceError: as the source does.
        """
        source = asked_to_filter(self.service.source, filters or Filters())
        pages = (page,) if self.can.pages > 1 else ()
        photos = list(source.search(words, self.can.per_call, before, *pages))
        answer = self.wire.answers[-1]
        try:
            rows = self.service.rows(json.loads(answer.body))
        except (ValueError, AttributeError, TypeError):
            rows = []
        return Found(photos, rows, answer)

    def picture(self, photo: Photo) -> tuple[Image.Image | None, list[Answer], str]:
        """Fetch a thumbnail: the picture, the answers that it took, and what went wrong."""
        before = len(self.wire.answers)
        try:
            image = open_image(self.service.source.thumbnail(photo))
        except LookalikeError as error:
            return None, self.wire.answers[before:], str(error)
        return image, self.wire.answers[before:], ""


def at(row: Row, path: str) -> Any:
    """The value at a path such as "extmetadata.Artist.value"; `MISSING` where there is none."""
    value: Any = row
    for name in path.split("."):
        if isinstance(value, list):
            value = value[0] if value else MISSING
        if not isinstance(value, dict) or name not in value:
            return MISSING
        value = value[name]
    return value


MISSING = object()


def inner_rows(answer: Row, name: str) -> list[Row]:
    """The objects in a field that is a list, or an object by their keys; else none."""
    value = answer.get(name)
    values = list(value.values()) if isinstance(value, dict) else value
    return [row for row in values if isinstance(row, dict)] if isinstance(values, list) else []


def is_image(body: bytes) -> bool:
    """Whether it is a picture."""
    try:
        Image.open(io.BytesIO(body)).verify()
    except Exception:  # noqa: BLE001 - Pillow raises many kinds
        return False
    return True


def attempted(call: Callable[[], Found]) -> tuple[Found | None, str]:
    """Make a search that may fail; give what it found, or what was wrong."""
    try:
        return call(), ""
    except SourceError as error:
        return None, str(error)
