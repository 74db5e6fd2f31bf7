"""Previews of erasures as the API shows them."""

from __future__ import annotations

from datetime import datetime

from wardship.graphql.api.types import object_type
from wardship.graphql.engine import field
from wardship.tenants.erasure.snapshot import (
    CategoryPreview,
    IntegrationPreview,
    Retained,
    SharedPreview,
    TablePreview,
)
from wardship.tenants.requests.erasures import MadePreview


@object_type(TablePreview)
class PreviewedTable:
    """What happens to one table."""

    table: str = field(description="Its name.")
    rows: int = field(description="How many rows are touched.")
    treatment: str = field(description="`deleted`, `emptied` or `rewritten`.")
    categories: list[str] = field(description="Keys of the data categories that go.")


@object_type(CategoryPreview)
class PreviewedCategory:
    """How many rows hold one category of the person's data."""

    category: str = field(description="Key of the data category.")
    rows: int = field(description="How many rows hold it.")


@object_type(Retained)
class PreviewedRetention:
    """What stays after the erasure."""

    what: str = field(description="What stays.")
    reason: str = field(description="Why it stays.")
    until: str = field(description="Until when.")


@object_type(SharedPreview)
class PreviewedContent:
    """Content that stays for the group and will show under a pseudonym."""

    what: str = field(description="What kind of content.")
    rows: int = field(description="How many there are.")


@object_type(IntegrationPreview)
class PreviewedRecipient:
    """A recipient that will be told to erase."""

    name: str = field(description="Name of the integration.")
    method: str = field(description="`delete`, `anonymise`, `delegate`, `manual` or `none`.")
    proof: str = field(description="The best proof that it can give.")
    retention_days: int = field(description="How long it says it may keep the data at most.")


@object_type(MadePreview)
class ErasurePreview:
    """What an erasure would do; its digest names it in the commit."""

    digest: str = field(description="64 hexadecimal digits; the commit has to name them.")
    created_at: datetime = field(description="When it was made.")
    tables: list[PreviewedTable] = field(cost=1, description="What happens to each table.", source="content.tables")
    categories: list[PreviewedCategory] = field(
        cost=1, description="How much there is of each category.", source="content.categories"
    )
    content: list[PreviewedContent] = field(
        cost=1, description="What stays under a pseudonym.", source="content.shared"
    )
    retained: list[PreviewedRetention] = field(
        cost=1, description="What stays, why and until when.", source="content.retained"
    )
    recipients: list[PreviewedRecipient] = field(
        cost=1, description="Who will be told to erase.", source="content.integrations"
    )
    account: str = field(description="What becomes of the account itself.", source="content.account")
