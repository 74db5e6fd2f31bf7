"""What somebody has let a client fetch before, and what is different now, in the words of the one generator."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from wardship.core.database.rows import Row, column
from wardship.core.sign_in.pages.page import Section, Table
from wardship.plugins.api import Manifest, RevocationPlan
from wardship.plugins.host.declaration_diff import all_differences
from wardship.plugins.host.differences import Difference, Effect
from wardship.tenants.access import Access
from wardship.tenants.installations.records import InstallationRecord, stored_manifest, stored_plan
from wardship.tenants.vendor_access.records import KnownClient, fetched_part

_HEADINGS: Final = ("What", "Before", "Now", "It takes")
_TAKES: Final = MappingProxyType({Effect.WIDER: "more", Effect.NARROWER: "less", Effect.OTHER: "neither more nor less"})
# An installation that was taken away and installed again, for the same people, asks for what the same client had.
_BEFORE: Final = """
    select coalesce(g.consented_at, g.created_at) as consented_at, g.ended_at, g.declared, g.declared_plan
    from vendor_grant g join installation i on i.organisation_id = $1 and i.id = g.installation_id
    where g.organisation_id = $1 and g.client_id = $2 and (i.member_id is not distinct from $4::uuid)
    order by g.installation_id = $3 desc, coalesce(g.consented_at, g.created_at) desc, g.id desc limit 1
"""


class EarlierConsent(Row):
    """The last consent to a client for the same people.

    Attributes:
        ended_at: None while it is open.
        declared: the declaration then; None where it was not kept yet.
    """

    __slots__ = ()

    consented_at: datetime = column("consented_at")
    ended_at: datetime | None = column("ended_at")
    declared: Manifest | None = column("declared", stored_manifest)
    plan: RevocationPlan | None = column("declared_plan", stored_plan)


async def earlier_consent(
    access: Access, client: KnownClient, installation: InstallationRecord
) -> EarlierConsent | None:
    """Return what was consented to before; the caller has checked who may see the installation."""
    return await access.fetchrow_as(EarlierConsent, _BEFORE, client.id, installation.id, installation.member_id)


def difference_words(earlier: EarlierConsent | None, installation: InstallationRecord) -> tuple[Section, ...]:
    """Return what is different from the last consent, as a table and as sentences; nothing the first time."""
    if earlier is None:
        return ()
    title = f"What is different since {_day(earlier.consented_at)}"
    if earlier.declared is None:
        unknown = "What was declared then was not kept: read all that follows."
        return (Section(title, (_what_holds(earlier), unknown)),)
    found = all_differences(
        fetched_part(earlier.declared),
        fetched_part(installation.manifest),
        old_plan=earlier.plan,
        new_plan=installation.plan,
    )
    if not found:
        return (Section(title, (_what_holds(earlier), "Nothing is different from what was allowed then.")),)
    rows = tuple(map(_row, found))
    sentences = tuple(difference.sentence for difference in found)
    return (Section(title, (_what_holds(earlier),), Table(_HEADINGS, rows), "The same in sentences", sentences),)


def _row(difference: Difference) -> tuple[str, ...]:
    return difference.what, difference.was or "nothing", difference.is_now or "nothing", _TAKES[difference.effect]


def _what_holds(earlier: EarlierConsent) -> str:
    if earlier.ended_at is None:
        return "It was let in then. If you cancel, that stays as it is: what is new is not fetched."
    return f"It was let in then, and that was ended on {_day(earlier.ended_at)}: nothing is fetched at present."


def _day(moment: datetime) -> str:
    at = moment.astimezone(UTC)
    return f"{at.day} {at:%B %Y}"
