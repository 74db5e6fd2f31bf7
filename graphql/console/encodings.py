"""Which content coding to answer in (RFC 9110, section 12.5.3)."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Final

SUFFIXES: Final = {"br": ".br", "gzip": ".gz"}
"""What the build writes beside a file, by the coding that it is; the shorter one first."""
IDENTITY: Final = "identity"
_ANY: Final = "*"
_ALIASES: Final = {"x-gzip": "gzip"}


def chosen_encoding(accept: str | None, available: Collection[str]) -> str:
    """Return the coding to answer in, or ``identity``.

    The client's wish comes first, then the order of ``SUFFIXES``. Who accepts nothing that is there is given the file
    as it is, as section 12.5.3 recommends: a page without its scripts would help nobody.

    Args:
        accept: the header Accept-Encoding; without one the file is given as it is, which everybody can read.
        available: the codings that the file has been written in.
    """
    wished = _qualities(accept or "")
    offered = [coding for coding in SUFFIXES if coding in available]
    best = max(offered, key=lambda coding: _quality(wished, coding), default=IDENTITY)
    return best if _quality(wished, best) > 0 and _quality(wished, best) >= wished.get(IDENTITY, 0.0) else IDENTITY


def _quality(wished: dict[str, float], coding: str) -> float:
    return wished.get(coding, wished.get(_ANY, 0.0))


@lru_cache(maxsize=256)
def _qualities(accept: str) -> dict[str, float]:
    """Return what is wished for, by coding; of one that is named twice, what was said last."""
    return dict(_wish(part) for part in accept.lower().split(",") if part.strip())


def _wish(text: str) -> tuple[str, float]:
    coding, *parameters = (part.strip() for part in text.split(";"))
    pairs = {name.strip(): value for name, _, value in (part.partition("=") for part in parameters)}
    try:
        quality = float(pairs.get("q", "1"))
    except ValueError:
        quality = 0.0
    return _ALIASES.get(coding, coding), quality if 0 <= quality <= 1 else 0.0
