"""The one function that builds records, and enters each in the ledger before it is sent (requirement C3).

What it decides by is read here too: grants, members, choices; for many members and installations at once.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

from wardship.core.actor import Role
from wardship.core.identifiers import uuid7
from wardship.plugins.api import Field, Identifier, IdentifierValue, Manifest, Record, SubjectRef
from wardship.plugins.api.contract import FIRST_CONTRACT
from wardship.tenants.access import Access
from wardship.tenants.egress.allowed import (
    AllowedField,
    Choices,
    Consented,
    DisclosureStatus,
    Terms,
    all_resting_fields,
    allowed_fields,
    countries_named,
    fetched_fields,
    filled_in,
    is_at_rest,
    is_in_audience,
)
from wardship.tenants.egress.locks import share_members
from wardship.tenants.egress.vendor_names import earlier_identifiers, open_name, with_earlier
from wardship.tenants.installations.records import InstallationRecord, PlaceRecord
from wardship.tenants.members.fields import member_fields

_CHOICES = """
select 'consent' as kind, member_id, purpose, category, installation_id, array(
        select w.installation_id from consent_withdrawal w where w.organisation_id = $1 and w.consent_id = consent.id
    ) as withdrawn_for from consent where organisation_id = $1 and member_id = any($2::uuid[]) and withdrawn_at is null
union all
select 'objection', member_id, purpose, '', installation_id, '{}' from objection
    where organisation_id = $1 and member_id = any($2::uuid[]) and withdrawn_at is null
union all
select 'restriction', member_id, '', category, null, '{}' from restriction
    where organisation_id = $1 and member_id = any($2::uuid[]) and lifted_at is null
"""


_STATE = "case when m.state = 'active' and m.concealed_at is not null then 'deactivated' else m.state end as state"
"""What is shared of somebody whose domain is lost rests, as if the membership were suspended."""

# A declaration that waits for approval is asked too: the plugin that is loaded says where data is stored from now on.
_TERMS = """
select w.id as installation_id, g.id, g.category, g.purpose,
    (select o.state = 'active' from organisation o where o.id = $1) as is_open, exists (
    select from organisation o, jsonb_array_elements_text(o.settings -> 'forbidden_countries') as country
    where o.id = $1 and (w.countries ? country or country = p.settings ->> w.country_setting)) as is_forbidden
from unnest($2::uuid[], $3::uuid[], $4::jsonb[], $5::text[]) as w (id, place_id, countries, country_setting)
join installation_place p on p.organisation_id = $1 and p.id = w.place_id
left join integration_grant g on g.organisation_id = $1 and g.installation_id = w.id and g.withdrawn_at is null
"""
PassingFields: TypeAlias = Callable[[Terms, Choices], tuple[AllowedField, ...]]
"""Which fields of a member pass."""


class DeliveryState(StrEnum):
    """What is known of a delivery. ``unknown`` counts as received until the opposite is proven."""

    SENDING = "sending"
    DELIVERED = "delivered"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True)
class GateDecision:
    """What the gate lets through of one member to one installation; ``record`` is there exactly when it is shared.

    Attributes:
        waits: whether nothing at all passes at present, because the organisation is suspended or leaves.
    """

    status: DisclosureStatus
    record: Record | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the decisions about some members and installations need.

    Attributes:
        terms: by installation.
        people: each member's row, with roles and the open groups that matter here.
    """

    terms: Mapping[UUID, Terms]
    people: Mapping[UUID, Mapping[str, Any]]
    _choices: Mapping[UUID, Sequence[Mapping[str, Any]]]

    def choices(self, installation: InstallationRecord, member_id: UUID) -> Choices:
        """Return one member's choices as far as they reach one installation."""
        person = self.people[member_id]
        reaching = [
            row
            for row in self._choices[member_id]
            if row["installation_id"] in {None, installation.id} and installation.id not in row["withdrawn_for"]
        ]
        of_kind: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in reaching:
            of_kind[row["kind"]].append(row)
        return Choices(
            state=person["state"],
            is_in_audience=is_in_audience(installation, person),
            roles=frozenset(Role(role) for role in person["roles"]),
            consents=frozenset(Consented(row["purpose"], row["category"]) for row in of_kind["consent"]),
            objections=frozenset(row["purpose"] for row in of_kind["objection"]),
            restrictions=frozenset(row["category"] for row in of_kind["restriction"]),
        )


