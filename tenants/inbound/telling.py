"""Tell people what came in by a vendor: the member concerned, and those who look after the integration."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from wardship.plugins.api import STANDARD_FIELDS, InboundKind
from wardship.plugins.api.taxonomy import PURPOSES
from wardship.tenants.access import Access
from wardship.tenants.inbound.notices import CHOICE_FROM_VENDOR, CHOICES_FROM_VENDOR, DATA_FROM_VENDOR
from wardship.tenants.installations.records import InstallationRecord, PlaceRecord
from wardship.tenants.installations.telling import tell_keepers
from wardship.tenants.notices import tell

_WHAT: Final = {
    InboundKind.OBJECTED: "objected",
    InboundKind.CONSENT_WITHDRAWN: "withdrew a consent",
    InboundKind.UNSUBSCRIBED: "unsubscribed",
    InboundKind.ERASED: "had everything erased there",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """The installation that was called, with the place where its data goes."""

    installation: InstallationRecord
    place: PlaceRecord


async def tell_choice(access: Access, caller: Caller, member_id: UUID, kind: InboundKind, purpose: str) -> None:
    """Tell that a choice which a person made at a vendor holds here."""
    installation, what = caller.installation, _WHAT[kind]
    label = PURPOSES[purpose].label if purpose in PURPOSES else ""
    if member_id != installation.member_id:  # who connected it alone is told as its keeper
        await tell(
            access,
            CHOICE_FROM_VENDOR,
            [member_id],
            target=("installation", installation.id),
            once=f"{kind}:{purpose}:{access.now.isoformat()}",
            integration=installation.manifest.name,
            recipient=caller.place.recipient,
            what=what,
            purpose=label,
            is_erased=kind is InboundKind.ERASED,
        )
    once = f"{kind}:{access.now.date()}"
    await tell_keepers(
        access, installation, CHOICES_FROM_VENDOR, once=once, recipient=caller.place.recipient, what=what
    )


async def tell_data(access: Access, caller: Caller, member_id: UUID, names: Collection[str]) -> None:
    """Tell a person that data came in, by the names of the fields (GDPR article 14)."""
    fields = sorted(STANDARD_FIELDS[name].label if name in STANDARD_FIELDS else name for name in names)
    await tell(
        access,
        DATA_FROM_VENDOR,
        [member_id],
        target=("installation", caller.installation.id),
        once=f"{member_id}:{access.now.date()}",
        integration=caller.installation.manifest.name,
        recipient=caller.place.recipient,
        fields=fields,
    )
