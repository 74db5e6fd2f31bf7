"""What an erasure would touch, described for the decider and digested, so that a commit is of exactly that (D8)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
import rfc8785

from wardship.core.database.tables import TenantRows
from wardship.plugins.api import AttestSupport, EraseSupport, Manifest
from wardship.tenants.access import Access
from wardship.tenants.egress.holdings import HeldPlace, places_holding
from wardship.tenants.erasure.finds import UNDECIDED, Decisions, decided_finds
from wardship.tenants.erasure.kept import kept_places, kept_rows, limited_at
from wardship.tenants.erasure.plan import ErasureStatement, Treatment, tenant_statements
from wardship.tenants.erasure.search import Search, search_texts
from wardship.tenants.erasure.texts import text_tables
from wardship.tenants.installations.records import SELECT, InstallationRecord, read_places
from wardship.tenants.limitations.limits import Limitation, Limits
from wardship.tenants.matching.identifiers import Identifiers
from wardship.tenants.members.identifiers import NOBODY, identifiers_of

_PROOFS = {AttestSupport.PROBE: "probed", AttestSupport.RECEIPT: "receipt", AttestSupport.NONE: "self_reported"}
_BY_HAND = {EraseSupport.MANUAL, EraseSupport.NONE}
_MARKED_SQL = "select encode(sha256(convert_to(coalesce(string_agg(id::text, ',' order by id), ''), 'UTF8')), 'hex')"

_OWN = (
    "where organisation_id = $1 and member_id = $2"
    " and state not in ('revoking', 'revocation_overdue', 'removed') order by created_at, id"
)
_SHARED_SQL = """
    select (select count(*) from post where organisation_id = $1 and author_id = $2) as post,
        (select count(*) from file_reference where organisation_id = $1 and uploader_id = $2) as file_reference,
        (select count(*) from mention where organisation_id = $1 and member_id = $2) as mention
"""


class TablePreview(msgspec.Struct, frozen=True):
    """What happens to one table: rows of the person, how they are treated, the categories that go."""

    table: str
    rows: int
    treatment: str
    categories: tuple[str, ...]


class CategoryPreview(msgspec.Struct, frozen=True):
    """How many rows hold a category of the person's data."""

    category: str
    rows: int


class Retained(msgspec.Struct, frozen=True):
    """What stays, why, and until when, in words."""

    what: str
    reason: str
    until: str


class SharedPreview(msgspec.Struct, frozen=True):
    """Content that stays for the group and will show under a pseudonym."""

    what: str
    rows: int


class IntegrationPreview(msgspec.Struct, frozen=True):
    """One place that will be told to erase, who receives there, and the grade of proof that it can give.

    Attributes:
        action: ``erase``, or ``restrict`` where a limitation lets it keep what it has.
        is_own: whether the person connected it alone: it is taken back as a whole.
        limited_categories: what it received of the categories that limitations name.
    """

    installation_id: UUID
    name: str
    method: str
    proof: str
    retention_days: int
    recipient: str = ""
    action: str = "erase"
    is_own: bool = False
    limited_categories: tuple[str, ...] = ()


class KeptPreview(msgspec.Struct, frozen=True):
    """What one limitation keeps: what it names, how many rows that is, why, and until when (RFC 3339)."""

    what: str
    rows: int
    reason_code: str
    until: str


class ErasurePreview(msgspec.Struct, frozen=True):
    """What an erasure would do, without any value of the person's data, and without the pseudonym.

    Somebody who saw the pseudonym now could tell later whose it was.
    """

    tables: tuple[TablePreview, ...]
    categories: tuple[CategoryPreview, ...]
    shared: tuple[SharedPreview, ...]
    retained: tuple[Retained, ...]
    integrations: tuple[IntegrationPreview, ...]
    account: str
    kept: tuple[KeptPreview, ...] = ()
    listed: int = 0
    undecided: int = 0


