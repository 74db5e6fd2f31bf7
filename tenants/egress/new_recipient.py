"""Tell members that a recipient may get their data: all in one statement, and nobody of whom it gets nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from wardship.plugins.api import Audience, LegalBasis, Receives, recipient_words
from wardship.plugins.api.taxonomy import CATEGORIES, PURPOSES, is_special
from wardship.tenants.access import Access
from wardship.tenants.egress.allowed import contact_roles
from wardship.tenants.egress.notices import NEW_RECIPIENT
from wardship.tenants.installations.countries import countries_of
from wardship.tenants.installations.records import SELECT, SHARING, InstallationRecord, PlaceRecord, read_places
from wardship.tenants.members.fields import CONTACT
from wardship.tenants.notices.tell import Readers, tell_readers

# Of a member `m`, from $4 on: the installation, its member and group, who connected it or acts; the contacts' roles;
# and of each use its purpose, its category, whether it needs consent, whether explicit, and whether it is for
# contacts; the members for whom it is new.
_MAY_BE_SENT: Final = """
m.state = 'active' and ($5::uuid is null or m.id = $5) and ($14::uuid[] is null or m.id = any($14))
and m.id <> all($7::uuid[])
and ($6::uuid is null or exists (select from group_membership s
    join user_group g on g.organisation_id = $1 and g.id = s.group_id and g.archived_at is null
    where s.organisation_id = $1 and s.member_id = m.id and s.group_id = $6 and s.left_at is null))
and not exists (select from restriction r where r.organisation_id = $1 and r.member_id = m.id and r.category = ''
    and r.lifted_at is null)
and exists (select from unnest($9::text[], $10::text[], $11::boolean[], $12::boolean[], $13::boolean[])
        as u (purpose, category, needs_consent, is_explicit, is_for_contacts)
    where (not u.is_for_contacts or exists (select from role_assignment a where a.organisation_id = $1
        and a.member_id = m.id and a.role = any($8::text[])))
    and not exists (select from objection o where o.organisation_id = $1 and o.member_id = m.id
        and o.withdrawn_at is null and (o.installation_id is null or o.installation_id = $4)
        and (o.purpose = '' or o.purpose = u.purpose or starts_with(u.purpose, o.purpose || '.')))
    and (not u.needs_consent or exists (select from consent c where c.organisation_id = $1 and c.member_id = m.id
        and c.withdrawn_at is null and (c.installation_id is null or c.installation_id = $4) and c.purpose = u.purpose
        and not exists (select from consent_withdrawal w where w.organisation_id = $1 and w.consent_id = c.id
            and w.installation_id = $4)
        and (c.category = '' and not u.is_explicit or c.category = u.category
            or starts_with(c.category, u.category || '.') or starts_with(u.category, c.category || '.')))))
"""
_GROUP_PLACE: Final = 2
_BUT_PLACE: Final = 3
"""Where the group and those who are not told stand among the parameters of the condition above."""
_COUNTED: Final = "select count(*)"
_WHO: Final = " from member m where m.organisation_id = $1 and "
_COUNT: Final = _COUNTED + _WHO + re.sub(r"\$(\d+)", lambda found: f"${max(int(found[1]) - 2, 1)}", _MAY_BE_SENT)
_GRANTED: Final = (
    "select category, purpose from integration_grant where organisation_id = $1 and installation_id = $2"
    " and withdrawn_at is null"
)


_OF_GROUP: Final = (
    f"{SELECT} where organisation_id = $1 and audience = 'group' and group_id = $2 and state = any($3::text[])"
    " order by id"
)
# Sharing ones that members come to by a group, or by a role, rather than with the organisation.
_REACHED: Final = (
    f"{SELECT} where organisation_id = $1 and state = any($2::text[]) and ((audience = 'group' and $4 and exists ("
    "select from group_membership s where s.organisation_id = $1 and s.group_id = installation.group_id"
    " and s.member_id = any($3::uuid[]) and s.left_at is null)) or ($5 and manifest -> 'contacts' <> '[]'))"
    " order by id"
)


async def tell_of_recipients_by_group_or_role(
    access: Access, member_ids: Collection[UUID], columns: frozenset[str]
) -> None:
    """Tell members of recipients that get their data since they came into a group, or are a contact: a listener."""
    is_grouped, is_contact = "groups" in columns, CONTACT in columns
    if not (is_grouped or is_contact):
        return
    states = sorted(state.value for state in SHARING)
    found = await access.fetch_as(InstallationRecord, _REACHED, states, list(member_ids), is_grouped, is_contact)
    places = await read_places(access, [each.place_id for each in found]) if found else {}
    for installation in found:
        uses = await granted_uses(access, installation)
        once = str(installation.place_id)
        if installation.group_id is None:
            uses, once = [use for use in uses if use.audience is Audience.CONTACTS], f"{once}:contacts"
        new = NewRecipient(installation, uses, places[installation.place_id])
        await tell_new_recipient(access, new, once=once, members=member_ids)


class GroupRecipient(NamedTuple):
    """An integration of a group, and of how many of some people it would be sent data, were they in the group."""

    installation: InstallationRecord
    people: int


async def recipients_for(access: Access, group_id: UUID, member_ids: Collection[UUID]) -> list[GroupRecipient]:
    """Return what people would share with a group's integrations by being in it; nothing is changed."""
    states = sorted(state.value for state in SHARING)
    found = await access.fetch_as(InstallationRecord, _OF_GROUP, group_id, states) if member_ids else []
    return [GroupRecipient(each, await _count(access, each, member_ids)) for each in found]


