"""The photo services that the page may talk to: where their APIs are, and their pictures.

What is not listed here no page can reach: the origins become its Content-Security-Policy.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lookalike_build.steps import BuildError


@dataclass(frozen=True, slots=True)
class Service:
    """One photo service.

    Attributes:
        name: as its source calls itself.
        url: the base of its API, for config.json.
        origins: every origin that the page may connect to for it.
    """

    name: str
    url: str
    origins: tuple[str, ...]

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
        return Service(self.name, url, (match[1] + match[2],))


FLICKR = Service(
    "flickr",
    "https://api.flickr.com/services/rest/",
    ("https://api.flickr.com", "https://live.staticflickr.com", "https://*.staticflickr.com"),
)
# What it has from others than Flickr comes through thumbnails of its own.
OPENVERSE = Service(
    "openverse",
    "https://api.openverse.org/v1/images/",
    ("https://api.openverse.org", "https://live.staticflickr.com", "https://*.staticflickr.com"),
)
COMMONS = Service(
    "commons",
    "https://commons.wikimedia.org/w/api.php",
    (
        "https://commons.wikimedia.org",
        "https://upload.wikimedia.org",
        "https://thumb.wikimedia.org",
    ),
)
WELLCOME = Service(
    "wellcome",
    "https://api.wellcomecollection.org/catalogue/v2/images",
    ("https://api.wellcomecollection.org", "https://iiif.wellcomecollection.org"),
)
SERVICES = (OPENVERSE, COMMONS, FLICKR, WELLCOME)


def configured(services: Iterable[Service]) -> dict[str, str]:
    """What config.json says of them: "NAME_url" and the base of the API."""
    return {f"{service.name}_url": service.url for service in services}


def origins(services: Iterable[Service]) -> str:
    """Their origins, each once, parted by spaces, as the policy wants them."""
    return " ".join(dict.fromkeys(origin for service in services for origin in service.origins))
