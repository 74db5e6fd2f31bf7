"""What in texts may be the person: kept by place and digest until the erasure has ended, and decided by people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import ConflictError, InvalidInputError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.erasure.search import FoundText, LeftGroup, Search
from wardship.tenants.matching.rules import Certainty, Rule
from wardship.tenants.paging import Page, PageRequest, page_of_rows, page_sql
from wardship.tenants.parameters import Parameters

_PURPOSE: Final = "erasure-find"
OTHERS: Final = ""
"""The rule of all finds that nothing else decides, those that appear after the commit too."""


class FindRecord(Row):
    """Something that somebody has to decide: one find at its place, or many that look alike, with the place of one.

    Attributes:
        count: how many finds it stands for.
        is_rewritten: whether it becomes the pseudonym; None while nobody has decided.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    right_id: UUID = column("right_id")
    digest: bytes = column("digest", bytes)
    table_name: str = column("table_name")
    item_id: UUID = column("item_id")
    column_name: str = column("column_name")
    kind: str = column("kind")
    rule: Rule = column("rule", Rule)
    is_group: bool = column("is_group")
    count: int = column("alike")
    is_rewritten: bool | None = column("is_rewritten")
    decided_at: datetime | None = column("decided_at")

    @property
    def rule_words(self) -> str:
        """Why it was judged as it was, in words."""
        return self.rule.words


_SELECT = (
    "select id, created_at, right_id, digest, table_name, item_id, column_name, kind, rule, is_group, alike,"
    " is_rewritten, decided_at from erasure_find"
)


def digest_of(access: Access, found: FoundText) -> bytes:
    """Return what names a find: a keyed digest of its place and of the passage around it.

    Who edits the passage makes it another find; who edits the text elsewhere does not.
    """
    parts = (found.table, str(found.row_id), found.column, found.find.rule.value, *found.excerpt)
    return access.services.keys.fingerprint(_PURPOSE, "\0".join(parts))


def digest_of_group(access: Access, rule: Rule, written: str) -> bytes:
    """Return what names all finds that are judged and written alike."""
    return access.services.keys.fingerprint(_PURPOSE, f"\0{rule.value}\0{written}")


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided for an erasure.

    Attributes:
        finds: by digest, of a find or of a group.
        rules: by rule; ``OTHERS`` for all that nothing else decides.
    """

    finds: Mapping[bytes, bool] = field(default_factory=dict)
    rules: Mapping[str, bool] = field(default_factory=dict)

    @property
    def keeps_all(self) -> bool:
        """Whether everything that is not certain stays, so that texts in which nothing is certain need not be read."""
        return self.rules.get(OTHERS) is False and not any((*self.finds.values(), *self.rules.values()))

    def decide(self, access: Access, found: FoundText) -> bool | None:
        """Return whether a find becomes the pseudonym; None where nobody has decided."""
        if found.find.is_certain:
            return True
        decided = self.finds.get(digest_of(access, found))
        if decided is None:
            decided = self.finds.get(digest_of_group(access, found.find.rule, found.excerpt[1]))
        return self.by_rule(found.find.rule) if decided is None else decided

    def decide_group(self, access: Access, group: LeftGroup) -> bool | None:
        """Return whether all finds of a group become the pseudonym; None where nobody has decided."""
        decided = self.finds.get(digest_of_group(access, group.rule, group.written))
        return self.by_rule(group.rule) if decided is None else decided

    def by_rule(self, rule: Rule) -> bool | None:
        """Return what was decided for all finds of a rule, or for all others."""
        return self.rules.get(rule.value, self.rules.get(OTHERS))


UNDECIDED: Final = Decisions()


class UndecidedFindsError(ConflictError):
    """Something in texts may be the person, and nobody has decided it: read the finds and decide them."""

    code = "UNDECIDED_FINDS"


def undecided_finds(count: int) -> UndecidedFindsError:
    """Return the refusal of an erasure of which so much is undecided."""
    return UndecidedFindsError(f"{count} finds in texts are undecided: read them, decide, and preview again.")


@dataclass(slots=True)
class Deciding:
    """Decides each find while texts are rewritten.

    Attributes:
        is_final: whether the time for a decision is over: then what is likely becomes the pseudonym, and what is only
            possible stays.
        undecided: how many finds were decided only by that.

    Raises:
        UndecidedFindsError: when called with a find that nobody has decided, while there is time to do so.
    """

    access: Access
    decisions: Decisions
    is_final: bool = False
    undecided: int = 0

    def is_like(self, other: Deciding) -> bool:
        """Return whether another one decides alike."""
        return (self.decisions, self.is_final) == (other.decisions, other.is_final)

    def __call__(self, found: FoundText) -> bool:
        """Return whether a find becomes the pseudonym."""
        decided = self.decisions.decide(self.access, found)
        if decided is not None:
            return decided
        self.undecided += 1
        if not self.is_final:
            raise undecided_finds(1)
        return self.is_final and found.find.certainty is not Certainty.POSSIBLE


async def decisions_for(access: Access, right_id: UUID) -> Decisions:
    """Return what was decided for an erasure, for code that has checked who may."""
    finds = await access.fetch(
        "select digest, is_rewritten from erasure_find"
        " where organisation_id = $1 and right_id = $2 and is_rewritten is not null",
        right_id,
    )
    rules = await access.fetch(
        "select rule, is_rewritten from erasure_find_rule where organisation_id = $1 and right_id = $2", right_id
    )
    return Decisions(
        {bytes(row["digest"]): row["is_rewritten"] for row in finds},
        {row["rule"]: row["is_rewritten"] for row in rules},
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A find or a group as it is written down."""

    digest: bytes
    found: FoundText
    is_group: bool
    count: int