async def read_facts(
    access: Access,
    installations: Sequence[InstallationRecord],
    member_ids: Collection[UUID],
    *,
    place_id: UUID | None = None,
) -> Facts:
    """Read in three statements what decides about these members at these installations; lock first (``locks``).

    Args:
        access: the caller.
        installations: which ones.
        member_ids: whose.
        place_id: the place of the one installation that is meant; None for the present place of each.
    """
    members = list(dict.fromkeys(member_ids))
    groups = [installation.group_id for installation in installations if installation.group_id]
    columns = ", ".join(f"m.{column}" for column in sorted({field.column for field in member_fields().values()}))
    people = await access.fetch(
        f"select m.id, {_STATE}, {columns},"  # noqa: S608 - columns come from our own registry
        " array(select r.role from role_assignment r where r.organisation_id = $1 and r.member_id = m.id) as roles,"
        " array(select s.group_id from group_membership s"
        "  join user_group g on g.organisation_id = $1 and g.id = s.group_id and g.archived_at is null"
        "  where s.organisation_id = $1 and s.member_id = m.id and s.left_at is null"
        "  and s.group_id = any($3::uuid[])) as groups"
        # One look-up for each: for `= any(…)` a plan made for all arguments may read a whole tenant's index.
        " from unnest($2::uuid[]) as w (id) cross join lateral ("
        "  select * from member m where m.organisation_id = $1 and m.id = w.id limit 1) m",
        members,
        groups,
    )
    choices: defaultdict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for row in await access.fetch(_CHOICES, members):
        choices[row["member_id"]].append(row)
    return Facts(await _terms(access, installations, place_id), {row["id"]: row for row in people}, choices)


async def _terms(
    access: Access, installations: Sequence[InstallationRecord], place_id: UUID | None
) -> dict[UUID, Terms]:
    manifests = [(each.manifest, _loaded(access, each) or each.manifest) for each in installations]
    rows = await access.fetch(
        _TERMS,
        [installation.id for installation in installations],
        [place_id or installation.place_id for installation in installations],
        [json.dumps(sorted(countries_named(old) | countries_named(new))) for old, new in manifests],
        [old.transfer.country_setting or new.transfer.country_setting for old, new in manifests],
    )
    forbidden = {row["installation_id"] for row in rows if row["is_forbidden"]}
    grants: defaultdict[UUID, dict[tuple[str, str], UUID]] = defaultdict(dict)
    for row in rows:
        if row["id"] is not None:
            grants[row["installation_id"]][row["category"], row["purpose"]] = row["id"]
    return {
        each.id: Terms(
            each.manifest,
            grants[each.id],
            _offered(access, each),
            is_forbidden=each.id in forbidden,
            is_open=all(row["is_open"] for row in rows),
        )
        for each in installations
    }


def _loaded(access: Access, installation: InstallationRecord) -> Manifest | None:
    return access.services.integrations.get(installation.integration_key).manifest


def _offered(access: Access, installation: InstallationRecord) -> frozenset[str] | None:
    """Return what the loaded plugin takes: an upgrade that waits for approval may have dropped something."""
    loaded = _loaded(access, installation)
    return None if loaded is None else frozenset(loaded.field_names)


def disclosure_status(facts: Facts, installation: InstallationRecord, member_id: UUID) -> DisclosureStatus:
    """Return what the vendor of an installation is to hold of a member."""
    choices = facts.choices(installation, member_id)
    terms, person = facts.terms[installation.id], facts.people[member_id]
    if is_at_rest(choices) or filled_in(all_resting_fields(terms, choices), person):
        return DisclosureStatus.RESTRICTED
    if filled_in(allowed_fields(terms, choices), person):
        return DisclosureStatus.SHARED
    return DisclosureStatus.FETCHED if filled_in(fetched_fields(terms, choices), person) else DisclosureStatus.ABSENT


