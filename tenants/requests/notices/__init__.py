"""What people are told about requests: kinds, each with its text beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind, Way
from wardship.tenants.permissions import Permission

_kind: Final = partial(NoticeKind, package=__name__, is_urgent=True)
_person: Final = partial(_kind, audience=Audience.PERSON)

DECIDED: Final = _person(name="decided", when="a right of the request was approved, refused or denied")
EXTENDED: Final = _person(name="extended", when="the due date of the request was moved")
POSTPONED: Final = _person(name="postponed", when="an approved right waits for something before it is carried out")
IDENTITY_CODE: Final = _person(
    name="identity_code", when="the person asked for something, and has to show who asks", way=Way.MAIL
)
EXPORT_READY: Final = _person(name="export_ready", when="a copy can be fetched")
ERASURE_SCHEDULED: Final = _person(
    name="erasure_scheduled", when="the erasure was committed and has its date", must_reach=True
)
ERASURE_CALLED_OFF: Final = _person(name="erasure_called_off", when="a decider called the erasure off")
ERASURE_ASKED: Final = _person(
    name="erasure_asked", when="the grace period is over and its erasure was asked for", way=Way.MAIL
)
MEMBERSHIP_ENDED: Final = _person(
    name="membership_ended", when="the membership was deactivated or ended", must_reach=True
)
GRACE_WARNING: Final = _person(
    name="grace_warning", when="30, 7 and 2 days before the end of the grace period", must_reach=True
)
RESTRICTION_ENDS: Final = _person(name="restriction_ends", when="a restriction is to be lifted, 72 hours before")
RESTRICTION_STAYS: Final = _person(name="restriction_stays", when="a restriction whose end was told stays")

ASKED_OF_PROVIDER: Final = _person(
    name="asked_of_provider",
    when="somebody without an organisation asked the provider about the account",
    way=Way.MAIL,
)
ACCOUNT_KEPT: Final = _person(
    name="account_kept", when="an account was to be closed or erased, and its owner belongs to an organisation since"
)

FINDS_UNDECIDED: Final = _kind(
    name="finds_undecided",
    audience=Audience.ADMINISTRATORS,
    to="who decided and who committed it; the privacy team where the right is with it",
    when="an erasure is due, and something that appeared since its commit has to be decided",
    needs=Permission.REQUESTS_DECIDE,
)
REFERENCE_NOT_TOLD: Final = _kind(
    name="reference_not_told",
    audience=Audience.ADMINISTRATORS,
    to="those who decide on requests",
    when="an erasure was asked for at the end of a grace period, and the person has no verified address",
)

KINDS: Final = (
    DECIDED,
    EXTENDED,
    POSTPONED,
    IDENTITY_CODE,
    EXPORT_READY,
    ERASURE_SCHEDULED,
    ERASURE_CALLED_OFF,
    ERASURE_ASKED,
    MEMBERSHIP_ENDED,
    GRACE_WARNING,
    RESTRICTION_ENDS,
    RESTRICTION_STAYS,
    ASKED_OF_PROVIDER,
    ACCOUNT_KEPT,
    FINDS_UNDECIDED,
    REFERENCE_NOT_TOLD,
)
