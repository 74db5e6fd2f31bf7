"""Insert members and their first roles, set-wise, for acts that have checked who may: adding, joining, importing."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.members.profile import PROFILE_FIELDS
from wardship.tenants.members.roles import NO_ROLES, GivenRoles, insert_roles

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 12
PREFIX = "Former member "


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody who becomes a member.

    Attributes:
        display_name: how the person is shown, 1 to 200 characters.
        email: the canonical address; empty when none is known.
        account_id: the person's account; None until he or she has one.
        roles: besides ``member``, which everybody gets.
        profile: further columns of the profile, checked.
        id: of the membership.
    """

    display_name: str
    email: str = ""
    account_id: UUID | None = None
    roles: GivenRoles = NO_ROLES
    profile: dict[str, str] = field(default_factory=dict)
    id: UUID = field(default_factory=uuid7)


_COLUMNS = tuple(name for name in PROFILE_FIELDS if name != "display_name")


async def insert_members(access: Access, people: Sequence[NewMember]) -> set[UUID]:
    """Insert these people, each with a pseudonym of his or her own, and return the ids of those inserted.

    Those whose address or account is a member already are left out.
    """
    listed = ", ".join(_COLUMNS)
    rows = await access.fetch(
        f"""insert into member (organisation_id, created_at, joined_at, id, account_id, display_name, email,
                pseudonym, {listed})
            select $1, $2, $2, * from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[],
                {", ".join(f"${place}::text[]" for place in range(8, 8 + len(_COLUMNS)))})
            on conflict do nothing returning id""",  # noqa: S608 - names are constants
        access.now,
        [person.id for person in people],
        [person.account_id for person in people],
        [person.display_name for person in people],
        [person.email for person in people],
        [new_pseudonym() for _ in people],
        *([person.profile.get(name, "") for person in people] for name in _COLUMNS),
    )
    inserted = {row["id"] for row in rows}
    await insert_roles(access, [(person.id, person.roles) for person in people if person.id in inserted])
    return inserted


def new_pseudonym() -> str:
    """Return a pseudonym with 60 random bits: unique in its organisation, and of no use for finding another's.

    It derives from nothing, so that the same person's pseudonyms in two organisations cannot be linked.
    """
    return PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
