"""Whether a document may be taken up: what it declares fits, its key is nobody else's, and it is who was let in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from wardship.plugins.host.registry import LoadState, load_plugin
from wardship.plugins.host.remote import ManifestDocumentError, RemoteDocument, RemotePlugin, read_document
from wardship.tenants.access import Access
from wardship.tenants.remote_integrations.records import RemoteIntegrationRecord

_LOCK_KEY: Final = "select pg_advisory_xact_lock(hashtextextended($1::text, 2063))"
_OTHERS: Final = (
    "select exists (select from remote_integration where organisation_id = $1 and integration_key = $2 and id <> $3"
    " and (state <> 'ended' or account_id <> $4))"
)
_OWN_BEFORE: Final = (
    "select exists (select from remote_integration where organisation_id = $1 and integration_key = $2"
    " and account_id = $3 and is_admitted)"
)
_IN_USE: Final = "select exists (select from installations_of_integration($1))"


@dataclass(frozen=True, slots=True)
class Judged:
    """A document with its text, or why it can't be taken up, in words for its vendor."""

    document: RemoteDocument | None
    fault: str = ""
    text: str = ""


def read_fit_document(body: bytes, *, plain_http: bool) -> Judged:
    """Return the document in a body, judged as a package is when it is loaded."""
    try:
        document = read_document(body, plain_http=plain_http)
    except ManifestDocumentError as error:
        return Judged(None, error.message)
    loaded = load_plugin(lambda: RemotePlugin(document, _no_secrets), document.key, "")
    return (
        Judged(document, text=body.decode()) if loaded.state is LoadState.LOADED else Judged(None, loaded.reason or "")
    )


def _no_secrets() -> tuple[str, ...]:
    return ()


async def fault_of(access: Access, remote: RemoteIntegrationRecord, document: RemoteDocument) -> str:
    """Return why a document that fits is still not taken up; empty where it is. The key is held until the end."""
    if remote.integration_key not in {None, document.key}:
        return f"manifest.key: it was registered as {remote.integration_key}; register the other one anew"
    if fault := _changed_identity(remote, document):
        return fault
    if access.services.integrations.has_package(document.key):
        return f"manifest.key: {document.key} is the key of a package; choose another"
    await access.transaction.execute(_LOCK_KEY, document.key)
    if await access.fetchval(_OTHERS, document.key, remote.id, remote.account_id):
        return f"manifest.key: {document.key} is the key of another remote integration; choose another"
    return await _fault_of_use(access, document.key, remote.account_id)


def _changed_identity(remote: RemoteIntegrationRecord, document: RemoteDocument) -> str:
    """Return what is said otherwise than it was let in under: an operator looked at who it is."""
    if not remote.is_admitted:
        return ""
    present = {"name": document.manifest.name, "vendor.legal_name": document.manifest.vendor.legal_name}
    before = {"name": remote.name, "vendor.legal_name": remote.vendor_name}
    for place, text in present.items():
        if text != before[place]:
            return f"manifest.{place}: it was let in as {before[place]}; keep that, or register it anew"
    return ""


async def _fault_of_use(access: Access, key: str, account_id: UUID) -> str:
    """Return that a key is in use by what was here before: its installations are not for somebody else to take."""
    if await access.fetchval(_OWN_BEFORE, key, account_id):
        return ""
    if await access.transaction.fetchval(_IN_USE, key):
        return f"manifest.key: {key} is in use here by another integration; choose another"
    return ""
