"""Answers as they came, without keys and without what belongs to their owners, as new fixtures."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from live_services.wire import Answer

PRIVATE = frozenset(
    {
        *("creator", "creator_url", "attribution", "title", "foreign_landing_url"),  # Openverse
        *("user", "Artist", "Attribution", "Credit", "ObjectName", "ImageDescription"),  # Commons
        *("descriptionurl", "descriptionshorturl"),
        *("owner", "ownername", "realname", "pathalias", "description", "username", "location"),
        *("nsid", "path_alias", "email", "name_of_owner"),
    }
)
"""Fields that tell of a person, or hold their words; values keep their type."""

_SECRETS = frozenset({"api_key", "key", "token", "access_token", "wskey", "auth_token"})
_HEADERS = re.compile(
    r"access-control-|x-ratelimit-|retry-after$|content-type$|cache-control$|location$|vary$"
)


def written(answers: Iterable[Answer], folder: Path, key: str = "") -> list[Path]:
    """Write answers to files, one for each kind of question; give their names.

    Args:
        answers: as `Wire` has them.
        folder: is made where it is not there.
        key: whatever else is left out, this is, wherever it stands.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, answer in enumerate(answers, 1):
        record = {
            "url": without_secrets(answer.url),
            "status": answer.status,
            "headers": {n: v for n, v in sorted(answer.headers.items()) if _HEADERS.match(n)},
            "body": _body(answer),
        }
        text = json.dumps(record, indent=1, ensure_ascii=False)
        if key:
            text = text.replace(key, "KEY")
        path = folder / f"{number:02d}_{answer.status}.json"
        path.write_text(text + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def without_secrets(url: str) -> str:
    """An address whose keys are not told."""
    parts = urlsplit(url)
    query = [(n, "KEY" if n in _SECRETS else v) for n, v in parse_qsl(parts.query, True)]
    return parts._replace(query=urlencode(query)).geturl()


def _body(answer: Answer) -> Any:
    kind = answer.headers.get("content-type", "")
    if kind.startswith("image/"):
        return {"picture": kind, "bytes": len(answer.body)}
    try:
        return scrubbed(json.loads(answer.body))
    except ValueError:
        return answer.body[:2000].decode(errors="replace")


def scrubbed(value: Any, name: str = "") -> Any:
    """A copy in which every private field has a value that says nothing, of the same type."""
    if name in PRIVATE and value not in (None, "", [], {}):
        return _same_shape(value, name)
    if isinstance(value, dict):
        return {field: scrubbed(inner, field) for field, inner in value.items()}
    if isinstance(value, list):
        return [scrubbed(inner) for inner in value]
    return value


def _same_shape(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {field: _same_shape(inner, field) for field, inner in value.items()}
    if isinstance(value, list):
        return [_same_shape(inner, name) for inner in value]
    if isinstance(value, str):
        return "https://example.org/" if value.startswith("http") else f"({name})"
    return value
