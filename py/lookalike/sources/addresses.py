"""Web addresses as services send them, made what a browser would make of them."""

import re
from urllib.parse import quote, urlsplit

_LONGEST = 2000
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# A host without its scheme, such as "flickr.com/photos" and "www.flickr.com"; "cat.jpg" is none.
_BARE_HOST = re.compile(
    r"www\.[\w.-]+(?=[/?#]|$)|[A-Za-z0-9](?:[A-Za-z0-9-]*\.)+[A-Za-z]{2,}(?=/)", re.IGNORECASE
)
_PART = "[a-z0-9]+(?:-[a-z0-9]+)*"
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}\.?")
# What nearly all addresses are, and a browser would not change.
_USUAL = re.compile(rf"https?://(?:{_PART}\.)+[a-z]{{2,}}/[A-Za-z0-9/._~-]*")
_KEPT = "!#$%&'()*+,/:;=?@[]~-._"


def normalised(value: str) -> str:
    r"""Give an address as a browser would use it; "" for what is none of http or https.

    Spaces around it, and line ends and tabs within, are left out; a missing scheme is https; scheme
    and host are in lower case; `\` is `/`; what is not ASCII, and spaces, are percent-encoded, a
    host by IDNA. See https://url.spec.whatwg.org/#url-parsing. An address with a user's name in it
    is none: no browser fetches one, and `https://flickr.com@evil.example` is there to deceive.
    """
    if len(value) <= _LONGEST and _USUAL.fullmatch(value):
        return value
    url = re.sub(r"[\t\n\r]", "", value.strip("".join(map(chr, range(33))) + "\xa0\u200b\ufeff"))
    if len(url) > _LONGEST:
        return ""
    head, mark, tail = re.match(r"([^?#]*)([?#]?)(.*)", url, re.DOTALL).groups()  # type: ignore[union-attr]
    url = head.replace("\\", "/") + mark + tail
    if url.startswith("//"):
        url = f"https:{url}"
    elif _BARE_HOST.match(url):
        url = f"https://{url}"
    scheme = _SCHEME.match(url)
    if not scheme or scheme[0].lower() not in ("http:", "https:"):
        return ""
    rest = url[scheme.end() :].lstrip("/")
    return _put_together(scheme[0].lower(), rest)


def _put_together(scheme: str, rest: str) -> str:
    host, path = re.match(r"([^/?#]*)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
    try:
        parts = urlsplit(f"{scheme}//{host}")
        name, port = parts.hostname or "", parts.port
        if parts.username is not None or "%" in name:
            return ""
        if not name.startswith("[") and ":" not in name:
            name = name.encode("idna").decode().lower() if not name.isascii() else name
            if not _HOST.fullmatch(name):
                return ""
        else:
            name = f"[{name}]"
        usual = {"http:": 80, "https:": 443}[scheme]
        place = name if port in (None, usual) else f"{name}:{port}"
        encoded = quote(_percent_signs(path), safe=_KEPT, errors="ignore")
    except ValueError:  # also UnicodeError
        return ""
    if not encoded.startswith("/"):
        encoded = f"/{encoded}"
    return f"{scheme}//{place}{encoded}"


def _percent_signs(path: str) -> str:
    """Encode a percent sign that begins no encoded character."""
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", path)
