"""Previews of erasures as the API shows them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from wardship.graphql.engine import backed_by, field
from wardship.tenants.erasure.snapshot import (
    CategoryPreview,
    IntegrationPreview,
    Retained,
    SharedPreview,
    TablePreview,
)
from wardship.tenants.requests.erasures import MadePreview


@strawberry.type(description="What happens to one table.")
@backed_by(TablePreview)
class PreviewedTable:
    """A table."""

    table: str = field(description="Its name.")
    rows: int = field(description="How many rows are touched.")
    treatment: str = field(description="`deleted`, `emptied` or `rewritten`.")
    categories: list[str] = field(description="Keys of the data categories that go.")


@strawberry.type(description="How many rows hold one category of the person's data.")
@backed_by(CategoryPreview)
class PreviewedCategory:
    """A category."""

    category: str = field(description="Key of the data category.")
    rows: int = field(description="How many rows hold it.")


@strawberry.type(description="What stays after the erasure.")
@backed_by(Retained)
class PreviewedRetention:
    """Something that stays."""

    what: str = field(description="What stays.")
    reason: str = field(description="Why it stays.")
    until: str = field(description="Until when.")


@strawberry.type(description="Content that stays for the group and will show under a pseudonym.")
@backed_by(SharedPreview)
class PreviewedContent:
    """Shared content."""

    what: str = field(description="What kind of content.")
    rows: int = field(description="How many there are.")


@strawberry.type(description="A recipient that will be told to erase.")
@backed_by(IntegrationPreview)
class PreviewedRecipient:
    """A recipient."""

    name: str = field(description="Name of the integration.")
    method: str = field(description="`delete`, `anonymise`, `delegate`, `manual` or `none`.")
    proof: str = field(description="The best proof that it can give.")
    retention_days: int = field(description="How long it says it may keep the data at most.")


@strawberry.type(description="What an erasure would do; its digest names it in the commit.")
@backed_by(MadePreview)
class ErasurePreview:
    """A preview."""

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
