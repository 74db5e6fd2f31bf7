"""What vendors call people, and were told of them: kept encrypted, because it finds what they hold.

It goes once the end at the vendor is proven, or when nothing is asked there any more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, TypeAlias
from uuid import UUID

from wardship.core.keys import UnreadableSecretError
from wardship.plugins.api import Identifier, IdentifierType, IdentifierValue, Record
from wardship.tenants.access import Access

LINKS: Final = (
    "select id, member_id, subject_ref, known_as, sent_as, state from subject_link"
    " where organisation_id = $1 and installation_id = $2 and place_id = $3"
)
"""What subjects at a place, ``$3``, of an installation, ``$2``, are made of; to be followed by conditions."""

SEALED_FOR: Final = "vendor-name"
"""What a vendor's name for a person is encrypted for."""


_UNINDEXED: Final = (
    "select id, known_as from subject_link where organisation_id = $1 and place_id = $2"
    " and known_as is not null and known_as_key is null order by id limit 500"
)
_INDEX: Final = (
    "update subject_link l set known_as_key = n.key from unnest($2::uuid[], $3::bytea[]) as n (id, key)"
    " where l.organisation_id = $1 and l.id = n.id"
)

SENT_SEALED_FOR: Final = "vendor-identifiers"
"""What the identifiers are encrypted for by which a vendor was told of a person."""

_MOST: Final = 20
"""Identifiers that are kept of one person; of more the oldest are dropped."""

_KEEP_SENT: Final = (
    "update subject_link l set sent_as = n.sent_as, sent_digest = n.digest"
    " from unnest($2::uuid[], $3::bytea[], $4::bytea[]) as n (id, sent_as, digest)"
    " where l.organisation_id = $1 and l.id = n.id"
)

Sent: TypeAlias = tuple[tuple[str, str, str], ...]
"""Identifiers as they were sent, oldest first: type, format, value."""


def earlier_identifiers(
    access: Access, link: Mapping[str, Any], declared: Sequence[Identifier], present: Sequence[IdentifierValue]
) -> tuple[IdentifierValue, ...]:
    """Return by what else the vendor was told of the member of a link, as far as it is declared in the same form."""
    return _others(_open_sent(access, link), declared, present)


async def with_earlier(
    access: Access,
    declared: Sequence[Identifier],
    links: Mapping[UUID, Mapping[str, Any]],
    records: Mapping[UUID, Record],
    digests: Mapping[UUID, bytes],
) -> dict[UUID, Record]:
    """Return records that tell by what else the vendor was told of each person before, and keep what it is told now.

    Args:
        access: the system's own.
        declared: the identifiers that the vendor takes.
        links: the link of each record's subject, by obligation; rows of ``LINKS`` with the digest.
        records: by obligation.
        digests: of each record's identifiers, under a key, by obligation.
    """
    forms = {each.type: each.format.value for each in declared}
    told, kept = {}, {}
    for each, record in records.items():
        link, subject = links[each], record.subject
        before = _open_sent(access, link)
        now = [(known.type.value, forms[known.type], known.value) for known in subject.identifiers]
        earlier = _others(before, declared, subject.identifiers)
        told[each] = record.model_copy(update={"subject": subject.model_copy(update={"earlier": earlier})})
        sent = (*(known for known in before if known not in now), *now)[-_MOST:]
        # Where nothing else is kept, the digest says so, and the next delivery of the same has nothing to look up.
        digest = digests[each] if len(sent) == len(now) else None
        kept[link["id"]] = (access.encrypt(SENT_SEALED_FOR, link["id"], json.dumps(sent).encode()), digest)
    await access.execute(_KEEP_SENT, list(kept), *map(list, zip(*kept.values(), strict=True)))
    return told


def _open_sent(access: Access, link: Mapping[str, Any]) -> Sent:
    """Return by which identifiers the member of a link was told of; nothing where the key for that is gone."""
    if link["sent_as"] is None:
        return ()
    try:
        stored = json.loads(access.decrypt(SENT_SEALED_FOR, link["id"], link["sent_as"]))
    except UnreadableSecretError:
        return ()
    return tuple((kind, form, value) for kind, form, value in stored)


def _others(
    sent: Sent, declared: Sequence[Identifier], present: Sequence[IdentifierValue]
) -> tuple[IdentifierValue, ...]:
    forms = {(each.type.value, each.format.value) for each in declared}
    values = (
        IdentifierValue(type=IdentifierType(kind), value=value) for kind, form, value in sent if (kind, form) in forms
    )
    return tuple(value for value in dict.fromkeys(values) if value not in present)


def open_name(access: Access, link_id: UUID, sealed: bytes) -> str:
    """Return what the member of a link is called at its place.

    Raises:
        UnreadableSecretError: the name was encrypted under a key that this deployment does not have.
    """
    return access.decrypt(SEALED_FOR, link_id, sealed).decode()


def name_keys(access: Access, place_id: UUID, name: str) -> list[bytes]:
    """Return the keyed hashes by which a name at a place is found, under the present secret and under earlier ones."""
    return access.services.keys.fingerprints(SEALED_FOR, f"{place_id}:{name}")


async def index_names(access: Access, place_id: UUID) -> bool:
    """Make the hashes of names at a place that were kept before there were any, some at a time; return if there were.

    What can't be read any more, because its key is gone, is left.
    """
    rows = await access.fetch(_UNINDEXED, place_id)
    found: dict[UUID, bytes] = {}
    for row in rows:
        with suppress(UnreadableSecretError):
            name = open_name(access, row["id"], row["known_as"])
            found[row["id"]] = name_keys(access, place_id, name)[0]
    return await access.execute(_INDEX, list(found), list(found.values())) > 0


async def keep_name(access: Access, place_id: UUID, member_id: UUID, name: str) -> None:
    """Keep what is called at a place a member of whom something was sent there."""
    link_id = await access.fetchval(
        "select id from subject_link where organisation_id = $1 and place_id = $2 and member_id = $3",
        place_id,
        member_id,
    )
    await access.execute(
        "update subject_link set known_as = $3, known_as_key = $4 where organisation_id = $1 and id = $2",
        link_id,
        access.encrypt(SEALED_FOR, link_id, name.encode()),
        name_keys(access, place_id, name)[0],
    )


async def forget_identifiers(access: Access, place_id: UUID, member_id: UUID) -> None:
    """Forget by which identifiers a place was told of a member, since what was owed there has ended."""
    await access.execute(
        "update subject_link set sent_as = null, sent_digest = null"
        " where organisation_id = $1 and place_id = $2 and member_id = $3 and state in ('erased', 'revoked')",
        place_id,
        member_id,
    )


async def forget_name(access: Access, place_id: UUID, member_id: UUID) -> None:
    """Forget what a member is called at a place, since the end there is proven."""
    await access.execute(
        "update subject_link set known_as = null, known_as_key = null"
        " where organisation_id = $1 and place_id = $2 and member_id = $3 and state in ('erased', 'revoked')",
        place_id,
        member_id,
    )


async def forget_names(access: Access, installation_id: UUID, place_id: UUID | None = None) -> None:
    """Forget what everybody is called at an installation's places, or at one, and was told of by."""
    await access.execute(
        "update subject_link set known_as = null, known_as_key = null, sent_as = null, sent_digest = null"
        " where organisation_id = $1 and installation_id = $2 and (known_as is not null or sent_as is not null)"
        " and ($3::uuid is null or place_id = $3)",
        installation_id,
        place_id,
    )