async def authorise_disclosures(
    access: Access,
    installation: InstallationRecord,
    place: PlaceRecord,
    members: Mapping[UUID, UUID],
    attempts: Mapping[UUID, int],
) -> dict[UUID, GateDecision]:
    """Build the records of these members and enter them in the ledger, in the caller's transaction; by obligation.

    The caller holds the installation ``for share`` and has checked that it is sharing. Members are locked here, then
    read, so that a withdrawal that has committed before is seen (``locks``). Commit before anything is sent.

    Args:
        access: the system's own.
        installation: the recipient.
        place: where the records go.
        members: whose record is to be delivered, by obligation.
        attempts: which attempt that is, by obligation.
    """
    return await authorise(access, (installation, place), members, attempts, allowed_fields)


async def authorise(
    access: Access,
    where: tuple[InstallationRecord, PlaceRecord],
    members: Mapping[UUID, UUID],
    attempts: Mapping[UUID, int],
    passing_fields: PassingFields,
) -> dict[UUID, GateDecision]:
    """Do so for the fields that pass by a rule: those that are sent, or those that the vendor fetches."""
    installation, place = where
    ids = sorted(set(members.values()))
    await share_members(access, ids)
    facts = await read_facts(access, [installation], ids, place_id=place.id)
    if not facts.terms[installation.id].is_open:
        return {each: GateDecision(DisclosureStatus.ABSENT, waits=True) for each in members}
    allowed = {
        member_id: passing_fields(facts.terms[installation.id], facts.choices(installation, member_id))
        for member_id in facts.people
    }
    loaded = _loaded(access, installation)
    tells = loaded is not None and loaded.contract > FIRST_CONTRACT
    values = {
        member_id: filled_in(allowed[member_id], facts.people[member_id], tells_purposes=tells) for member_id in allowed
    }
    passing = {obligation_id: member_id for obligation_id, member_id in members.items() if values.get(member_id)}
    links = await _links(access, place, passing.values())
    declared = identifiers_of(access, installation)
    records = {
        each: _record(declared, subject_of(access, links[member_id]), values[member_id])
        for each, member_id in passing.items()
    }
    of_link = {each: links[member_id] for each, member_id in passing.items()}
    digests = {
        each: access.services.keys.fingerprint("identifiers", repr(records[each].subject.identifiers))
        for each in records
    }
    if any(of_link[each]["sent_digest"] != digest for each, digest in digests.items()):
        records = await with_earlier(access, declared, of_link, records, digests)
    contents = {each: _contents(access, records[each], allowed[member_id]) for each, member_id in passing.items()}
    await _enter(
        access,
        place,
        [
            (passing_fields is not allowed_fields, member_id, each, attempts[each], *contents[each])
            for each, member_id in passing.items()
        ],
    )
    return {
        each: GateDecision(DisclosureStatus.SHARED, records[each])
        if each in records
        else GateDecision(_status(facts, installation, member_id))
        for each, member_id in members.items()
    }


def _status(facts: Facts, installation: InstallationRecord, member_id: UUID) -> DisclosureStatus:
    if member_id not in facts.people:
        return DisclosureStatus.ABSENT
    return disclosure_status(facts, installation, member_id)


def identifiers_of(access: Access, installation: InstallationRecord) -> tuple[Identifier, ...]:
    """Return the identifiers that were approved and that the loaded plugin still takes."""
    loaded = _loaded(access, installation)
    approved = installation.manifest.identifiers
    return approved if loaded is None else tuple(each for each in approved if each in loaded.identifiers)


