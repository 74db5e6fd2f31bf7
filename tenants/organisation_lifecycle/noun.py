"""What the noun `organisation_lifecycle` registers."""

from wardship.core.nouns import NoticeKinds, hookimpl
from wardship.tenants.access import Sweeps
from wardship.tenants.organisation_lifecycle.clocks import follow_organisations
from wardship.tenants.organisation_lifecycle.notices import KINDS


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what the clocks of organisations make due."""
    return (follow_organisations,)


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people and operators are told about the life of an organisation."""
    return KINDS