async def note_finds(access: Access, right_id: UUID, search: Search) -> None:
    """Write down what has to be decided now; what is no longer found is not asked about, its decision stays."""
    seen = {item.digest: item for item in _seen(access, search)}
    await access.execute(
        "update erasure_find set is_present = digest = any($3::bytea[]) where organisation_id = $1 and right_id = $2",
        right_id,
        list(seen),
    )
    decided = await decisions_for(access, right_id)
    await access.transaction.executemany(
        "insert into erasure_find (organisation_id, id, created_at, right_id, digest, table_name, item_id, column_name,"
        " kind, rule, is_group, alike, is_rewritten)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        " on conflict (organisation_id, right_id, digest) do update set alike = excluded.alike",
        [
            (
                access.organisation_id,
                uuid7(),
                access.now,
                right_id,
                item.digest,
                item.found.table,
                item.found.row_id,
                item.found.column,
                item.found.find.kind.value,
                item.found.find.rule.value,
                item.is_group,
                item.count,
                decided.by_rule(item.found.find.rule),
            )
            for item in seen.values()
        ],
    )


def _seen(access: Access, search: Search) -> list[_Seen]:
    alone = (_Seen(digest_of(access, found), found, is_group=False, count=1) for found in search.listed)
    groups = (
        _Seen(digest_of_group(access, group.rule, group.written), group.sample, is_group=True, count=group.count)
        for group in search.left
    )
    return [*alone, *groups]


def decided_finds(access: Access, search: Search, decisions: Decisions) -> dict[str, bool | None]:
    """Return everything that has to be decided, by the hexadecimal digits that name it, and what was decided."""
    alone = {digest_of(access, found).hex(): decisions.decide(access, found) for found in search.listed}
    groups = {
        digest_of_group(access, group.rule, group.written).hex(): decisions.decide_group(access, group)
        for group in search.left
    }
    return alone | groups


