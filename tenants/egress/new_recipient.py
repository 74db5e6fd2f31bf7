"""Tell members that a recipient may get their data: all in one statement, and nobody of whom it gets nothing."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Final

from wardship.plugins.api import Audience, Direction, LegalBasis, Receives
from wardship.plugins.api.taxonomy import CATEGORIES, PURPOSES, is_special
from wardship.tenants.access import Access
from wardship.tenants.egress.allowed import contact_roles
from wardship.tenants.egress.notices import NEW_RECIPIENT
from wardship.tenants.installations.countries import countries_of
from wardship.tenants.installations.records import InstallationRecord, PlaceRecord
from wardship.tenants.notices.tell import Readers, tell_readers

# Of a member `m`, from $4 on: the installation, its member and group, who connected it or acts; the contacts' roles;
# and of each use its purpose, its category, whether it needs consent, whether explicit, and whether it is for contacts.
_MAY_BE_SENT: Final = """
m.state = 'active' and ($5::uuid is null or m.id = $5)
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
_GRANTED: Final = (
    "select category, purpose from integration_grant where organisation_id = $1 and installation_id = $2"
    " and withdrawn_at is null"
)


async def granted_uses(access: Access, installation: InstallationRecord) -> list[Receives]:
    """Return what of the approved declaration is granted."""
    rows = await access.fetch(_GRANTED, installation.id)
    pairs = {(row["category"], row["purpose"]) for row in rows}
    return [entry for entry in installation.manifest.receives if (entry.category, entry.purpose) in pairs]


async def tell_new_recipient(
    access: Access,
    installation: InstallationRecord,
    uses: Sequence[Receives],
    *,
    once: str,
    place: PlaceRecord | None = None,
) -> None:
    """Tell members what an installation may receive of them, once for each event; who connected it or acts is not told.

    Args:
        access: who caused it.
        installation: the recipient, with the declaration that holds now.
        uses: what is new for the members.
        once: a word that tells the event from others there.
        place: where the data goes from now on; None where it goes already, and more is received.
    """
    uses = [use for use in uses if use.direction is not Direction.PULL and use.audience is not Audience.GROUPS]
    if not uses:
        return
    manifest = installation.manifest
    settings = json.loads(place.settings) if place else {}
    await tell_readers(
        access,
        NEW_RECIPIENT,
        Readers(_MAY_BE_SENT, _arguments(access, installation, uses)),
        target=("installation", installation.id),
        once=once,
        integration=manifest.name,
        recipient=place.recipient if place else manifest.vendor.legal_name,
        uses=sorted({_in_words(use) for use in uses}),
        countries=sorted(countries_of(manifest, settings)),
        onward=sorted({each for use in uses for each in use.onward_recipients}),
        is_more=place is None,
    )


def _arguments(access: Access, installation: InstallationRecord, uses: Collection[Receives]) -> tuple[object, ...]:
    caused_by = [each for each in (installation.installed_by, access.actor.member_id) if each is not None]
    special = [is_special(use.category) for use in uses]
    return (
        installation.id,
        installation.member_id,
        installation.group_id,
        caused_by,
        contact_roles(installation.manifest),
        [use.purpose for use in uses],
        [use.category for use in uses],
        [use.legal_basis is LegalBasis.CONSENT for use in uses],
        special,
        [use.audience is Audience.CONTACTS for use in uses],
    )


def _in_words(use: Receives) -> str:
    """Return a use as people read it."""
    category, purpose = CATEGORIES.get(use.category), PURPOSES.get(use.purpose)
    what, why = category.label if category else use.category, purpose.label if purpose else use.purpose
    return f"{what}, to {why} ({use.legal_basis.value.replace('_', ' ')})"
