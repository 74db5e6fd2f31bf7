"""The tables of export files and of what vendors hand out."""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, Bytea, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, RowErasure, Sealed, Source, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import Tables, hookimpl
from wardship.plugins.api import Verb
from wardship.tenants.access import Sweeps
from wardship.tenants.exports.files import PURPOSE
from wardship.tenants.exports.vendor_exports import SEALED_FOR, expire_exports, keep_export
from wardship.tenants.obligations.follow_up import FollowUps


@personal_data(
    subject="member_id",
    personal={"content": Personal("user", Source.AUTOMATIC, Erasure.REMOVE, exported=False)},
    not_personal=(
        "request_id",
        "right_id",
        "member_id",
        "media_type",
        "name",
        "content_sha256",
        "is_complete",
        "expires_at",
        "destroyed_at",
        "downloaded_at",
    ),
)
class ExportFile(TenantTable, tablename="export_file"):
    """A copy for the person, encrypted; when it is destroyed the row stays, empty."""

    encrypted = (Sealed("content", PURPOSE, at_once=4),)

    is_bookkeeping = True

    request_id = UUID()
    right_id = UUID()
    member_id = UUID()
    media_type = Text()
    name = Text()
    content = Bytea(null=True, default=None)
    content_sha256 = Bytea()
    is_complete = Boolean(default=True)
    expires_at = Timestamptz()
    destroyed_at = Timestamptz(null=True, default=None)
    downloaded_at = Timestamptz(null=True, default=None)


@personal_data(
    subject="member_id",
    rows=RowErasure.DELETE,
    personal={"content": Personal("user.content", Source.LINKED_SERVICE, Erasure.REMOVE, exported=False)},
    not_personal=("obligation_id", "installation_id", "member_id", "expires_at"),
)
class VendorExport(TenantTable, tablename="vendor_export"):
    """What a vendor handed out on a person, encrypted, until the copy for that person is made."""

    encrypted = (Sealed("content", SEALED_FOR, bound_to=("obligation_id",), at_once=20),)

    is_bookkeeping = True

    obligation_id = UUID()
    installation_id = UUID()
    member_id = UUID()
    content = Bytea()
    expires_at = Timestamptz()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return ExportFile, VendorExport


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what destroys what vendors handed out, when its time is over."""
    return (expire_exports,)


@hookimpl
def wardship_follow_ups() -> FollowUps:
    """Return what keeps the copy that a vendor handed out."""
    return {Verb.EXPORT: keep_export}
