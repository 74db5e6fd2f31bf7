"""Whether the database reads letters as Wardship does: its encoding, and what its default collation takes for a letter.

Erasure, redaction and search look for people in texts without regard to letter case. A database of the locale C knows
the letters of ASCII only, one of the encoding SQL_ASCII knows bytes: each would leave people in texts, or break their
names. Asked is what the database does, not how its locale is called: C.UTF-8, ICU and most languages are fine.
"""

from __future__ import annotations

from typing import ClassVar, Final

from wardship.core.database.soundness import Connection
from wardship.core.errors import WardshipError

_PROBES: Final = {
    "lower('ÉΩЖ') = 'éωж' and upper('éωж') = 'ÉΩЖ'": "does not know the letter case of É, Ω and Ж",
    "lower('I') = 'i' and upper('i') = 'I'": "takes I and i for different letters, as in Turkish",
    "'MAXÉ ЖУК' ~* 'maxé жук'": "finds no name in another letter case",
    "'é日กक' ~ '^[[:alnum:]_]{4}$'": "does not take é, 日, ก and क for letters",
    "length('é日') = 2 and position('日' in 'é日') = 2": "counts bytes for letters",
    "'a' <> 'A' and 'é' <> 'e'": "takes different letters for the same",
}
_BUILTIN: Final = 170000
"""PostgreSQL 17 brought a locale of its own, the same on every machine."""


class UnfitDatabaseError(WardshipError):
    """The database reads letters otherwise than Wardship: make one anew as the message says, and restore into it."""

    code: ClassVar[str] = "UNFIT_DATABASE"


async def check_locale(connection: Connection) -> None:
    """Refuse a database in which people would not be found in texts.

    Raises:
        UnfitDatabaseError: naming what is wrong, and the command that makes a database that is not.
    """
    if fault := await locale_fault(connection):
        raise UnfitDatabaseError(fault)


async def locale_fault(connection: Connection) -> str | None:
    """Return what is wrong with encoding or locale, and the remedy; None when both are fit."""
    (row,) = await connection.fetch(
        "select current_setting('server_encoding') as encoding, current_setting('server_version_num')::int as version"
    )
    faults = [f"has the encoding {row['encoding']} instead of UTF8"] if row["encoding"] != "UTF8" else []
    if not faults:
        (found,) = await connection.fetch(f"select {', '.join(f'({probe})' for probe in _PROBES)}")
        faults = [fault for is_fit, fault in zip(found.values(), _PROBES.values(), strict=True) if not is_fit]
    return f"The database {'; '.join(faults)}. {remedy(row['version'])}" if faults else None


def remedy(version: int) -> str:
    """Return how a fit database is made on a PostgreSQL of this version, as ``server_version_num`` has it."""
    locale = (
        "--locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C"
        if version >= _BUILTIN
        else "--locale-provider=icu --icu-locale=und --locale=C"
    )
    return (
        "Make one with `createdb --template=template0 --encoding=UTF8"
        f" {locale} --owner=wardship_owner …` and restore a dump into it: see docs/deployment.md."
    )
