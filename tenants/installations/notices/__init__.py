"""What those who look after integrations are told: kinds, each with its text beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

_own: Final = partial(NoticeKind, package=__name__, audience=Audience.PERSON, page="me")
_keepers: Final = partial(
    NoticeKind,
    package=__name__,
    audience=Audience.ADMINISTRATORS,
    to="those who manage integrations; of one that a member connected alone, that member",
    page="integrations/{Installation}",
    own_page="me",
)

OWN_INSTALLATION_FAILS: Final = _own(
    name="own_installation_fails",
    when="an integration that you connected for yourself does not work as it should; once for each outage, and when it"
    " becomes worse",
)
OWN_TASK: Final = _own(
    name="own_task",
    when="something has to be done by hand at an integration that you connected for yourself",
    page="tasks",
)
INSTALLATION_FAILS: Final = _keepers(
    name="installation_fails",
    to="those who manage integrations",
    when="an integration does not work as it should; once for each outage, and when it becomes worse",
)
INSTALLATION_WORKS: Final = _keepers(
    name="installation_works", when="an integration that failed has worked for an hour again", can_be_turned_off=True
)
DECLARATION_WAITS: Final = _keepers(
    name="declaration_waits",
    when="a new version of an integration wants more than was approved, and waits for approval",
)
COUNTRY_FORBIDDEN: Final = _keepers(
    name="country_forbidden",
    to="those who manage integrations, but who made the rule; of one that a member connected alone, that member",
    when="an integration stores data in a country that the organisation forbids, and what is held there is taken back",
)
OBLIGATION_LATE: Final = _keepers(
    name="obligation_late", when="an integration has not done in time what it owes; once a day for each integration"
)
INSTALLATION_REMOVED: Final = _keepers(
    name="installation_removed", when="an integration was taken away, with what proves that its vendor has nothing left"
)

KINDS: Final = (
    OWN_INSTALLATION_FAILS,
    OWN_TASK,
    INSTALLATION_FAILS,
    INSTALLATION_WORKS,
    DECLARATION_WAITS,
    COUNTRY_FORBIDDEN,
    OBLIGATION_LATE,
    INSTALLATION_REMOVED,
)
