"""What vendors call people: kept encrypted, because it finds what they hold.

It goes once the end at the vendor is proven, or when nothing is asked there any more.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.tenants.access import Access

LINKS: Final = (
    "select id, member_id, subject_ref, known_as, state from subject_link"
    " where organisation_id = $1 and installation_id = $2 and place_id = $3"
)
"""What subjects at a place, ``$3``, of an installation, ``$2``, are made of; to be followed by conditions."""

SEALED_FOR: Final = "vendor-name"
"""What a vendor's name for a person is encrypted for."""


def open_name(access: Access, link_id: UUID, sealed: bytes) -> str:
    """Return what the member of a link is called at its place.

    Raises:
        UnreadableSecretError: the name was encrypted under a key that this deployment does not have.
    """
    return access.decrypt(SEALED_FOR, link_id, sealed).decode()


async def keep_name(access: Access, place_id: UUID, member_id: UUID, name: str) -> None:
    """Keep what is called at a place a member of whom something was sent there."""
    link_id = await access.fetchval(
        "select id from subject_link where organisation_id = $1 and place_id = $2 and member_id = $3",
        place_id,
        member_id,
    )
    await access.execute(
        "update subject_link set known_as = $3 where organisation_id = $1 and id = $2",
        link_id,
        access.encrypt(SEALED_FOR, link_id, name.encode()),
    )


async def forget_name(access: Access, place_id: UUID, member_id: UUID) -> None:
    """Forget what a member is called at a place, since the end there is proven."""
    await access.execute(
        "update subject_link set known_as = null"
        " where organisation_id = $1 and place_id = $2 and member_id = $3 and state in ('erased', 'revoked')",
        place_id,
        member_id,
    )


async def forget_names(access: Access, installation_id: UUID, place_id: UUID | None = None) -> None:
    """Forget what everybody is called at an installation's places, or at one, since nothing is asked there any more."""
    await access.execute(
        "update subject_link set known_as = null"
        " where organisation_id = $1 and installation_id = $2 and known_as is not null"
        " and ($3::uuid is null or place_id = $3)",
        installation_id,
        place_id,
    )
