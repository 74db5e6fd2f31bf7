"""Make an organisation, with the one owner that it always has."""

from __future__ import annotations

import re
from datetime import datetime

from wardship.core.actor import Role
from wardship.core.errors import ConflictError, InvalidInputError, PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.members.fields import members_changed
from wardship.tenants.members.insert import NewMember, insert_members
from wardship.tenants.members.join import tell_joined
from wardship.tenants.members.profile import PROFILE_FIELDS
from wardship.tenants.members.roles import GivenRoles, insert_roles
from wardship.tenants.organisations.read import OrganisationRecord, own_organisation
from wardship.tenants.organisations.states import OrganisationState
from wardship.tenants.text import one_line

_SLUG = re.compile(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")


class SlugTakenError(ConflictError):
    """Another organisation has this short name: choose another."""

    code = "SLUG_TAKEN"


async def create_organisation(access: Access, *, slug: str, name: str, owner: NewMember) -> OrganisationRecord:
    """Make the organisation whose new id the system's access names, and its owner's membership.

    Args:
        access: the system's own (``system_actor(uuid7())``), in a transaction of the new organisation with directory.
        slug: the short name in addresses and headers: lower-case letters, digits and hyphens.
        name: the name that people read.
        owner: the person with whom it starts; an account is needed.

    Raises:
        SlugTakenError: another organisation has the slug.
        InvalidInputError: slug or name can't be accepted.
    """
    if access.actor.kind != "system" or owner.account_id is None:
        raise PermissionDeniedError("Only the deployment itself creates organisations, for an owner with an account.")
    await insert_organisation(access, slug=checked_slug(slug), name=checked_name(name))
    await insert_owner(access, owner)
    return await own_organisation(access)


def checked_slug(slug: str) -> str:
    """Return a short name that can be one.

    Raises:
        InvalidInputError: it can't.
    """
    if not _SLUG.match(slug):
        raise InvalidInputError("Use 1 to 63 lower-case letters, digits and hyphens.", path=("slug",))
    return slug


def checked_name(name: str) -> str:
    """Return the name of an organisation in the form in which it is kept.

    Raises:
        InvalidInputError: no name of 1 to 200 characters.
    """
    return one_line(name, "name", least=1)


async def insert_organisation(access: Access, *, slug: str, name: str, offered_until: datetime | None = None) -> None:
    """Insert the organisation whose new id the access names, for acts that have checked who may.

    Args:
        access: in a transaction of the new organisation with directory.
        slug: checked.
        name: checked.
        offered_until: how long it waits for somebody to become its owner; None where one follows at once.

    Raises:
        SlugTakenError: another organisation has the slug.
    """
    state = OrganisationState.ACTIVE if offered_until is None else OrganisationState.AWAITING_OWNER
    made = await access.execute(
        "insert into organisation (id, created_at, slug, name, state, state_until) values ($1, $2, $3, $4, $5, $6)"
        " on conflict (slug) do nothing",
        access.now,
        slug,
        name,
        state.value,
        offered_until,
    )
    if not made:
        raise SlugTakenError("Another organisation has this short name: choose another.", path=("slug",))
    await access.audit("organisation.created", "organisation", access.organisation_id)


async def insert_owner(access: Access, owner: NewMember) -> None:
    """Make somebody with an account the first member and the owner, for acts that have checked who may."""
    await insert_members(access, [owner])
    await insert_roles(access, [(owner.id, GivenRoles(frozenset({Role.ORG_OWNER})))])
    await access.audit("member.added", "member", owner.id, roles=["member", "org_owner"])
    await tell_joined(access, owner.id, [Role.ORG_OWNER])
    await members_changed(access, [owner.id], frozenset(PROFILE_FIELDS) | {"state", "roles"})
