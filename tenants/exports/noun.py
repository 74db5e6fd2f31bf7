"""What the noun `exports` registers."""

from wardship.core.nouns import Tables, hookimpl
from wardship.plugins.api import Verb
from wardship.tenants.access import Sweeps
from wardship.tenants.exports.tables import ExportFile, VendorExport
from wardship.tenants.exports.vendor_exports import expire_exports, keep_export
from wardship.tenants.obligations.follow_up import FollowUps


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return ExportFile, VendorExport


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what drops parts of copies that nobody assembled."""
    return (expire_exports,)


@hookimpl
def wardship_follow_ups() -> FollowUps:
    """Return what keeps the copy that a vendor handed out."""
    return {Verb.EXPORT: keep_export}
