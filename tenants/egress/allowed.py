"""Decide what of a member one installation may receive: a pure function of what was declared, granted and chosen.

Allowed is what is declared, and granted, and neither objected to nor restricted, and consented to where the legal basis
is consent or the category is special, of an active member within the installation's audience (requirement C3), and
where the organisation forbids none of the countries in which it is stored (requirement B8).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from enum import StrEnum
from uuid import UUID

from wardship.core.actor import Role
from wardship.plugins.api import Audience, ContactKind, Direction, LegalBasis, Manifest, Receives
from wardship.plugins.api.taxonomy import covers, is_special
from wardship.tenants.members.fields import MemberField, member_fields

_CONTACT_ROLES = {
    ContactKind.BILLING: Role.BILLING_CONTACT,
    ContactKind.TECHNICAL: Role.TECHNICAL_CONTACT,
    ContactKind.ADMINISTRATIVE: Role.ADMINISTRATIVE_CONTACT,
}


class DisclosureStatus(StrEnum):
    """What the vendor is to hold of a member: a record, a record that it does not use, or nothing."""

    SHARED = "shared"
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


def allowed_fields(terms: Terms, choices: Choices) -> tuple[AllowedField, ...]:
    """Return the fields of a member that may be sent, in the order of the declaration."""
    if terms.is_forbidden or choices.state != "active" or not choices.is_in_audience:
        return ()
    return tuple(
        AllowedField(known, entry.category, entry.purpose, grant_id)
        for entry in terms.manifest.receives
        if (grant_id := terms.grants.get((entry.category, entry.purpose))) is not None
        and _is_for(entry, terms.manifest, choices)
        and not _is_objected(entry, choices)
        for name in entry.fields
        if (known := member_fields().get(name)) is not None
        and (terms.offered is None or name in terms.offered)
        and covers(entry.category, known.category)
        and not _is_restricted(known, choices)
        and _is_consented(entry, known, choices)
    )


def contact_roles(manifest: Manifest) -> list[str]:
    """Return the roles of the contacts of an organisation that a declaration asks for."""
    return sorted(_CONTACT_ROLES[kind].value for kind in manifest.contacts)


def _is_for(entry: Receives, manifest: Manifest, choices: Choices) -> bool:
    """Return whether the entry is about this member; what is declared about groups is never a member's record."""
    if entry.direction is Direction.PULL:
        return False
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
