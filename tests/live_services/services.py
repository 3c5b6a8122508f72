"""What is taken for granted of Openverse, Wikimedia Commons and Flickr; sources are in py/."""

import re
from urllib.parse import urlencode

from live_services.probe import Refusal, Service, inner_rows
from lookalike.photo import Photo
from lookalike.sources import commons, flickr, openverse, wellcome
from lookalike.sources.commons import Commons
from lookalike.sources.flickr import Flickr
from lookalike.sources.openverse import Openverse
from lookalike.sources.wellcome import Wellcome

NONE = type(None)


def of_openverse(url: str = openverse.API_URL) -> Service:
    """Openverse, at the base of its API for images."""
    own = url.rstrip("/")
    nothing = "00000000-0000-4000-8000-000000000000"
    return Service(
        Openverse(url),
        rows=lambda answer: inner_rows(answer, "results"),
        shape={
            "id": (str,),
            "title": (str, NONE),
            "creator": (str, NONE),
            "creator_url": (str, NONE),
            "url": (str,),
            "foreign_landing_url": (str,),
            "license": (str,),
            "license_version": (str, NONE),
            "license_url": (str, NONE),
            "provider": (str,),
            "attribution": (str, NONE),
            "width": (int, NONE),
            "height": (int, NONE),
            "mature": (bool,),
            "unstable__sensitivity": (list,),
            "tags": (list, NONE),
            "tags.name": (str,),
            "tags.accuracy": (float, int, NONE),
        },
        needed=("id", "url", "foreign_landing_url", "license", "provider", "mature"),
        limits={
            "x-ratelimit-limit-anon_burst": "20/min",
            "x-ratelimit-limit-anon_sustained": "200/day",
        },
        refusals=(
            Refusal(
                "more than 20 photos a call",
                f"{url}?{urlencode({'q': 'cat', 'page_size': 21})}",
                401,
                "detail",
                "Nothing is worse: calls could bring more photos.",
            ),
            Refusal(
                "a query of 201 characters",
                f"{url}?{urlencode({'q': 'x' * 201})}",
                400,
                "detail",
                "Nothing is worse: longer tags could be asked for.",
            ),
            Refusal(
                "the 241st photo",
                f"{url}?{urlencode({'q': 'cat', 'page': 13, 'page_size': 20})}",
                401,
                "detail",
                "A tag could be turned deeper, or is refused in another way than is reckoned with.",
            ),
        ),
        gone=lambda photo: f"{own}/{nothing}/thumb/",
        marks=True,
        other=lambda photo: f"{own}/{photo.id}/thumb/",
        thumbnail=_flickrs_or_600,
    )


def _flickrs_or_600(photo, size):
    if "/thumb" not in photo.thumb_url:
        return max(size) <= 320
    return size[0] <= 600


def of_commons(url: str = commons.API_URL) -> Service:
    """Wikimedia Commons, at the address of its API."""
    asked = {"action": "query", "format": "json", "formatversion": 2, "origin": "*"}
    return Service(
        Commons(url),
        rows=lambda answer: [
            info | {"page": page}
            for page in inner_rows(answer.get("query") or {}, "pages")
            for info in inner_rows(page, "imageinfo")[:1]
        ],
        shape={
            "page.pageid": (int,),
            "page.title": (str,),
            "page.index": (int,),
            "url": (str,),
            "thumburl": (str,),
            "thumbwidth": (int,),
            "thumbheight": (int,),
            "descriptionurl": (str,),
            "width": (int,),
            "height": (int,),
            "user": (str,),
            "timestamp": (str,),
            "mime": (str,),
            "extmetadata": (dict, list),
            "extmetadata.Categories.value": (str,),
            "extmetadata.LicenseShortName.value": (str,),
            "extmetadata.Artist.value": (str,),
        },
        needed=("page.pageid", "page.title", "page.index", "url", "descriptionurl", "width"),
        refusals=(
            Refusal(
                "a search for nothing",
                f"{url}?{urlencode(asked | {'generator': 'search', 'gsrnamespace': 6})}",
                200,
                '"error"',
                "What goes wrong is not told in its words.",
            ),
        ),
        gone=lambda photo: _misnamed(photo.thumb_url),
        thumbnail=lambda photo, size: size[0] <= commons.THUMB_WIDTH,
        other=lambda photo: photo.thumb_url.replace(commons.THUMB_HOST, commons.UPLOAD_HOST),
        widths=_odd_width,
    )


