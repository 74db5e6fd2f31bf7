"""Identifiers of a person that a call still needs after the person's data is gone here: encrypted, and short-lived.

Only identifiers that the vendor already received are ever sealed; they die when the obligation ends.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from wardship.core.keys import UnreadableSecretError
from wardship.plugins.api import Continuation, Identifier, IdentifierValue, Outcome
from wardship.tenants.access import Access
from wardship.tenants.egress.gate import identifiers_of
from wardship.tenants.egress.ledger import fields_disclosed
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.members.fields import member_fields

SEALED_FOR: Final = "obligation-identifiers"
"""What identifiers are encrypted for."""

CONTINUATION_SEALED_FOR: Final = "obligation-continuation"
"""What a vendor's name for what it has begun is encrypted for: it may hold whom that is about."""

TOLD_SEALED_FOR: Final = "obligation-told"
"""What a vendor told of what it has begun is encrypted for, for the same reason."""

_UNSEALED = (
    "select id, place_id, member_id from obligation where organisation_id = $1 and installation_id = $2"
    " and verb = 'erase' and member_id is not null and sealed is null and ended_at is null"
    " and ($3::uuid is null or id > $3) order by id limit $4"
)
_SEAL = (
    "update obligation o set sealed = n.sealed from unnest($2::uuid[], $3::bytea[]) as n (id, sealed)"
    " where o.organisation_id = $1 and o.id = n.id and o.sealed is null and o.ended_at is null"
)


def seal(access: Access, obligation_id: UUID, identifiers: Sequence[IdentifierValue]) -> bytes | None:
    """Return the identifiers encrypted and bound to one obligation; None when there are none."""
    if not identifiers:
        return None
    text = json.dumps([value.model_dump(mode="json") for value in identifiers])
    return access.encrypt(SEALED_FOR, obligation_id, text.encode())


def unseal(access: Access, obligation_id: UUID, sealed: bytes | None) -> tuple[IdentifierValue, ...]:
    """Return the identifiers that were sealed for an obligation."""
    if sealed is None:
        return ()
    text = access.decrypt(SEALED_FOR, obligation_id, sealed)
    return tuple(IdentifierValue.model_validate(value) for value in json.loads(text))


def seal_continuation(access: Access, obligation_id: UUID, continuation: Continuation) -> bytes:
    """Return encrypted what the next call goes on from."""
    return access.encrypt(CONTINUATION_SEALED_FOR, obligation_id, continuation.model_dump_json().encode())


def open_continuation(access: Access, obligation_id: UUID, sealed: bytes) -> Continuation | None:
    """Return what the next call goes on from.

    Where the key is gone the call begins anew: it carries the same obligation's id.
    """
    try:
        opened = access.decrypt(CONTINUATION_SEALED_FOR, obligation_id, sealed)
    except UnreadableSecretError:
        return None
    return Continuation.model_validate_json(opened)


def open_told(access: Access, obligation_id: UUID, sealed: bytes) -> Outcome | None:
    """Return what a vendor told of an obligation; None where the key is gone: then it is asked."""
    try:
        opened = access.decrypt(TOLD_SEALED_FOR, obligation_id, sealed)
    except UnreadableSecretError:
        return None
    return Outcome.model_validate_json(opened)


async def seal_erasures(access: Access, installation: InstallationRecord, after: UUID | None, most: int) -> UUID | None:
    """Seal into open erasures at an installation what the vendor knows each person by, before that is gone here.

    Args:
        access: the system's own.
        installation: where.
        after: the last obligation that was looked at; None begins.
        most: how many are looked at.

    Returns:
        the last one that was looked at; None when none is left.
    """
    if not identifiers_of(access, installation):
        return None
    rows = await access.fetch(_UNSEALED, installation.id, after, most)
    of_place: dict[UUID, list[UUID]] = defaultdict(list)
    for row in rows:
        of_place[row["place_id"]].append(row["member_id"])
    known = {
        (place_id, member_id): identifiers
        for place_id, members in of_place.items()
        for member_id, identifiers in (await known_identifiers(access, installation, place_id, members)).items()
    }
    sealed = [(row["id"], seal(access, row["id"], known.get((row["place_id"], row["member_id"]), ()))) for row in rows]
    found = [(obligation_id, content) for obligation_id, content in sealed if content is not None]
    if found:
        await access.execute(_SEAL, *map(list, zip(*found, strict=True)))
    return rows[-1]["id"] if rows else None


async def known_identifiers(
    access: Access, installation: InstallationRecord, place_id: UUID, member_ids: Sequence[UUID]
) -> dict[UUID, tuple[IdentifierValue, ...]]:
    """Return, for each member, the identifiers by which that member may be known at a place, as it received them."""
    declared = identifiers_of(access, installation)
    if not declared:
        return {}
    disclosed = await fields_disclosed(access, place_id, member_ids)
    columns = [member_fields()[each.type.value].column for each in declared]
    rows = await access.fetch(
        f"select id, {', '.join(columns)} from member"  # noqa: S608 - columns come from our own registry
        " where organisation_id = $1 and id = any($2::uuid[])",
        list(disclosed),
    )
    return {row["id"]: _identifiers(declared, row, disclosed[row["id"]]) for row in rows}


def _identifiers(
    declared: Sequence[Identifier], row: Mapping[str, Any], disclosed: set[str]
) -> tuple[IdentifierValue, ...]:
    found = ((each, row[member_fields()[each.type.value].column]) for each in declared if each.type.value in disclosed)
    return tuple(each.present(value) for each, value in found if value)