def _record(declared: Sequence[Identifier], subject: SubjectRef, fields: tuple[Field, ...]) -> Record:
    """Return a record whose identifiers are among its fields: declaring an identifier grants nothing by itself."""
    sent = {field.name: str(field.value) for field in fields}
    identifiers = tuple(each.present(sent[each.type.value]) for each in declared if each.type.value in sent)
    return Record(subject=subject.model_copy(update={"identifiers": identifiers}), fields=fields)


async def _links(access: Access, place: PlaceRecord, member_ids: Collection[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """Return the links by which members are known at a place, new ones for those it has never heard of."""
    members = sorted(set(member_ids))
    rows = await access.fetch(
        "insert into subject_link (organisation_id, id, created_at, installation_id, place_id, member_id, subject_ref,"
        " state) select $1, n.id, $2, $3, $4, n.member_id, n.reference, 'shared'"
        " from unnest($5::uuid[], $6::uuid[], $7::text[]) as n (id, member_id, reference)"
        " on conflict (organisation_id, installation_id, member_id, place_id) do update set state = 'shared'"
        " returning id, member_id, subject_ref, known_as, sent_as, sent_digest",
        access.now,
        place.installation_id,
        place.id,
        [uuid7() for _ in members],
        members,
        [secrets.token_hex(16) for _ in members],
    )
    return {row["member_id"]: row for row in rows}


def subject_of(
    access: Access,
    link: Mapping[str, Any],
    identifiers: tuple[IdentifierValue, ...] = (),
    declared: Sequence[Identifier] = (),
) -> SubjectRef:
    """Return whom a call is about: by our reference, by the vendor's own name where it told one, by identifiers.

    Args:
        access: the system's own.
        link: a row of ``vendor_names.LINKS``.
        identifiers: those that the vendor has received.
        declared: those in the declared form by which the vendor may have the person from before.

    Raises:
        UnreadableSecretError: the name was encrypted under a key that this deployment does not have.
    """
    own = None if link["known_as"] is None else open_name(access, link["id"], link["known_as"])
    earlier = earlier_identifiers(access, link, declared, identifiers) if declared else ()
    return SubjectRef(id=link["subject_ref"], identifiers=identifiers, known_as=own, earlier=earlier)


async def _enter(access: Access, place: PlaceRecord, rows: Sequence[tuple[object, ...]]) -> None:
    """Write the ledger: the same record sent again for an obligation reuses its row, a different one gets its own."""
    await access.transaction.executemany(
        "insert into disclosure (organisation_id, id, created_at, installation_id, place_id, recipient, is_fetched,"
        " member_id, obligation_id, attempt, categories, fields, purposes, grant_ids, record_digest)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        " on conflict (organisation_id, obligation_id, record_digest)"
        " do update set attempt = excluded.attempt, state = 'sending', settled_at = null",
        [
            (
                access.organisation_id,
                uuid7(),
                access.now,
                place.installation_id,
                place.id,
                place.recipient,
                *row,
            )
            for row in rows
        ],
    )


def _contents(access: Access, record: Record, allowed: Sequence[AllowedField]) -> tuple[object, ...]:
    """Return what the ledger keeps of a record: categories, names of fields, purposes, grants, and a digest."""
    names = [field.name for field in record.fields]
    sent = [each for each in allowed if each.field.name in names]
    return (
        sorted({each.category for each in sent}),
        names,
        sorted({each.purpose for each in sent}),
        sorted({each.grant_id for each in sent}),
        # Keyed, because a plain hash of a name and an address could be guessed back after an erasure.
        access.services.keys.fingerprint("disclosure", record.model_dump_json()),
    )


async def settle_delivery(access: Access, obligation_id: UUID, attempt: int, state: DeliveryState) -> bool:
    """Note what became of the deliveries of an obligation that were under way up to an attempt; tell if any was."""
    touched = await access.execute(
        "update disclosure set state = $4, settled_at = $5"
        " where organisation_id = $1 and obligation_id = $2 and attempt <= $3 and state = 'sending'",
        obligation_id,
        attempt,
        state.value,
        access.now,
    )
    return touched > 0
