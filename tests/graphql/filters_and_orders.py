"""How each list is narrowed and ordered to try its plans, and which statements may read more than a page's worth."""

from __future__ import annotations

from dataclasses import dataclass

from tests.graphql.calls import gid
from tests.graphql.crowd import key
from tests.graphql.query_plans import Allowed
from tests.graphql.sample import of_nouns


def samples() -> dict[str, tuple[str, ...]]:
    """Return, for each filter and each order, the arguments to try it with: ``FILTERS`` of all nouns."""
    return {name: found for filters in of_nouns("FILTERS") for name, found in filters.items()}


@dataclass(frozen=True, slots=True)
class Exempt:
    """A statement that may do more, for a reason.

    Attributes:
        why: the reason, which says what bounds it.
        statement: words that stand in it and in no other.
        callers: for whom.
        asked: a part of the arguments that were asked with; empty for any.
    """

    why: str
    statement: str
    allowed: Allowed
    callers: frozenset[str]
    asked: str = ""


EXEMPT = (
    Exempt(
        "names all staff of provider and vendors, of whom the crowd has a hundred: then it reads all accounts",
        "from staff_members()",
        Allowed(rows=500, pages=600),
        frozenset({"operator"}),
    ),
    Exempt(
        "tells of all that was ever sent of oneself, by recipient: one person's deliveries bound it",
        "received.name, min(created_at) as first_at",
        Allowed(rows=6_000, pages=12_000),
        frozenset({"owner", "member", "insider"}),
    ),
    Exempt(
        "counts a year of looks at a person, the latest ten thousand of them at most, as its cost says",
        "count(distinct look_id) as count",
        Allowed(rows=45_000, pages=60_000),
        frozenset({"owner", "member", "insider"}),
    ),
    Exempt(
        "the map is one of the whole ledger, as its cost says",
        "count(distinct d.member_id) as people,",
        Allowed(rows=65_000, pages=90_000),
        frozenset({"owner"}),
    ),
    Exempt(
        "counts of whom the installations of a page hold data, as its cost says; one holds something of everybody",
        "cross join lateral (select count(distinct l.member_id) as people",
        Allowed(rows=65_000, pages=70_000),
        frozenset({"owner"}),
    ),
    Exempt(
        "counts of each kind at most a thousand that wait or are owed; the settings are those of one organisation",
        "with asked as (select $2::timestamptz, $3::uuid)",
        Allowed(rows=15_000, pages=5_000, leaks=frozenset({"->> (jsonb_object_field_text)"})),
        frozenset({"owner"}),
    ),
    Exempt(
        "a search through texts is no look-up; it reads the posts of one's own groups, and its cost says so",
        "-- group by group, never all posts of the organisation",
        Allowed(
            rows=20_000,
            pages=40_000,
            leaks=frozenset({"length()", "lower()", "octet_length()", "~ (textregexeq)", "~~ (textlike)"}),
        ),
        frozenset({"owner", "member", "insider"}),
    ),
    Exempt(
        "whom somebody may see who administers nothing is worked out from the own groups, and ordered after that",
        "as s (state)\n        cross join lateral (\n        with v as (",
        Allowed(rows=65_000, pages=90_000),
        frozenset({"insider"}),
    ),
    Exempt(
        "who is in the group is listed, then found in the index of all; ask the group for its members instead",
        "select theirs.member_id from group_membership theirs",
        Allowed(rows=25_000, pages=5_000),
        frozenset({"owner"}),
        gid("Group", key("g", 1)),
    ),
    Exempt(
        "of a function with its owner's rights no rows are told; on the first call the catalogue is read, to plan it",
        "from memberships_made_for(",
        Allowed(pages=300),
        frozenset({"owner", "member", "insider"}),
    ),
    Exempt(
        "of a function with its owner's rights no rows are told: about ten pages for each request of the queue, and on"
        " the first call those of the catalogue, to plan it",
        "from requests_with_privacy_team(",
        Allowed(pages=1_500),
        frozenset({"privacy_team"}),
    ),
    *(
        Exempt(
            "likewise of a function that reaches the directory: the pages of its first call are those of the catalogue",
            f"from {function}(",
            Allowed(pages=1_500),
            frozenset({caller}),
        )
        for function, caller in (
            ("account_recoveries", "owner"),
            ("deletions_with_privacy_team", "privacy_team"),
            ("closing_tasks", "operator"),
            ("managed_organisations", "operator"),
            ("vendor_deliveries", "vendor"),
            ("account_claims_of", "owner"),
            ("claimed_addresses", "owner"),
        )
    ),
    Exempt(
        "looks for each state of each installation of a page by itself, a few pages of an index each",
        "as s (wanted) cross join lateral (select o.id, o.installation_id, o.member_id, o.verb",
        Allowed(pages=300),
        frozenset({"owner", "member", "insider"}),
    ),
    Exempt(
        "asks for forbidden countries of one organisation, by its key, for the places of a page",
        "jsonb_array_elements_text(o.settings -> 'forbidden_countries')",
        Allowed(rows=700, leaks=frozenset({"->> (jsonb_object_field_text)", "? (jsonb_exists)"})),
        frozenset({"owner", "member", "insider"}),
    ),
)


def allowed(statement: str, caller: str, asked: str) -> Allowed:
    """Return what a statement may do for a caller who asked with a document."""
    found = [each for each in EXEMPT if each.statement in statement and caller in each.callers and each.asked in asked]
    return found[0].allowed if found else Allowed()
