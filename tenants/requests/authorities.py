"""Where a person complains (requirement D7): data protection authorities by country, read from ``authorities.json``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec


class Authority(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One supervisory authority: country (ISO 3166), its own name, and its website."""

    country: str
    name: str
    website: str


@cache
def _authorities() -> dict[str, Authority]:
    text = files("wardship.tenants.requests").joinpath("authorities.json").read_bytes()
    return {item.country: item for item in msgspec.json.decode(text, type=list[Authority])}


def authorities_for(countries: Iterable[str]) -> list[Authority]:
    """Return the authorities of the countries of residence, work and infringement, each once, known ones only."""
    known = _authorities()
    return [known[country] for country in dict.fromkeys(countries) if country in known]
