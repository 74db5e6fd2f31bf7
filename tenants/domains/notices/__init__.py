"""What people are told about domains: kinds, each with its text beside it."""

from __future__ import annotations

from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind
from wardship.tenants.permissions import Permission

_TO: Final = "the owner, administrators and technical contacts"


def _kind(name: str, when: str, *, is_urgent: bool = True) -> NoticeKind:
    return NoticeKind(
        name=name,
        package=__name__,
        audience=Audience.ADMINISTRATORS,
        to=_TO,
        when=when,
        is_urgent=is_urgent,
        needs=Permission.DOMAINS_READ,
        page="domains/{Domain}",
    )


DOMAIN_VERIFIED: Final = _kind("domain_verified", "a claimed domain was proven, and the organisation holds it")
DOMAIN_LOST: Final = _kind(
    "domain_lost",
    "the record that proves a domain is gone: on the first day of the grace period, the third and the sixth",
)
DOMAIN_SUSPENDED: Final = _kind("domain_suspended", "a domain was not proven again within its grace period")
DOMAIN_RELEASED: Final = _kind(
    "domain_released", "a domain is the organisation's no more, by its own act or by the clock"
)
DOMAIN_CONTESTED: Final = _kind("domain_contested", "another organisation has proven a domain that this one holds")
DOMAIN_DISPUTED: Final = _kind(
    "domain_disputed", "a domain was proven by this organisation, and its holder has proven it again since"
)
DOMAIN_TRANSFERRED: Final = _kind(
    "domain_transferred",
    "a domain has passed to another organisation, because its holder did not answer for seven days",
)

DOMAIN_EXAMINED: Final = _kind(
    "domain_examined", "the provider looks at both sides of a dispute of a domain, for 72 hours, and why"
)
DOMAIN_DECIDED: Final = _kind("domain_decided", "the provider has decided a dispute of a domain, and why")

KINDS: Final = (
    DOMAIN_VERIFIED,
    DOMAIN_LOST,
    DOMAIN_SUSPENDED,
    DOMAIN_RELEASED,
    DOMAIN_CONTESTED,
    DOMAIN_DISPUTED,
    DOMAIN_TRANSFERRED,
    DOMAIN_EXAMINED,
    DOMAIN_DECIDED,
)
