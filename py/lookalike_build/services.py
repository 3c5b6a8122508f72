"""The photo services that the page may talk to: where their APIs are, and their pictures.

What is not listed here no page can reach: the origins become the courier's Content-Security-Policy,
and of requests to them it lets through those alone that a source declares.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from lookalike.sources.commons import Commons
from lookalike.sources.flickr import Flickr
from lookalike.sources.openverse import Openverse
from lookalike.sources.requests import MOST_WORDS, Requests
from lookalike.sources.source import Capabilities
from lookalike.sources.wellcome import Wellcome
from lookalike_build.steps import BuildError


@dataclass(frozen=True, slots=True)
class Service:
    """One photo service.

    Attributes:
        can, requests: what its source declares.
        url: the base of its API, for config.json.
        origins: every origin that the courier may connect to for it.
    """

    can: Capabilities
    requests: Requests = field(hash=False)
    url: str
    origins: tuple[str, ...]

    @property
    def name(self) -> str:
        """As its source calls itself."""
        return self.can.name

    def at(self, url: str) -> "Service":
        """The same service elsewhere, its API and its images on one origin.

        Raises:
            BuildError: the address is not one of http or https.
        """
        # What ends a source or a directive of the policy has no place in an address either.
        match = re.match(r"(https?://)(?:[^/@]*@)?([\w.-]+(?::\d+)?)(?=[/?]|$)", url)
        if not match or set(url) & set(" ;,'\""):
            option = f"--{self.name}-url"
            raise BuildError(f"{option} {url}: give a whole address, http://HOST:PORT/PATH")
        return replace(self, url=url, origins=(match[1] + match[2],))


FLICKR = Service(
    Flickr.can,
    Flickr.requests,
    "https://api.flickr.com/services/rest/",
    ("https://api.flickr.com", "https://live.staticflickr.com", "https://*.staticflickr.com"),
)
# What it has from others than Flickr comes through thumbnails of its own.
OPENVERSE = Service(
    Openverse.can,
    Openverse.requests,
    "https://api.openverse.org/v1/images/",
    ("https://api.openverse.org", "https://live.staticflickr.com", "https://*.staticflickr.com"),
)
COMMONS = Service(
    Commons.can,
    Commons.requests,
    "https://commons.wikimedia.org/w/api.php",
    (
        "https://commons.wikimedia.org",
        "https://upload.wikimedia.org",
        "https://thumb.wikimedia.org",
    ),
)
WELLCOME = Service(
    Wellcome.can,
    Wellcome.requests,
    "https://api.wellcomecollection.org/catalogue/v2/images",
    ("https://api.wellcomecollection.org", "https://iiif.wellcomecollection.org"),
)
SERVICES = (OPENVERSE, COMMONS, FLICKR, WELLCOME)


def configured(services: Iterable[Service]) -> dict[str, object]:
    """What config.json says of them.

    That is "NAME_url", the API's base; and of each what the page offers and the courier needs.
    """
    services = list(services)
    return {
        **{f"{service.name}_url": service.url for service in services},
        "services": [
            {
                **offered(service),
                "url": service.url,
                "most_words": MOST_WORDS,
                **service.requests.as_json(),
            }
            for service in services
        ],
    }


def offered(service: Service) -> dict[str, object]:
    """What the page says of a service: the `ServiceChoice` that the engine makes of its source."""
    can = service.can
    return {
        "name": can.name,
        "title": can.title,
        "key": can.key,
        "filters": sorted(can.filters),
        "per_minute": can.per_minute,
        "per_day": can.per_day,
    }


def origins(services: Iterable[Service]) -> str:
    """Their origins, each once, parted by spaces, as the policy wants them."""
    return " ".join(dict.fromkeys(origin for service in services for origin in service.origins))
