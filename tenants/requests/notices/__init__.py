"""What people are told about requests: kinds, each with its text beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind, Way
from wardship.tenants.permissions import Permission

_kind: Final = partial(NoticeKind, package=__name__, is_urgent=True)
_person: Final = partial(_kind, audience=Audience.PERSON, page="me/requests/{DataRequest}")

_with: Final = partial(
    NoticeKind,
    package=__name__,
    audience=Audience.ADMINISTRATORS,
    to="those who decide on requests",
    is_urgent=True,
    page="requests/{DataRequest}",
)
_DECIDERS_OR_TEAM: Final = "those who decide on requests; the privacy team where the right is with it"

RECEIVED: Final = _person(
    name="request_received", when="a member asked, and has shown who asks: who decides, and until when it is answered"
)
ACKNOWLEDGED: Final = _person(name="request_acknowledged", when="somebody has taken up the request", is_urgent=False)
ESCALATED: Final = _person(
    name="request_escalated", when="the privacy team decides from now on, other than after an administrator's refusal"
)
LATE: Final = _person(name="request_late", when="the due date is over, and the request is open", must_reach=True)
RIGHT_DONE: Final = _person(
    name="right_done", when="a right was carried out, wholly or in part; of a copy `export_ready` says so"
)
ERASURE_DONE: Final = _person(
    name="erasure_done", when="the erasure was carried out; written before the address goes with it", way=Way.MAIL
)
CERTIFICATE_ISSUED: Final = _person(
    name="certificate_issued", when="the request has ended, and its signed proof can be fetched", is_urgent=False
)
CLOSED: Final = _person(
    name="request_closed",
    when="a request ended without a decision: who asks was not shown in time, or the person is a member again",
)
DECIDED: Final = _person(name="decided", when="a right of the request was approved, refused or denied", must_reach=True)
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
    name="membership_ended", when="the membership was deactivated or ended", must_reach=True, page="me/requests"
)
GRACE_WARNING: Final = _person(
    name="grace_warning",
    when="30, 7 and 2 days before the end of the grace period",
    must_reach=True,
    page="me/requests",
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

ARRIVED: Final = _with(name="request_arrived", when="a request waits for their decision")
REMINDER: Final = _with(
    name="request_reminder",
    to=_DECIDERS_OR_TEAM,
    when="a day before it has to be acknowledged, two and one before it has to be decided, 7 and 2 before it is due",
)
OVERDUE: Final = _with(
    name="request_overdue",
    to="those who decide on requests, and the privacy team where a right is with it",
    when="the due date is over, and the request is open",
)
HANDED_OVER: Final = _with(
    name="request_handed_over",
    to="those who decide on requests, but who caused it",
    when="the privacy team decides on a request, from the start or from now on",
    is_urgent=False,
)
PRIVACY_TEAM_DECIDED: Final = _with(
    name="privacy_team_decided", when="the privacy team approved or denied a right", is_urgent=False
)
WITHDRAWN: Final = _with(
    name="request_withdrawn", to=_DECIDERS_OR_TEAM, when="a right is no longer asked for", is_urgent=False
)
TO_COMMIT: Final = _with(
    name="erasure_to_commit",
    to="those who decide on requests, but who did that; the privacy team where the right is with it",
    when="an erasure was approved, or called off by a decider, and has to be previewed and committed",
)
FULFILMENT_WAITS: Final = _with(
    name="fulfilment_waits", to=_DECIDERS_OR_TEAM, when="an approved right can't be carried out yet"
)
PARTLY_DONE: Final = _with(
    name="right_partly_done",
    to=_DECIDERS_OR_TEAM,
    when="a right has ended, and something of it could not be done or proven",
    is_urgent=False,
)
FOR_PRIVACY_TEAM: Final = _kind(
    name="request_for_privacy_team",
    audience=Audience.PRIVACY_TEAM,
    when="the privacy team has to decide on a request, from the start or from now on",
    page="requests/{DataRequest}",
)

FINDS_UNDECIDED: Final = _kind(
    name="finds_undecided",
    audience=Audience.ADMINISTRATORS,
    to="who decided and who committed it; the privacy team where the right is with it",
    when="an erasure is due, and something that appeared since its commit has to be decided",
    needs=Permission.REQUESTS_DECIDE,
    page="requests/{DataRequest}",
)
MEMBERSHIP_DISOWNED: Final = _with(
    name="membership_disowned",
    when="somebody disowned a membership that was made without him or her",
    page="members/{Member}",
)
REFERENCE_NOT_TOLD: Final = _kind(
    name="reference_not_told",
    audience=Audience.ADMINISTRATORS,
    to="those who decide on requests",
    when="an erasure was asked for at the end of a grace period, and the person has no verified address",
    page="requests/{DataRequest}",
)

KINDS: Final = (
    RECEIVED,
    ACKNOWLEDGED,
    ESCALATED,
    LATE,
    RIGHT_DONE,
    ERASURE_DONE,
    CERTIFICATE_ISSUED,
    CLOSED,
    ARRIVED,
    REMINDER,
    OVERDUE,
    HANDED_OVER,
    PRIVACY_TEAM_DECIDED,
    WITHDRAWN,
    TO_COMMIT,
    FULFILMENT_WAITS,
    PARTLY_DONE,
    FOR_PRIVACY_TEAM,
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
    MEMBERSHIP_DISOWNED,
)
