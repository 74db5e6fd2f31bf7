"""Which media type to answer in (RFC 9110, section 12.5.1), and whether a request's body is JSON."""

from __future__ import annotations

from functools import lru_cache

RESPONSE_JSON = "application/graphql-response+json"
JSON = "application/json"
OFFERED = (JSON, RESPONSE_JSON)
"""In order of preference when the client likes both the same; JSON first, for clients that know nothing else."""


@lru_cache(maxsize=256)
def answer_type(accept: str | None) -> str | None:
    """Return the media type to answer in, or None when the client accepts neither."""
    if accept is None or not accept.strip():
        return JSON
    ranges = [_range(part) for part in accept.split(",")]
    best = max(OFFERED, key=lambda offered: (_quality(ranges, offered)[0], _preference(ranges, offered)))
    return best if _quality(ranges, best)[0] > 0 else None


def body_is_json(content_type: str | None) -> bool:
    """Return whether a body is declared as JSON in UTF-8."""
    if content_type == JSON:
        return True
    if content_type is None:
        return False
    media_type, parameters = _parsed(content_type)
    return media_type == JSON and parameters.get("charset", "utf-8").lower() in {"utf-8", "utf8"}


def _preference(ranges: list[tuple[str, float]], offered: str) -> tuple[int, int]:
    """Prefer what the client named over what a wildcard covers, then what it named first."""
    named = [position for position, (media_range, _) in enumerate(ranges) if media_range == offered]
    return (1, -named[0]) if named else (0, -OFFERED.index(offered))


def _quality(ranges: list[tuple[str, float]], offered: str) -> tuple[float, int]:
    """Return the quality of the most specific range that covers a type."""
    for specificity, pattern in ((2, offered), (1, offered.partition("/")[0] + "/*"), (0, "*/*")):
        qualities = [quality for media_range, quality in ranges if media_range == pattern]
        if qualities:
            return max(qualities), specificity
    return 0.0, -1


def _range(text: str) -> tuple[str, float]:
    media_range, parameters = _parsed(text)
    try:
        quality = float(parameters.get("q", "1"))
    except ValueError:
        quality = 0.0
    is_servable = parameters.get("charset", "utf-8").lower() in {"utf-8", "utf8"}
    return media_range, min(max(quality, 0.0), 1.0) if is_servable else 0.0


def _parsed(text: str) -> tuple[str, dict[str, str]]:
    media_type, *rest = text.split(";")
    pairs = (part.partition("=") for part in rest)
    parameters = {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}
    return media_type.strip().lower(), parameters
