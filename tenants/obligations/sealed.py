"""Identifiers of a person that a call still needs after the person's data is gone here: encrypted, and short-lived.

Only identifiers that the vendor already received are ever sealed; they die when the obligation ends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from wardship.plugins.api import Identifier, IdentifierValue
from wardship.tenants.access import Access
from wardship.tenants.egress.gate import identifiers_of
from wardship.tenants.egress.ledger import fields_disclosed
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.members.fields import member_fields

_PURPOSE = "obligation-identifiers"


def seal(access: Access, obligation_id: UUID, identifiers: Sequence[IdentifierValue]) -> bytes | None:
    """Return the identifiers encrypted and bound to one obligation; None when there are none."""
    if not identifiers:
        return None
    text = json.dumps([value.model_dump(mode="json") for value in identifiers])
    return access.encrypt(_PURPOSE, obligation_id, text.encode())


def unseal(access: Access, obligation_id: UUID, sealed: bytes | None) -> tuple[IdentifierValue, ...]:
    """Return the identifiers that were sealed for an obligation."""
    if sealed is None:
        return ()
    text = access.decrypt(_PURPOSE, obligation_id, sealed)
    return tuple(IdentifierValue.model_validate(value) for value in json.loads(text))


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
