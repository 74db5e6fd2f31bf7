"""What remote integrations declare, for those who look at them before anybody can install them."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from uuid import UUID

from wardship.plugins.api import Manifest, RevocationPlan
from wardship.plugins.host.remote import ManifestDocumentError, read_document
from wardship.tenants.access import Access
from wardship.tenants.remote_integrations.read import documents_of


async def declarations_of(access: Access, remote_ids: Collection[UUID]) -> dict[UUID, tuple[Manifest, RevocationPlan]]:
    """Return manifest and plan by id, of those that have declared something; the caller has checked who may see it."""
    texts = await documents_of(access, remote_ids)
    read = {identifier: _declared(text) for identifier, text in texts.items()}
    return {identifier: declared for identifier, declared in read.items() if declared is not None}


@lru_cache(maxsize=64)
def _declared(text: str) -> tuple[Manifest, RevocationPlan] | None:
    """Return what a document that was taken up declares; None where the contract has changed since."""
    try:
        # Whether its endpoint may be reached was looked at when it was taken up.
        document = read_document(text.encode(), plain_http=True)
    except ManifestDocumentError:
        return None
    return document.manifest, document.plan
