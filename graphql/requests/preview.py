"""Previews of erasures as the API shows them."""

from __future__ import annotations

from datetime import datetime

from wardship.graphql.api.types import object_type
from wardship.graphql.engine import field
from wardship.tenants.erasure.additions import Addition
from wardship.tenants.erasure.snapshot import (
    CategoryPreview,
    IntegrationPreview,
    KeptPreview,
    Retained,
    SharedPreview,
    TablePreview,
)
from wardship.tenants.requests.erasures import MadePreview


@object_type(TablePreview)
class PreviewedTable:
    """What happens to one table."""

    table: str = field("Its name.")
    rows: int = field("How many rows are touched.")
    treatment: str = field("`deleted`, `emptied` or `rewritten`.")
    categories: list[str] = field("Keys of the data categories that go.")


@object_type(CategoryPreview)
class PreviewedCategory:
    """How many rows hold one category of the person's data."""

    category: str = field("Key of the data category.")
    rows: int = field("How many rows hold it.")


@object_type(Retained)
class PreviewedRetention:
    """What stays after the erasure."""

    what: str = field("What stays.")
    reason: str = field("Why it stays.")
    until: str = field("Until when.")


@object_type(SharedPreview)
class PreviewedContent:
    """Content that stays for the group and will show under a pseudonym."""

    what: str = field("What kind of content.")
    rows: int = field("How many there are.")


@object_type(IntegrationPreview)
class PreviewedRecipient:
    """A recipient that will be told to erase."""

    name: str = field("Name of the integration.")
    recipient: str = field("Who holds the data: the vendor, with the server where the settings name one.")
    method: str = field("`delete`, `anonymise`, `delegate`, `manual` or `none`.")
    proof: str = field("The best proof that it can give.")
    retention_days: int = field("How long it says it may keep the data at most.")
    action: str = field("`erase`, or `restrict` where a limitation lets it keep what it has.")
    is_own: bool = field("Whether the person connected it alone: it is taken back as a whole.")
    limited_categories: list[str] = field("What it received of the categories that limitations name.", size=1)


@object_type(KeptPreview)
class PreviewedRemainder:
    """What one limitation keeps from the erasure."""

    what: str = field("What it names: categories, columns, and how many rows.")
    rows: int = field("How many rows stay; a value of the member's own row counts as one.")
    reason_code: str = field("Why, as the certificate says it.")
    until: str = field("Until when (RFC 3339); empty until somebody decides.")


@object_type(Addition)
class ErasureAddition:
    """Something that appeared after the commit of an erasure."""

    kind: str = field("`recipient`, `table`, `category` or `content`.")
    name: str = field("Of the recipient, the table or the category.")
    before: int = field("How many rows, or recipients, the commit was of.")
    now: int = field("How many there are now.")


@object_type(MadePreview)
class ErasurePreview:
    """What an erasure would do; its digest names it in the commit."""

    digest: str = field("64 hexadecimal digits; the commit has to name them.")
    created_at: datetime = field("When it was made.")
    tables: list[PreviewedTable] = field("What happens to each table.", cost=1, source="content.tables")
    categories: list[PreviewedCategory] = field(
        "How much there is of each category.", cost=1, source="content.categories"
    )
    content: list[PreviewedContent] = field("What stays under a pseudonym.", cost=1, source="content.shared")
    retained: list[PreviewedRetention] = field("What stays, why and until when.", cost=1, source="content.retained")
    recipients: list[PreviewedRecipient] = field("Who will be told to erase.", cost=1, source="content.integrations")
    additions: list[ErasureAddition] = field(
        "Of what there is more than in the preview that was committed: it is erased too.", size=1
    )
    listed: int = field("How much in texts may be the person and has to be decided.", source="content.listed")
    undecided: int = field("How much of that nobody has decided yet.", source="content.undecided")
    kept: list[PreviewedRemainder] = field("What limitations keep, and until when.", size=1, source="content.kept")
    account: str = field("What becomes of the account itself.", source="content.account")