def _odd_width(photo: Photo) -> tuple[Refusal, ...]:
    if "/330px-" not in photo.thumb_url:
        return ()
    return (
        Refusal(
            "a thumbnail of another width",
            photo.thumb_url.replace("/330px-", "/331px-"),
            400,
            "thumbnail",
            "Nothing is worse: other sizes could be asked for.",
        ),
    )


def _misnamed(url: str) -> str:
    """Write a name in an address that no picture has, in its folder and in its file."""
    file = url.rpartition("/")[2]
    name = file.partition("px-")[2] or file
    return url.replace(name, f"9{name}")


def of_flickr(url: str = flickr.API_URL, key: str = "") -> Service:
    """Flickr, at the base of its API, for somebody's key."""
    asked = {"format": "json", "nojsoncallback": 1, "method": "flickr.photos.search"}
    bad = urlencode(asked | {"api_key": "not a key", "text": "cat"})
    return Service(
        Flickr(url, key),
        rows=lambda answer: inner_rows(answer.get("photos") or {}, "photo"),
        shape={
            "id": (str,),
            "owner": (str,),
            "secret": (str,),
            "server": (str,),
            "title": (str, dict),
            "tags": (str,),
            "license": (str, int),
            "ownername": (str,),
            "dateupload": (str, int),
            "url_n": (str,),
            "width_n": (int, str),
            "height_n": (int, str),
        },
        needed=("id", "owner", "secret", "server", "title", "tags", "license", "dateupload"),
        refusals=(
            Refusal(
                "a key that is none",
                f"{url}?{bad}",
                200,
                '"code":100',
                "A wrong key is not told as such.",
            ),
            Refusal(
                "a search for nothing",
                f"{url}?{urlencode(asked | {'api_key': key})}",
                200,
                '"stat":"fail"',
                "What goes wrong is not told in its words.",
            ),
        ),
        gone=lambda photo: _misnamed(photo.thumb_url),
        thumbnail=lambda photo, size: max(size) <= 320,
    )


def of_wellcome(url: str = wellcome.API_URL) -> Service:
    """Wellcome Collection, at the address of its search of images."""
    return Service(
        Wellcome(url),
        rows=lambda answer: inner_rows(answer, "results"),
        shape={
            "id": (str,),
            "aspectRatio": (float, int),
            "thumbnail.url": (str,),
            "locations": (list,),
            "locations.url": (str,),
            "locations.license.id": (str,),
            "locations.license.label": (str,),
            "source": (dict,),
            "source.id": (str,),
            "source.title": (str,),
            "source.subjects": (list,),
            "source.subjects.label": (str,),
            "source.genres": (list,),
            "source.contributors": (list,),
            "source.contributors.agent.label": (str,),
        },
        needed=("id", "locations", "locations.url", "locations.license.id", "source"),
        refusals=(
            Refusal(
                "101 photos a call",
                f"{url}?{urlencode({'query': 'cat', 'pageSize': 101})}",
                400,
                "pageSize",
                "Nothing is worse: calls could bring more photos.",
            ),
        ),
        gone=lambda photo: re.sub(r"(\.\w+/full/)", r"9\1", photo.thumb_url),
        thumbnail=lambda photo, size: size[0] <= 400,
    )


MAKERS = {
    "openverse": of_openverse,
    "commons": of_commons,
    "flickr": of_flickr,
    "wellcome": of_wellcome,
}