async def _count(access: Access, installation: InstallationRecord, member_ids: Collection[UUID]) -> int:
    uses = _told(await granted_uses(access, installation))
    if not uses:
        return 0
    arguments = list(_arguments(access, installation, uses, member_ids))
    arguments[_GROUP_PLACE], arguments[_BUT_PLACE] = None, []
    count: int = await access.fetchval(_COUNT, *arguments)
    return count


async def granted_uses(access: Access, installation: InstallationRecord) -> list[Receives]:
    """Return what of the approved declaration is granted."""
    rows = await access.fetch(_GRANTED, installation.id)
    pairs = {(row["category"], row["purpose"]) for row in rows}
    return [entry for entry in installation.manifest.receives if (entry.category, entry.purpose) in pairs]


@dataclass(frozen=True, slots=True)
class NewRecipient:
    """What an installation may receive that is new for members.

    Attributes:
        installation: the recipient, with the declaration that holds now.
        uses: what is new.
        place: where the data goes from now on; None where it goes already, and more is received.
    """

    installation: InstallationRecord
    uses: Sequence[Receives]
    place: PlaceRecord | None = None


async def tell_new_recipient(
    access: Access, new: NewRecipient, *, once: str, members: Collection[UUID] | None = None
) -> None:
    """Tell members what an installation may receive of them, once for each event; who connected it or acts is not told.

    Args:
        access: who caused it.
        new: what is told.
        once: a word that tells the event from others there.
        members: for whom it is new; None for everybody of whom it may be sent something.
    """
    uses = _told(new.uses)
    if not uses:
        return
    installation, place, manifest = new.installation, new.place, new.installation.manifest
    readers = Readers(_MAY_BE_SENT, _arguments(access, installation, uses, members))
    await tell_readers(
        access,
        NEW_RECIPIENT,
        readers,
        target=("installation", installation.id),
        once=once,
        integration=manifest.name,
        recipient=place.recipient if place else manifest.vendor.legal_name,
        uses=sorted({_in_words(use) for use in uses}),
        countries=sorted(countries_of(manifest, json.loads(place.settings) if place else {})),
        onward=sorted({recipient_words(each) for use in uses for each in use.onward_recipients}),
        is_more=place is None,
    )


def _told(uses: Sequence[Receives]) -> list[Receives]:
    """Return those by which data of single members is sent or fetched."""
    return [use for use in uses if use.audience is not Audience.GROUPS]


def _arguments(
    access: Access, installation: InstallationRecord, uses: Sequence[Receives], members: Collection[UUID] | None
) -> tuple[object, ...]:
    caused_by = [each for each in (installation.installed_by, access.actor.member_id) if each is not None]
    return (
        installation.id,
        installation.member_id,
        installation.group_id,
        caused_by,
        contact_roles(installation.manifest),
        [use.purpose for use in uses],
        [use.category for use in uses],
        [use.legal_basis is LegalBasis.CONSENT for use in uses],
        [is_special(use.category) for use in uses],
        [use.audience is Audience.CONTACTS for use in uses],
        None if members is None else list(members),
    )


def _in_words(use: Receives) -> str:
    """Return a use as people read it."""
    category, purpose = CATEGORIES.get(use.category), PURPOSES.get(use.purpose)
    what, why = category.label if category else use.category, purpose.label if purpose else use.purpose
    whose = "; of contacts only" if use.audience is Audience.CONTACTS else ""
    return f"{what}, to {why} ({use.legal_basis.value.replace('_', ' ')}{whose})"
