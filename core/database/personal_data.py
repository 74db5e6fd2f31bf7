"""The registry of personal data: what each column holds, where it came from, and what an erasure does to it.

Export, erasure, egress and documentation are generated from it (requirement B1). Each table class declares its columns
where it is defined, and carries the declaration; ``tests/core/database/test_tables.py`` fails for a column that is
neither personal nor marked as not personal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final, TypeVar

from piccolo.table import Table


class Source(StrEnum):
    """Where a datum came from (requirement B4)."""

    PERSON = "given_by_the_person"
    ADMINISTRATOR = "given_by_an_administrator"
    AUTOMATIC = "collected_automatically"
    THIRD_PARTY = "from_a_third_party"
    LINKED_SERVICE = "from_a_linked_service"


class Erasure(StrEnum):
    """What an erasure does to a column's value."""

    REMOVE = "remove"
    """Set to NULL; where the column may not be NULL, to the type's empty value."""
    MODIFY = "modify"
    """Rewrite inside the value: every identifier of the person in it becomes the pseudonym."""
    DECORRELATE = "decorrelate"
    """Replace by the person's pseudonym in the organisation (text), or cut the link (identifier)."""


class RowErasure(StrEnum):
    """What an erasure does to a row of the person."""

    KEEP = "keep"
    """The row stays; each personal column is treated by its own ``Erasure``."""
    DELETE = "delete"
    """The row goes."""


class Outlasting(StrEnum):
    """How long the rows of an organisation stay when the organisation itself has ended."""

    NOTHING = "nothing"
    """They go at once, but for rows that others still refer to: those are emptied."""
    DUTIES = "duties"
    """They stay until recipients have given everything back, and until what limitations keep has ended."""
    PROOF = "proof"
    """They stay: they prove what was done, and hold no personal data."""


class Controller(StrEnum):
    """Who decides on data: for what it is kept, and on what people ask about it (GDPR article 4(7))."""

    ORGANISATION = "organisation"
    """The organisation decides; the provider holds it on its behalf, as its processor."""
    PROVIDER = "provider"
    """The provider of the service decides: it is what an account is made of."""


class TextContext(StrEnum):
    """What kind of text a column holds, which decides what may be rewritten in it."""

    TEXT = "text"
    """What people wrote; tags, entities, JSON and web addresses in it are recognised."""
    NAME = "name"
    """The name of a file or a group: signs between words stand for spaces."""
    JSON = "json"
    """A JSON document as text: found in its decoded strings, its structure kept."""
    HTML = "html"
    """Markup: found between the tags, across those that only change how letters look."""
    WEB_ADDRESS = "web_address"
    """One web address: what names a person in it is asked about, because a rewritten address leads nowhere."""
    ADDRESS = "address"
    """One e-mail address: the person's as a whole, or somebody else's."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """How a column is encrypted: for one purpose, and bound to one row of one organisation.

    Attributes:
        column: its name.
        purpose: the purpose whose key it is encrypted with.
        bound_to: the columns of identifiers to which it is bound, after the organisation.
        at_once: how many values are held in memory at once when they are all encrypted again.
    """

    column: str
    purpose: str
    bound_to: tuple[str, ...] = ("id",)
    at_once: int = 200


@dataclass(frozen=True, slots=True)
class Personal:
    """What one column holds.

    Attributes:
        category: dotted Fides category, for example ``user.contact.email``.
        source: where the values come from.
        erasure: what an erasure does to them.
        exported: whether a copy for the person shows them.
        longest: how long the database lets a text be; a pseudonym may be longer than what it stands for.
        is_unique: whether no two texts of an organisation are alike.
        retained: why the column outlives an erasure and until when, in words; None where it does not.
        context: what kind of text it holds, where an erasure rewrites inside the value.
    """

    category: str
    source: Source
    erasure: Erasure
    exported: bool = True
    longest: int | None = None
    is_unique: bool = False
    retained: str | None = None
    context: TextContext = TextContext.TEXT


@dataclass(frozen=True, slots=True)
class TableEntry:
    """What the registry knows of one table.

    Attributes:
        table: its class.
        subject: the column that names whose row it is (``member_id``, ``account_id``, ``id``); None when rows belong
            to nobody in particular but may mention people.
        subject_kind: what the subject column holds: ``member``, ``account``, or ``request`` (the id of a request that
            a member made).
        rows: what an erasure does to the subject's rows.
        personal: column name to what it holds.
        not_personal: the other columns.
    """

    table: type[Table]
    subject: str | None
    subject_kind: str
    rows: RowErasure
    personal: Mapping[str, Personal]
    not_personal: frozenset[str]

    @property
    def name(self) -> str:
        """Return the table's name in the database."""
        return self.table._meta.tablename  # noqa: SLF001 - Piccolo's way to a table's name

    @property
    def controller(self) -> Controller:
        """Return who decides on the rows."""
        return self.table.controller if issubclass(self.table, DeclaredTable) else Controller.PROVIDER

    @property
    def is_bookkeeping(self) -> bool:
        """Return whether the product itself writes the rows while it deals with people's requests."""
        return issubclass(self.table, DeclaredTable) and self.table.is_bookkeeping


