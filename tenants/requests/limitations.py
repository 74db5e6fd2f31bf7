"""Check what a decider wants to withhold from a right, or to keep from an erasure, when the right is approved (D5)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.core.database.personal_data import Erasure, Personal, Source, TableEntry
from wardship.core.database.tables import TenantRows
from wardship.core.errors import InvalidInputError
from wardship.plugins.api.taxonomy import CATEGORIES
from wardship.tenants.access import Access
from wardship.tenants.erasure.registry import select_sql, subject_condition
from wardship.tenants.limitations.limits import (
    PARTS,
    Item,
    Limitation,
    LimitationReason,
    Limits,
    Passage,
    categories_left,
    is_keepable,
)
from wardship.tenants.requests.records import RightRecord
from wardship.tenants.requests.states import RightKind
from wardship.tenants.text import many_lines

MOST: Final = 20
_MOST_NAMED: Final = 200
_SHORTEST_PASSAGE, _LONGEST_PASSAGE = 3, 2000
_COPIES: Final = frozenset({RightKind.ACCESS, RightKind.PORTABILITY})
_PORTABLE: Final = frozenset({Source.PERSON, Source.AUTOMATIC})
_MENTIONING: Final = "id in (select post_id from mention where organisation_id = $1 and member_id = $2)"
_INSTEAD: Final = MappingProxyType(
    {
        RightKind.CORRECTION: "Name the fields that are corrected in `fields`: the others are not.",
        RightKind.OBJECTION: "An objection is granted whole or refused.",
        RightKind.CONSENT_WITHDRAWAL: "A consent that is withdrawn is withdrawn: this right can't be limited.",
        RightKind.DEACTIVATION: "A deactivation is granted whole or refused.",
    }
)


class LimitationNamesNothingError(InvalidInputError):
    """A limitation in words alone withholds nothing: name categories, columns, items or passages in `limitations`."""

    code = "LIMITATION_NAMES_NOTHING"


class LimitsEverythingError(InvalidInputError):
    """The limitations leave nothing of the right: refuse it, so that the person can take it to the privacy team."""

    code = "LIMITS_EVERYTHING"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLimitation:
    """What a decider wants to withhold or keep, unchecked; a passage is given with its row and in its words."""

    reason_code: LimitationReason
    reason: str
    categories: Sequence[str] = ()
    columns: Sequence[str] = ()
    items: Sequence[Item] = ()
    passages: Sequence[tuple[Item, str]] = ()
    until: datetime | None = None
    keeps_at_recipients: bool = False

    @property
    def named(self) -> int:
        """How many things it names."""
        return len(self.categories) + len(self.columns) + len(self.items) + len(self.passages)


async def checked_limitations(
    access: Access, member_id: UUID, right: RightRecord, wanted: Sequence[WantedLimitation]
) -> tuple[Limitation, ...]:
    """Return the limitations of a right in the form in which they are kept.

    Raises:
        LimitationNamesNothingError: one names nothing.
        LimitsEverythingError: nothing is left of the right.
        InvalidInputError: the right can't be limited so, or something named is unknown or not the right's.
    """
    if wanted and right.kind in _INSTEAD:
        raise _refused(_INSTEAD[right.kind])
    if len(wanted) > MOST or any(item.named > _MOST_NAMED for item in wanted):
        raise _refused(f"Give at most {MOST} limitations that name at most {_MOST_NAMED} things each.")
    checked = tuple([await _checked(access, member_id, right, item) for item in wanted])
    _require_something_left(access, right, checked)
    return checked


async def _checked(access: Access, member_id: UUID, right: RightRecord, wanted: WantedLimitation) -> Limitation:
    if not wanted.named:
        raise LimitationNamesNothingError(
            "Name what is withheld: categories, columns, items or passages.", path=("limitations",)
        )
    _require_fitting(access, right, wanted)
    _require_categories(access, right, wanted.categories)
    _require_columns(access, right, wanted.columns)
    for item in wanted.items:
        await _require_row(access, member_id, right, item)
    return Limitation(
        reason_code=wanted.reason_code,
        reason=many_lines(wanted.reason, "reason", most=2000, least=1),
        categories=tuple(dict.fromkeys(wanted.categories)),
        columns=tuple(dict.fromkeys(wanted.columns)),
        items=tuple(dict.fromkeys(wanted.items)),
        passages=tuple([await _passage(access, member_id, right, *each) for each in wanted.passages]),
        until=wanted.until,
        keeps_at_recipients=wanted.keeps_at_recipients,
    )


def _require_fitting(access: Access, right: RightRecord, wanted: WantedLimitation) -> None:
    """Refuse what a limitation of this kind of right can't say."""
    if right.kind is RightKind.RESTRICTION and wanted.named != len(wanted.categories):
        raise _refused("A restriction is limited by categories alone: what is named stays in use.")
    if right.kind is not RightKind.ERASURE:
        if wanted.keeps_at_recipients:
            raise _refused("Only an erasure can leave something at recipients.", "keepsAtRecipients")
        return
    if wanted.passages:
        raise _refused("An erasure keeps rows, not passages: name the post or file in `items`.", "passages")
    if wanted.keeps_at_recipients and not wanted.categories:
        raise _refused("Recipients are told by category: name the categories that they keep.", "keepsAtRecipients")
    if wanted.until is None and wanted.reason_code is not LimitationReason.LEGAL_HOLD:
        raise _refused("Say until when it is kept; only a legal hold may be open, until somebody ends it.", "until")
    if wanted.until is not None and (wanted.until.tzinfo is None or wanted.until <= access.now):
        raise _refused("Give a date ahead, with its time zone: what is kept is erased then.", "until")


