"""Decide what of a member one installation may receive: a pure function of what was declared, granted and chosen.

Allowed is what is declared, and granted, and neither objected to nor restricted, and consented to where the legal basis
is consent or the category is special, of an active member within the installation's audience (requirement C3), and
where the organisation forbids none of the countries in which it is stored (requirement B8).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import Any
from uuid import UUID

from wardship.core.actor import Role
from wardship.plugins.api import Audience, Cause, ContactKind, Direction, Field, Holder, LegalBasis, Manifest, Receives
from wardship.plugins.api.taxonomy import covers, is_special
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.members.fields import MemberField, member_fields

_CONTACT_ROLES = {
    ContactKind.BILLING: Role.BILLING_CONTACT,
    ContactKind.TECHNICAL: Role.TECHNICAL_CONTACT,
    ContactKind.ADMINISTRATIVE: Role.ADMINISTRATIVE_CONTACT,
}


class DisclosureStatus(StrEnum):
    """What the vendor is to hold of a member: a record, one that it fetches, one that it does not use, or nothing."""

    SHARED = "shared"
    FETCHED = "fetched"
    RESTRICTED = "restricted"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Terms:
    """What one installation may receive of anybody.

    Attributes:
        manifest: the declaration that was approved.
        grants: open grants by category and purpose.
        offered: names of the fields that the plugin of this server still takes; None for all of the declaration.
        is_forbidden: whether it stores data in a country where the organisation wants none.
        is_open: whether the organisation shares at all at present: not while it is suspended or leaves.
    """

    manifest: Manifest
    grants: Mapping[tuple[str, str], UUID]
    offered: frozenset[str] | None = None
    is_forbidden: bool = False
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Consented:
    """An open consent that reaches the installation; an empty category means all but special ones."""

    purpose: str
    category: str


@dataclass(frozen=True, slots=True)
class Choices:
    """One member, as far as sharing with one installation goes.

    Attributes:
        state: of the membership.
        is_in_audience: whether the installation is for this member.
        roles: the member's.
        consents: open ones that reach the installation.
        objections: purposes objected to at the installation; an empty one means every purpose.
        restrictions: restricted categories; an empty one means everything.
    """

    state: str
    is_in_audience: bool
    roles: frozenset[Role] = frozenset()
    consents: frozenset[Consented] = frozenset()
    objections: frozenset[str] = frozenset()
    restrictions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AllowedField:
    """One field that may be sent, and by which grant."""

    field: MemberField
    category: str
    purpose: str
    grant_id: UUID = dataclass_field(compare=False)


def is_at_rest(choices: Choices) -> bool:
    """Return whether a restriction of everything keeps a vendor from using what it has, whatever else the person chose.

    Who has it may be against an erasure, even of what is stored unlawfully (GDPR 18(1)(b)). It is taken back when the
    restriction ends.
    """
    return choices.is_in_audience and choices.state in {"active", "deactivated"} and "" in choices.restrictions


def resting_fields(terms: Terms, choices: Choices) -> tuple[AllowedField, ...]:
    """Return what a vendor may keep, without using it, of a member whose membership is suspended.

    That is what it might receive if the member were active: what a consent was withdrawn for, or objected to, is taken
    back from it as from anybody's.
    """
    if choices.state != "deactivated":
        return ()
    return allowed_fields(terms, replace(choices, state="active"))


def resting_fetched_fields(terms: Terms, choices: Choices) -> tuple[AllowedField, ...]:
    """Return what a vendor that fetches may keep, without using it, of a member whose membership is suspended."""
    if choices.state != "deactivated":
        return ()
    return fetched_fields(terms, replace(choices, state="active"))


def all_resting_fields(terms: Terms, choices: Choices) -> tuple[AllowedField, ...]:
    """Return both of what was sent and of what was fetched."""
    return resting_fields(terms, choices) + resting_fetched_fields(terms, choices)


def allowed_fields(terms: Terms, choices: Choices) -> tuple[AllowedField, ...]:
    """Return the fields of a member that may be sent, in the order of the declaration."""
    return _passing(terms, choices, is_fetched=False)


def fetched_fields(terms: Terms, choices: Choices) -> tuple[AllowedField, ...]:
    """Return the fields of a member that the vendor may fetch, in the order of the declaration."""
    return _passing(terms, choices, is_fetched=True)


def _passing(terms: Terms, choices: Choices, *, is_fetched: bool) -> tuple[AllowedField, ...]:
    if terms.is_forbidden or choices.state != "active" or not choices.is_in_audience:
        return ()
    return tuple(
        AllowedField(known, entry.category, entry.purpose, grant_id)
        for entry in terms.manifest.receives
        if (grant_id := terms.grants.get((entry.category, entry.purpose))) is not None
        and (entry.direction is Direction.PULL) is is_fetched
        and _is_for(entry, terms.manifest, choices)
        and not _is_objected(entry, choices)
        for name in entry.fields
        if (known := member_fields().get(name)) is not None
        and (terms.offered is None or name in terms.offered)
        and covers(entry.category, known.category)
        and not _is_restricted(known, choices)
        and _is_consented(entry, known, choices)
    )


def is_fetched_from(manifest: Manifest) -> bool:
    """Return whether a declaration says anything that the vendor fetches."""
    return any(entry.direction is Direction.PULL for entry in manifest.receives)


def absence_cause(terms: Terms, choices: Choices, sent_by: Collection[UUID]) -> Cause:
    """Return why a vendor may hold nothing of a member any more; of several reasons what the person chose comes first.

    Args:
        terms: what may be sent of anybody.
        choices: the member's.
        sent_by: the grants by which what is held was sent.
    """
    if choices.state not in {"active", "deactivated"} or not choices.is_in_audience:
        return Cause.AUDIENCE_LEFT if choices.state in {"active", "deactivated"} else Cause.MEMBERSHIP_ENDED
    granted = [
        entry
        for entry in terms.manifest.receives
        if terms.grants.get((entry.category, entry.purpose)) in sent_by and _is_for(entry, terms.manifest, choices)
    ]
    known = [(entry, field) for entry in granted for name in entry.fields if (field := member_fields().get(name))]
    holds = {
        Cause.OBJECTION: any(_is_objected(entry, choices) for entry in granted),
        Cause.CONSENT_WITHDRAWN: any(not _is_consented(entry, field, choices) for entry, field in known),
        Cause.RESTRICTION: any(_is_restricted(field, choices) for _, field in known),
        Cause.COUNTRY_FORBIDDEN: terms.is_forbidden,
        Cause.GRANT_WITHDRAWN: not granted,
    }
    return next((cause for cause, is_one in holds.items() if is_one), Cause.NOTHING_LEFT)


def filled_in(
    allowed: Sequence[AllowedField], person: Mapping[str, Any], *, tells_purposes: bool = False
) -> tuple[Field, ...]:
    """Return what there is of allowed fields, each once: by the first category granted, for all standing purposes."""
    purposes: dict[str, list[str]] = {}
    for each in allowed:
        purposes.setdefault(each.field.name, []).append(each.purpose)
    first = {each.field.name: each for each in reversed(allowed)}
    found = ((first[name], _value(first[name].field, person)) for name in purposes)
    told = {name: tuple(sorted(purposes[name])) if tells_purposes else () for name in purposes}
    return tuple(
        Field(category=each.category, name=each.field.name, value=value, purposes=told[each.field.name])
        for each, value in found
        if value
    )


def _value(field: MemberField, person: Mapping[str, Any]) -> str:
    value = person[field.column]
    if value is None:
        return ""
    return str(value.date().isoformat()) if field.is_date else str(value)


def is_in_audience(installation: InstallationRecord, person: Mapping[str, Any]) -> bool:
    """Return whether an installation is for somebody, by the row of the member."""
    match installation.holder:
        case Holder.ORGANISATION:
            return True
        case Holder.GROUP:
            return installation.group_id in set(person["groups"])
        case Holder.MEMBER:
            return bool(installation.member_id == person["id"])


def countries_named(manifest: Manifest) -> set[str]:
    """Return the countries that a declaration names: where data is stored, and where it is passed on to."""
    return {*manifest.transfer.countries, *manifest.onward_countries}


def contact_roles(manifest: Manifest) -> list[str]:
    """Return the roles of the contacts of an organisation that a declaration asks for."""
    return sorted(_CONTACT_ROLES[kind].value for kind in manifest.contacts)


def _is_for(entry: Receives, manifest: Manifest, choices: Choices) -> bool:
    """Return whether the entry is about this member; what is declared about groups is never a member's record."""
    if entry.audience is Audience.CONTACTS:
        return any(_CONTACT_ROLES[kind] in choices.roles for kind in manifest.contacts)
    return entry.audience is Audience.MEMBERS


def _is_objected(entry: Receives, choices: Choices) -> bool:
    return any(purpose == "" or covers(purpose, entry.purpose) for purpose in choices.objections)


def _is_restricted(known: MemberField, choices: Choices) -> bool:
    return any(
        category == "" or covers(category, known.category) or covers(known.category, category)
        for category in choices.restrictions
    )


def _is_consented(entry: Receives, known: MemberField, choices: Choices) -> bool:
    if is_special(entry.category) or is_special(known.category):
        # Special categories move on explicit consent only: one that names the category (requirement B2).
        return any(
            given.purpose == entry.purpose and given.category != "" and covers(given.category, known.category)
            for given in choices.consents
        )
    if entry.legal_basis is not LegalBasis.CONSENT:
        return True
    return any(
        given.purpose == entry.purpose and (given.category == "" or covers(given.category, known.category))
        for given in choices.consents
    )
