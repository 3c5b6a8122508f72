"""What a photo service says of one photo, before anyone has looked at it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of a `Source`.

    Attributes:
        id: what the source calls it; unique within the source.
        title: its title, possibly empty. Titles, tags, names and credits are text for people, such
            as `lookalike.sources.reading` gives; they are never safe as HTML.
        tags: the words it is filed under, as the source spells them, without repeats.
        thumb_url: where a small version of it is fetched from.
        page_url: its page on the service, which a shown result links to; empty where there is none.
        owner: who took it, by the name they chose.
        owner_id: who took it, by the service's identifier; two photos of one person share it.
        license: the licence's short name, such as "CC BY 2.0".
        width, height: of the thumbnail in pixels, 0 where the source does not say.
        uploaded: Unix time in seconds, or None where the source does not say.
        source: the short name of the service that it is from, such as "openverse"; of a
            collection, "collection:ID".
        license_url: where the licence can be read; empty where the source does not say.
        attribution: one line of credit, as the service wants it shown; plain text.
        full_width, full_height: of the original in pixels, 0 where the source does not say.
        sensitive: whether the source marks it as unsafe, mature or sensitive.
        large_url: where a larger version is fetched from when somebody opens the photo; empty where
            no answer names one.
    """

    id: str
    title: str = ""
    tags: tuple[str, ...] = ()
    thumb_url: str = ""
    page_url: str = ""
    owner: str = ""
    owner_id: str = ""
    license: str = ""
    width: int = 0
    height: int = 0
    uploaded: int | None = None
    source: str = ""
    license_url: str = ""
    attribution: str = ""
    full_width: int = 0
    full_height: int = 0
    sensitive: bool = False
    large_url: str = ""