@dataclass(frozen=True, slots=True)
class ErasureSnapshot:
    """The preview, the digest of all that it depends on, what was found in texts, and what the person is known by."""

    preview: ErasurePreview
    digest: bytes
    search: Search
    known: Identifiers


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many rows of the person a table has, and a digest of which."""

    rows: int
    mark: str


_ACCOUNT = "The account with its addresses and credentials is erased too, unless the person is a member elsewhere."
_ACCOUNT_AT_PROVIDER = (
    "The account with its addresses and credentials is erased. What an organisation still keeps of a membership that"
    " has ended is the organisation's to erase."
)
_FOR_GOOD = "as long as the organisation"
KEPT = (
    Retained("audit entries", "accountability: they hold identifiers only", _FOR_GOOD),
    Retained("ledger of disclosures", "proof of what went to whom: names of fields only", _FOR_GOOD),
    Retained("this request and its certificate", "proof of what was done: no personal data", _FOR_GOOD),
    Retained(
        "keyed hashes of address, phone and username",
        "an import or invitation must not bring the person back",
        "until the person registers anew",
    ),
)


async def take_snapshot(
    access: Access,
    member_id: UUID,
    limitations: Sequence[Limitation] = (),
    decisions: Decisions = UNDECIDED,
    earlier: Identifiers = NOBODY,
) -> ErasureSnapshot:
    """Return what erasing a member now would do, but for what limitations keep, and its digest.

    The digest covers every row that would be deleted or emptied, what the person is known by, what others wrote that
    would be rewritten, what has to be decided and was, and the recipients: if any of them changes, it changes. Left out
    is what the product writes while it deals with requests, so that another decision on the person changes nothing.
    """
    own = tenant_statements(access.services.nouns.held, Limits(limitations))
    both = (access.organisation_id, member_id)
    counted = {statement.table: await _count(access, statement, *both) for statement in own}
    known = await identifiers_of(access, member_id, earlier)
    tables = [_table(statement, counted[statement.table].rows) for statement in own]
    search = await search_texts(access, known, Limits(limitations))
    tables += _quoting(access, search, Limits(limitations))
    finds = decided_finds(access, search, decisions)
    preview = ErasurePreview(
        tables=tuple(item for item in tables if item.rows),
        categories=tuple(_categories(own, counted)),
        shared=tuple(await _shared(access, member_id)),
        retained=(*KEPT, *_retained_by_registry(access)),
        integrations=tuple(await recipients_of(access, member_id, limitations)),
        account=_ACCOUNT_AT_PROVIDER if access.actor.is_at_provider else _ACCOUNT,
        kept=tuple([await _kept(access, member_id, known, limitation) for limitation in limitations]),
        listed=len(finds),
        undecided=sum(decided is None for decided in finds.values()),
    )
    aside = {entry.name for entry in access.services.nouns.held if entry.is_bookkeeping}
    digested_own = [statement for statement in own if statement.table not in aside]
    marks = {statement.table: counted[statement.table].mark for statement in digested_own}
    lasting = msgspec.structs.replace(
        preview,
        tables=tuple(item for item in preview.tables if item.table not in aside),
        categories=tuple(_categories(digested_own, counted)),
    )
    identity = access.services.keys.fingerprint("erasure-preview", "\n".join(known.texts())).hex()
    digested = {"preview": msgspec.to_builtins(lasting), "rows": marks, "identity": identity, "finds": finds}
    return ErasureSnapshot(preview, hashlib.sha256(rfc8785.dumps(digested)).digest(), search, known)


async def _count(access: Access, statement: ErasureStatement, *arguments: object) -> _Counted:
    where = statement.count_sql.removeprefix("select count(*)")
    row = await access.transaction.fetchrow(f"{_MARKED_SQL} as mark, count(*) as rows{where}", *arguments)
    return _Counted(row["rows"], row["mark"]) if row else _Counted(0, "")


def _table(statement: ErasureStatement, rows: int) -> TablePreview:
    return TablePreview(statement.table, rows, statement.treatment.value, statement.categories)


def _quoting(access: Access, search: Search, limits: Limits) -> list[TablePreview]:
    rows = search.rows
    tables = text_tables(access.services.nouns.held, limits)
    return [
        TablePreview(table.name, rows.get(table.name, 0), Treatment.REWRITE.value, table.categories) for table in tables
    ]


def _categories(own: list[ErasureStatement], counted: Mapping[str, _Counted]) -> list[CategoryPreview]:
    rows: dict[str, int] = {}
    for statement in own:
        for category in statement.categories:
            rows[category] = rows.get(category, 0) + counted[statement.table].rows
    return [CategoryPreview(category, count) for category, count in sorted(rows.items()) if count]


async def _shared(access: Access, member_id: UUID) -> list[SharedPreview]:
    row = await access.fetchrow(_SHARED_SQL, member_id)
    return [SharedPreview(what, rows) for what, rows in row.items()] if row else []


def _retained_by_registry(access: Access) -> list[Retained]:
    return [
        Retained(f"{entry.name}.{name}", held.retained, "as stated")
        for entry in access.services.nouns.held
        if issubclass(entry.table, TenantRows)
        for name, held in sorted(entry.personal.items())
        if held.retained is not None
    ]


async def _kept(access: Access, member_id: UUID, known: Identifiers, limitation: Limitation) -> KeptPreview:
    rows = sum((await kept_rows(access, member_id, known, limitation)).values())
    until = limitation.until.isoformat() if limitation.until else ""
    return KeptPreview(limitation.named(), rows, limitation.reason_code.value, until)


async def recipients_of(access: Access, member_id: UUID, limitations: Sequence[Limitation]) -> list[IntegrationPreview]:
    """Return every place that will be told: those that hold data, and those of what the person connected alone."""
    holding = {held.place.id: held for held in await places_holding(access, member_id)}
    own = {held.place.id: held for held in await _own_places(access, member_id)}
    keeping, limits = await kept_places(access, member_id, limitations), Limits(limitations)
    found = []
    for place_id, held in (holding | own).items():
        limited = tuple(await limited_at(access, member_id, place_id, limits)) if limitations else ()
        action, is_own = "restrict" if place_id in keeping else "erase", held.installation.member_id == member_id
        told = _integration(held)
        found.append(msgspec.structs.replace(told, action=action, is_own=is_own, limited_categories=limited))
    return found


async def _own_places(access: Access, member_id: UUID) -> list[HeldPlace]:
    own = await access.fetch_as(InstallationRecord, f"{SELECT} {_OWN}", member_id)
    places = await read_places(access, [record.place_id for record in own])
    return [HeldPlace(record, places[record.place_id]) for record in own]


def _integration(held: HeldPlace) -> IntegrationPreview:
    installation = held.installation
    manifest = installation.manifest
    return IntegrationPreview(
        installation.id,
        manifest.name,
        manifest.supports.erase.value,
        proof_of(manifest),
        longest_retention(manifest),
        held.place.recipient,
    )


def proof_of(manifest: Manifest) -> str:
    """Return the grade of the best proof of an erasure that an integration can give."""
    supports = manifest.supports
    return "manual" if supports.erase in _BY_HAND else _PROOFS[supports.attest]


def longest_retention(manifest: Manifest) -> int:
    """Return for how many days an integration says it may keep data at most."""
    return max((received.retention_days for received in manifest.receives), default=0)