def _limitable(access: Access, right: RightRecord) -> Iterator[tuple[TableEntry, str, Personal]]:
    """Yield the columns of which the right is: shown by a copy, or treated by an erasure."""
    for entry in access.services.nouns.held:
        for name, held in entry.personal.items():
            if right.kind is RightKind.ERASURE:
                is_held = entry.subject is not None or held.erasure is Erasure.MODIFY
                is_in = issubclass(entry.table, TenantRows) and is_held and is_keepable(held)
            else:
                is_shown = entry.subject is not None and held.exported
                is_in = is_shown and (right.kind is not RightKind.PORTABILITY or held.source in _PORTABLE)
            if is_in:
                yield entry, name, held


def _require_categories(access: Access, right: RightRecord, categories: Collection[str]) -> None:
    for category in categories:
        if category not in CATEGORIES:
            raise _refused(f"{category!r} is no data category: take one of the taxonomy.", "categories")
        named = Limitation(reason_code=LimitationReason.OTHER, reason="", categories=(category,))
        is_held = any(named.covers_category(held.category) for _, _, held in _limitable(access, right))
        is_declared = any(
            named.covers_category(received.category)
            for found in access.services.integrations.all()
            if found.manifest is not None
            for received in found.manifest.receives
        )
        if not is_held and not is_declared and right.kind is not RightKind.RESTRICTION:
            raise _refused(f"Nothing of {category!r} is held for this right.", "categories")


def _require_columns(access: Access, right: RightRecord, named: Collection[str]) -> None:
    known = {f"{entry.name}.{name}" for entry, name, _ in _limitable(access, right)}
    if right.kind is RightKind.ACCESS:
        known |= set(PARTS)
    for column in named:
        if column not in known:
            raise _refused(f"{column!r} is no column of this right: take one of the registry.", "columns")


async def _require_row(access: Access, member_id: UUID, right: RightRecord, item: Item) -> Mapping[str, object]:
    """Return the texts of a row that the right is about.

    Raises:
        InvalidInputError: there is none, or it is not the right's.
    """
    entry = next((entry for entry in access.services.nouns.held if entry.name == item.table), None)
    held = {name for of, name, _ in _limitable(access, right) if of is entry}
    if entry is None or not held or not issubclass(entry.table, TenantRows) or entry.subject == "id":
        raise _refused("No such item: take the id of a post or a file.", "items")
    sql = select_sql(entry, sorted(held), "and id = $3", of=f"({_of_right(right, entry)})")
    row = await access.fetchrow(sql, member_id, item.id)
    if row is None:
        raise _refused("No such item, or it is not one that this right is about.", "items")
    return {name: value for name, value in row.items() if isinstance(value, str)}


def _of_right(right: RightRecord, entry: TableEntry) -> str:
    """Return the SQL that finds rows that a right is about: with $1 organisation and $2 member."""
    if right.kind is RightKind.ERASURE and any(held.erasure is Erasure.MODIFY for held in entry.personal.values()):
        return "organisation_id = $1 and $2::uuid is not null"  # what anybody wrote may name the person
    own = subject_condition(entry)
    if right.kind is RightKind.ACCESS and entry.name == "post":
        return f"{own} or organisation_id = $1 and {_MENTIONING}"
    return own


async def _passage(access: Access, member_id: UUID, right: RightRecord, item: Item, text: str) -> Passage:
    words = text.strip()
    if not _SHORTEST_PASSAGE <= len(words) <= _LONGEST_PASSAGE:
        raise _refused(f"Give {_SHORTEST_PASSAGE} to {_LONGEST_PASSAGE} signs of the text.", "passages")
    texts = await _require_row(access, member_id, right, item)
    if not any(words in str(value) for value in texts.values()):
        raise _refused("The passage does not stand in that item: give it as it is written there.", "passages")
    return Passage(item.table, item.id, len(words), passage_digest(access, words))


def passage_digest(access: Access, text: str) -> str:
    """Return what is kept of a passage: a keyed digest, from which it can't be guessed back."""
    return access.services.keys.fingerprint("limitation-passage", text).hex()


def _require_something_left(access: Access, right: RightRecord, checked: Sequence[Limitation]) -> None:
    limits = Limits(checked)
    if right.kind is RightKind.RESTRICTION:
        is_left = bool(categories_left(checked))
    else:
        is_left = any(limits.column(*each) is None for each in _limitable(access, right))
    if not is_left:
        raise LimitsEverythingError("This leaves nothing of the right: refuse it instead.", path=("limitations",))


def _refused(message: str, field: str = "") -> InvalidInputError:
    return InvalidInputError(message, path=("limitations", field) if field else ("limitations",))
