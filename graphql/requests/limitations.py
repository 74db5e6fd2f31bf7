"""Limitations of rights, and what erasures kept for them, as the API shows them."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import Final

import strawberry

from wardship.graphql.api.identifiers import global_id
from wardship.graphql.api.node import global_id_field
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import field
from wardship.tenants.erasure.remainders import RemainderRecord
from wardship.tenants.limitations.limits import Item, LimitationReason
from wardship.tenants.limitations.limits import Limitation as LimitationRecord

strawberry.enum(LimitationReason, name="LimitationReason", description="Why something is withheld or kept.")

ITEM_TABLES: Final = MappingProxyType({"Post": "post", "FileReference": "file_reference"})
"""The tables of what a limitation may name as an item, by the types of their ids."""

ITEM_TYPES: Final = MappingProxyType({table: name for name, table in ITEM_TABLES.items()})
"""The types of the ids of items, by their tables."""


def _ids(items: tuple[Item, ...]) -> list[strawberry.ID]:
    return [global_id(ITEM_TYPES[item.table], item.id) for item in items]


@object_type(LimitationRecord)
class Limitation:
    """What is withheld from a right, or kept from an erasure."""

    reason_code: LimitationReason = field("Why, as the certificate says.")
    reason: str = field("Why, in words.")
    categories: list[str] = field("Keys of data categories, each with those below it.", size=2)
    columns: list[str] = field("Columns, or parts of the copy.", size=2)
    items: list[strawberry.ID] = field("Posts and files.", size=2, source="items", convert=_ids)
    passages: int = field("How many passages of texts.", source="passages", convert=len)
    until: datetime | None = field("When what is kept is erased; null until somebody decides.")
    keeps_at_recipients: bool = field("Whether recipients restrict what they received of it rather than erase.")


@object_type(RemainderRecord)
class ErasureRemainder:
    """What a limitation kept from an erasure: names and numbers."""

    id: strawberry.ID = global_id_field("ErasureRemainder")
    named: str = field("What the limitation names.")
    reason_code: str = field("Why it is kept, as the certificate says.")
    rows: int = field("How many rows were kept.")
    until: datetime | None = field("When it is erased; null until somebody decides.")
    ended_at: datetime | None = field("When it was erased; null while it is kept.")
