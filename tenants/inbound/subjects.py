"""Find whom a vendor means: among those of whom it was sent something, at the place where its data goes now."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.plugins.api import IdentifierFormat, IdentifierType, IdentifierValue, InboundSubject
from wardship.tenants.access import Access
from wardship.tenants.egress.gate import identifiers_of
from wardship.tenants.egress.ledger import MAY_HAVE_ARRIVED
from wardship.tenants.egress.vendor_names import index_names, name_keys
from wardship.tenants.installations.records import InstallationRecord

_KNOWN: Final = (
    "select l.member_id from subject_link l"
    " join member m on m.organisation_id = $1 and m.id = l.member_id and m.state <> 'erased'"
    " where l.organisation_id = $1 and l.installation_id = $2 and l.place_id = $3 and "
)
_BY_ID: Final = _KNOWN + "l.subject_ref = $4 limit 2"
_BY_NAME: Final = _KNOWN + "l.known_as_key = any($4::bytea[]) limit 2"
# By what this vendor was sent, and not by what it was not: else it could ask who is here.
_SENT: Final = (
    " and exists (select from disclosure d where d.organisation_id = $1 and d.place_id = $3 and d.member_id = m.id"
    " and $5 = any(d.fields) and d.state = any($6::text[])) limit 2"
)
_AS: Final = {
    IdentifierFormat.RAW: "lower(btrim(m.{column}))",
    IdentifierFormat.SHA256: "encode(sha256(convert_to(lower(btrim(m.{column})), 'UTF8')), 'hex')",
}
_COLUMNS: Final = {kind: kind.value for kind in IdentifierType}


async def find_subject(access: Access, installation: InstallationRecord, subject: InboundSubject) -> UUID | None:
    """Return the member who is meant; None where it is nobody, or could be more than one."""
    at = (installation.id, installation.place_id)
    if subject.id is not None:
        rows = await access.fetch(_BY_ID, *at, subject.id)
    elif subject.known_as is not None:
        keys = name_keys(access, installation.place_id, subject.known_as)
        rows = await access.fetch(_BY_NAME, *at, keys)
        while not rows and await index_names(access, installation.place_id):
            rows = await access.fetch(_BY_NAME, *at, keys)
    elif subject.identifier is not None and (sql := _by_identifier(access, installation, subject.identifier)):
        given, name = subject.identifier.value.strip().lower(), subject.identifier.type.value
        rows = await access.fetch(sql, *at, given, name, [state.value for state in MAY_HAVE_ARRIVED])
    else:
        rows = []
    found = {row["member_id"] for row in rows}
    return found.pop() if len(found) == 1 else None


def _by_identifier(access: Access, installation: InstallationRecord, given: IdentifierValue) -> str | None:
    """Return the statement that finds somebody by a declared identifier in its declared format."""
    declared = {each.type: each.format for each in identifiers_of(access, installation)}
    if given.type not in declared:
        return None
    return f"{_KNOWN}{_AS[declared[given.type]].format(column=_COLUMNS[given.type])} = $4{_SENT}"