class DeclaredTable(Table):
    """A table of ours; its class carries what ``personal_data`` declared.

    Attributes:
        held: what it holds.
        outlasting: how long its rows stay when their organisation has ended.
        is_bookkeeping: whether the product itself writes its rows while it deals with people's requests. An erasure
            takes them along; what is to be decided about it doesn't change by them.
        forgotten_by: the database's function that deletes a batch of them then, where we may not; empty where we may.
        encrypted: which columns are encrypted, and how.
        controller: who decides on its rows: the provider on those of the directory, an organisation on its own.
    """

    held: ClassVar[TableEntry]
    outlasting: ClassVar[Outlasting] = Outlasting.NOTHING
    is_bookkeeping: ClassVar[bool] = False
    forgotten_by: ClassVar[str] = ""
    encrypted: ClassVar[tuple[Sealed, ...]] = ()
    controller: ClassVar[Controller] = Controller.PROVIDER


TableClass = TypeVar("TableClass", bound=DeclaredTable)
_IN_EVERY_TABLE: Final = frozenset({"organisation_id", "id", "created_at"})


def personal_data(
    *,
    subject: str | None = None,
    subject_kind: str = "member",
    rows: RowErasure = RowErasure.KEEP,
    personal: Mapping[str, Personal] | None = None,
    not_personal: tuple[str, ...] = (),
) -> Callable[[type[TableClass]], type[TableClass]]:
    """Declare what a table class holds; used as its decorator.

    What every table has (organisation, id, moment of making) is not personal unless declared so.

    Raises:
        ValueError: when a named column does not exist or is declared twice.
    """

    def declare(table: type[TableClass]) -> type[TableClass]:
        held = dict(personal or {})
        others = _IN_EVERY_TABLE & _columns(table) - held.keys() | frozenset(not_personal)
        entry = TableEntry(table, subject, subject_kind, rows, held, others)
        _check(entry)
        table.held = entry
        return table

    return declare


def account_data(
    *, personal: Mapping[str, Personal] | None = None, not_personal: tuple[str, ...] = ()
) -> Callable[[type[TableClass]], type[TableClass]]:
    """Declare rows of the account in ``account_id``, which go with it; see ``personal_data``."""
    return personal_data(
        subject="account_id",
        subject_kind="account",
        rows=RowErasure.DELETE,
        personal=personal,
        not_personal=("account_id", *not_personal),
    )


def _check(entry: TableEntry) -> None:
    if unknown := (entry.personal.keys() | entry.not_personal) - _columns(entry.table):
        raise ValueError(f"{entry.name}: no such column: {sorted(unknown)}")
    if twice := set(entry.personal) & entry.not_personal:
        raise ValueError(f"{entry.name}: declared personal and not personal: {sorted(twice)}")


def _columns(table: type[Table]) -> set[str]:
    return {column._meta.name for column in table._meta.columns}  # noqa: SLF001 - Piccolo's way to columns
