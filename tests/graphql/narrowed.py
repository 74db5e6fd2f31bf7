"""How each list is narrowed and ordered to try its plans, and which statements may read more than a page's worth."""

from __future__ import annotations

from dataclasses import dataclass

from tests.graphql.crowd import LIVE, global_key
from tests.graphql.explained import Allowed

_EVERYBODY, _THREE = global_key("Group", 1), global_key("Group", 19_000)

# One line for each filter, and for each order: arguments that find a few of very many rows, the last ones of the list;
# more than one where finding most rows is another matter.
SAMPLES: dict[str, tuple[str, ...]] = {
    "Group.memberships(isPresent)": ("isPresent: false",),
    "Installation.grants(withWithdrawn)": ("withWithdrawn: true",),
    "Query.disclosures(installationId)": (f'installationId: "{global_key("Installation", LIVE)}"',),
    "Query.disclosures(memberId)": (f'memberId: "{global_key("Member", 1)}"',),
    "Query.groups(isArchived)": ("isArchived: true",),
    "Query.groups(namePrefix)": ('namePrefix: "Group 1999"',),
    "Query.installations(withRemoved)": ("withRemoved: true",),
    "Query.invitations(isOpenOnly)": ("isOpenOnly: true",),
    "Query.manualTasks(states)": ("states: [OPEN]", "states: [OPEN, DONE, CANCELLED]"),
    "Query.members(orderBy: CREATED)": ("orderBy: CREATED",),
    "Query.members(orderBy: NAME)": ("orderBy: NAME",),
    "Query.members(where.groupId)": (
        f'where: {{ groupId: "{_THREE}" }}',
        f'where: {{ groupId: "{_THREE}" }}, orderBy: NAME',
        f'where: {{ groupId: "{_EVERYBODY}" }}',
    ),
    "Query.members(where.namePrefix)": ('where: { namePrefix: "Member 1998" }', 'where: { namePrefix: "M" }'),
    "Query.members(where.role)": ("where: { role: AUDITOR }", "where: { role: MEMBER }"),
    "Query.members(where.states)": (
        "where: { states: [REMOVED] }",
        "where: { states: [ACTIVE, REMOVED] }, orderBy: NAME",
    ),
    "Query.obligations(installationId)": (f'installationId: "{global_key("Installation", LIVE)}"',),
    "Query.obligations(states)": ("states: [MANUAL, FAILED]", "states: [COMPLETED]"),
    "Query.requests(isOpen)": ("isOpen: true", "isOpen: false"),
    "Query.requests(memberId)": (f'memberId: "{global_key("Member", 1)}"',),
    "Query.requests(withPrivacyTeam)": ("withPrivacyTeam: true", "withPrivacyTeam: true, isOpen: true"),
    "Viewer.content(text)": ('text: "hello"',),
}


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
        "a search through texts is no look-up; it reads the posts of one's own groups, and its cost says so",
        "-- group by group, never all posts of the organisation",
        Allowed(
            rows=20_000, pages=40_000, leaks=frozenset({"btrim()", "length()", "lower()", "position()", "unnest()"})
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
        _EVERYBODY,
    ),
    Exempt(
        "likewise: a twentieth of a page for each member of the organisation, and no row in vain",
        "select theirs.member_id from group_membership theirs",
        Allowed(pages=300),
        frozenset({"owner"}),
    ),
    Exempt(
        "likewise for who holds a role; the role of a member, which all hold, is looked up for each",
        "select r.member_id from role_assignment r",
        Allowed(pages=300),
        frozenset({"owner"}),
    ),
)


def allowed(statement: str, caller: str, asked: str) -> Allowed:
    """Return what a statement may do for a caller who asked with a document."""
    found = [each for each in EXEMPT if each.statement in statement and caller in each.callers and each.asked in asked]
    return found[0].allowed if found else Allowed()
