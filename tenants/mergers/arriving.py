"""What follows where an organisation has come: what would widen stands still, and everybody is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.groups.rules.resting import rest_rules
from wardship.tenants.installation_lifecycle.holding import hold_widened
from wardship.tenants.invitations.inheriting import inherit_invitations
from wardship.tenants.mergers.accepting import EVERYBODY
from wardship.tenants.mergers.notices import GROUP_RULES_REST, INTEGRATIONS_HELD, MERGER_DONE
from wardship.tenants.mergers.records import MergerRecord
from wardship.tenants.notices import tell_everybody, tell_permitted
from wardship.tenants.organisations.settings import read_settings
from wardship.tenants.permissions import Permission

_CHANGED: Final = "select to_id from merged_membership where merger_id = $1 and is_changed order by to_id"
_INSTALLATIONS: Final = "select id from installation where organisation_id = $1 and state <> 'removed'"
_INVITATIONS: Final = (
    "select id from invitation where organisation_id = $1 and accepted_at is null and revoked_at is null"
)
_DECISIVE: Final = frozenset({"state", "groups", "roles"})


@dataclass(frozen=True, slots=True)
class Came:
    """What an organisation brings along, as it was before.

    Attributes:
        installations: those that are there.
        invitations: those that are open.
        forbade: the countries in which nothing might be stored.
    """

    installations: list[UUID]
    invitations: list[UUID]
    forbade: tuple[str, ...]


async def read_coming(here: Access) -> Came:
    """Return what an organisation is about to bring along."""
    settings = read_settings(await here.fetchval("select settings from organisation where id = $1"))
    return Came(await _ids(here, _INSTALLATIONS), await _ids(here, _INVITATIONS), settings.forbidden_countries)


async def arrive(there: Access, merger: MergerRecord, came: Came) -> None:
    """Hold what would widen, bring recipients in line where memberships changed, and tell everybody."""
    held, resting = await hold_widened(there, came.installations, came.forbade), await rest_rules(there)
    await inherit_invitations(there, came.invitations)
    changed = [row["to_id"] for row in await there.transaction.fetch(_CHANGED, merger.id)]
    if changed:
        for listener in there.services.nouns.member_listeners:
            await listener(there, changed, _DECISIVE)
    await tell_everybody(there, MERGER_DONE, states=EVERYBODY, merging=merger.source_name, joined=merger.target_name)
    for kind, count in ((INTEGRATIONS_HELD, held), (GROUP_RULES_REST, resting)):
        if count:
            permission, target = Permission(kind.needs), ("merger", merger.id)
            await tell_permitted(there, kind, permission, target=target, count=count, merging=merger.source_name)


async def _ids(here: Access, sql: str) -> list[UUID]:
    return [row["id"] for row in await here.fetch(sql)]
