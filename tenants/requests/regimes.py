"""What the law of the person's country says: how long a request may take, and where to complain (requirement D7).

Both are tables, not code: ``regimes.json`` and ``authorities.json``.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

import msgspec

_MONTHS_OF_YEAR = 12


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A span as laws state it: calendar months and days."""

    months: int = 0
    days: int = 0

    def __bool__(self) -> bool:
        return bool(self.months or self.days)

    def after(self, moment: datetime) -> datetime:
        """Return the moment this span later; the 31st becomes the last day of a shorter month."""
        index = moment.month - 1 + self.months
        year, month = moment.year + index // _MONTHS_OF_YEAR, index % _MONTHS_OF_YEAR + 1
        day = min(moment.day, calendar.monthrange(year, month)[1])
        return moment.replace(year=year, month=month, day=day) + timedelta(days=self.days)


class Regime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One law's clock.

    Attributes:
        key: how the request remembers it.
        name: law and article.
        first: from the day of asking.
        extension: at most so much later, once, for a stated reason; empty where the law knows none.
        countries: ISO 3166 codes of residence where it applies.
        days_setting: the organisation's setting that may shorten ``first``, in days.
    """

    key: str
    name: str
    first: Span
    extension: Span
    countries: tuple[str, ...]
    days_setting: str | None = None

    def due_at(self, submitted_at: datetime, organisation_settings: Mapping[str, object]) -> datetime:
        """Return when a request is due; an organisation may promise less time than the law allows, never more."""
        promised = organisation_settings.get(self.days_setting) if self.days_setting else None
        by_law = self.first.after(submitted_at)
        if isinstance(promised, int) and promised > 0:
            return min(by_law, Span(days=promised).after(submitted_at))
        return by_law


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    default: str
    regimes: tuple[Regime, ...]


@cache
def _table() -> _Table:
    text = files("wardship.tenants.requests").joinpath("regimes.json").read_bytes()
    return msgspec.json.decode(text, type=_Table)


def regime_of(country: str) -> Regime:
    """Return the regime of a country of residence; elsewhere, and where it is unknown, the default."""
    table = _table()
    return next((item for item in table.regimes if country in item.countries), regime(table.default))


def regime(key: str) -> Regime:
    """Return the regime of this key.

    Raises:
        KeyError: the table has none.
    """
    found = next((item for item in _table().regimes if item.key == key), None)
    if found is None:
        raise KeyError(key)
    return found


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
