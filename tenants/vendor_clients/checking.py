"""Read a declaration that a vendor pastes as it would be read when it loads, and what an earlier one said."""

from __future__ import annotations

from dataclasses import dataclass

from wardship.plugins.host.declaration_diff import all_differences
from wardship.plugins.host.declaration_document import DeclarationDocument, Fault, read_document
from wardship.plugins.host.differences import Difference
from wardship.tenants.access import Access
from wardship.tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class CheckedManifest:
    """What was read of a declaration, and of an earlier one."""

    document: DeclarationDocument
    differences: tuple[Difference, ...] = ()
    earlier_faults: tuple[Fault, ...] = ()


def check_manifest(access: Access, document: str, against: str | None) -> CheckedManifest:
    """Return what a document declares, what is wrong in it, and in what it is another than an earlier one.

    Raises:
        PermissionDeniedError: the caller is no vendor.
    """
    access.require(Permission.VENDOR_CLIENTS_OWN)
    read = read_document(document)
    if against is None:
        return CheckedManifest(read)
    earlier = read_document(against)
    if earlier.manifest is None or read.manifest is None:
        return CheckedManifest(read, earlier_faults=earlier.faults)
    found = all_differences(earlier.manifest, read.manifest, old_plan=earlier.plan, new_plan=read.plan)
    return CheckedManifest(read, found)
