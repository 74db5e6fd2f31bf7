"""What in texts may be the person, as the API shows it to those who decide."""

from __future__ import annotations

from enum import StrEnum

import strawberry

from wardship.graphql.api.identifiers import global_id
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import field
from wardship.graphql.requests.limitations import ITEM_TYPES
from wardship.tenants.matching.rules import Rule
from wardship.tenants.requests.finds import ShownFind

strawberry.enum(Rule, name="FindRule", description="Why something in a text may be the person.")


@strawberry.enum(description="What becomes of what may be the person.")
class FindTreatment(StrEnum):
    """What becomes of what may be the person: the pseudonym, or it stays."""

    REWRITE = "rewrite"
    KEEP = "keep"

    @property
    def is_rewritten(self) -> bool:
        """Whether it becomes the pseudonym."""
        return self is FindTreatment.REWRITE


@object_type()
class ErasureFind:
    """Something in a text that may be the person, or many that look alike."""

    id: strawberry.ID = field("Its id.")
    table: str = field("In which table.")
    column: str = field("In which column.")
    item_id: strawberry.ID | None = field("The post or file; null where it is something else.")
    rule: Rule = field("Why it may be the person.")
    rule_words: str = field("The same in words.")
    is_group: bool = field("Whether it stands for all that look alike, of which one is shown.")
    count: int = field("For how many it stands.")
    before: str | None = field("What stands before it now; null where the text was changed meanwhile.")
    found: str | None = field("What was found; null where the text was changed meanwhile.")
    after: str | None = field("What stands after it; null where the text was changed meanwhile.")
    treatment: FindTreatment | None = field("What was decided; null while nobody has.")


def erasure_find(shown: ShownFind) -> ErasureFind:
    """Return a find with its passage as the API shows it."""
    find, excerpt = shown.find, shown.excerpt
    item = ITEM_TYPES.get(find.table_name)
    treatments = {True: FindTreatment.REWRITE, False: FindTreatment.KEEP, None: None}
    return ErasureFind(
        id=global_id("ErasureFind", find.id),
        table=find.table_name,
        column=find.column_name,
        item_id=None if item is None else global_id(item, find.item_id),
        rule=find.rule,
        rule_words=find.rule_words,
        is_group=find.is_group,
        count=find.count,
        before=None if excerpt is None else excerpt.before,
        found=None if excerpt is None else excerpt.found,
        after=None if excerpt is None else excerpt.after,
        treatment=treatments[find.is_rewritten],
    )