async def decide_finds(
    access: Access, right_id: UUID, decided: Mapping[UUID, bool], *, is_committed: bool = False
) -> None:
    """Decide finds one by one, for code that has checked who may.

    Args:
        access: the decider.
        right_id: the erasure.
        decided: by id, whether a find becomes the pseudonym.
        is_committed: whether what is decided stands, so that only what is not can be.

    Raises:
        InvalidInputError: one is not of this erasure, or decided and committed.
    """
    changed = await access.execute(
        "update erasure_find f set is_rewritten = d.is_rewritten, decided_by = $3, decided_at = $4"
        " from unnest($5::uuid[], $6::boolean[]) as d (id, is_rewritten)"
        " where f.organisation_id = $1 and f.right_id = $2 and f.id = d.id and (f.is_rewritten is null or not $7)",
        right_id,
        access.actor.member_id or access.actor.account_id,
        access.now,
        list(decided),
        list(decided.values()),
        is_committed,
    )
    if changed != len(decided):
        raise InvalidInputError(
            "No such find that can be decided: take the ids from the erasure's finds.", path=("finds",)
        )


async def decide_by_rule(
    access: Access, right_id: UUID, rule: str, *, is_rewritten: bool, is_committed: bool = False
) -> None:
    """Decide all finds of a rule that nobody has decided, now and later; the rule ``OTHERS`` is for all of them.

    Raises:
        InvalidInputError: the rule was decided before the commit: that stands.
    """
    who = access.actor.member_id or access.actor.account_id
    changed = await access.execute(
        "insert into erasure_find_rule (organisation_id, id, created_at, right_id, rule, is_rewritten, decided_by)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict (organisation_id, right_id, rule)"
        " do update set is_rewritten = excluded.is_rewritten, decided_by = excluded.decided_by where not $8",
        uuid7(),
        access.now,
        right_id,
        rule,
        is_rewritten,
        who,
        is_committed,
    )
    if not changed:
        raise InvalidInputError("This rule was decided before: the commit was of that.", path=("rules",))
    await access.execute(
        "update erasure_find set is_rewritten = $3, decided_by = $4, decided_at = $5"
        " where organisation_id = $1 and right_id = $2 and is_rewritten is null and ($6 = '' or rule = $6)",
        right_id,
        is_rewritten,
        who,
        access.now,
        rule,
    )


async def undecided(access: Access, right_id: UUID) -> int:
    """Return how much of what was found last nobody has decided."""
    count: int = await access.fetchval(
        "select count(*) from erasure_find"
        " where organisation_id = $1 and right_id = $2 and is_present and is_rewritten is null",
        right_id,
    )
    return count


async def list_finds(
    access: Access, right_id: UUID, page: PageRequest, *, is_undecided: bool = False
) -> Page[FindRecord]:
    """Return a page of what was found last and has to be decided, for code that has checked who may see it."""
    parameters = Parameters(access.organisation_id, right_id)
    conditions = ["organisation_id = $1", "right_id = $2", "is_present"]
    if is_undecided:
        conditions.append("is_rewritten is null")
    sql = _SELECT + page_sql(page, parameters, conditions)
    return page_of_rows(await access.transaction.fetch_as(FindRecord, sql, *parameters.values), page)


async def find_by_id(access: Access, find_id: UUID) -> FindRecord | None:
    """Return one, for code that has checked who may see it; None when there is none."""
    return await access.fetchrow_as(FindRecord, _SELECT + " where organisation_id = $1 and id = $2", find_id)


async def drop_rule_for_others(access: Access, right_id: UUID) -> None:
    """Forget what was decided for what had not appeared, when an erasure is called off; finds stay as decided."""
    await access.execute(
        "delete from erasure_find_rule where organisation_id = $1 and right_id = $2 and rule = $3", right_id, OTHERS
    )


async def drop_finds(access: Access, right_ids: Collection[UUID]) -> None:
    """Forget what was found and decided for erasures that have ended."""
    ids = list(right_ids)
    await access.execute("delete from erasure_find where organisation_id = $1 and right_id = any($2::uuid[])", ids)
    await access.execute("delete from erasure_find_rule where organisation_id = $1 and right_id = any($2::uuid[])", ids)
