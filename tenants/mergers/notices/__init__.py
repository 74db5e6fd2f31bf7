"""What people are told about mergers: kinds, each with its text beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind
from wardship.tenants.permissions import Permission

_owner: Final = partial(
    NoticeKind,
    package=__name__,
    audience=Audience.ADMINISTRATORS,
    is_urgent=True,
    needs=Permission.OWNERSHIP_TRANSFER,
    page="settings?tab=mergers",
)
_everybody: Final = partial(
    NoticeKind,
    package=__name__,
    audience=Audience.PERSON,
    to="everybody in both organisations who has an account",
    is_urgent=True,
)

MERGER_OFFERED: Final = _owner(
    name="merger_offered", to="the owner", when="another organisation offers to become part of this one"
)
MERGER_OVER: Final = _owner(
    name="merger_over",
    to="the owner who offered it; the other one where it is taken back or ends by time",
    when="an offer of a merger is declined, taken back, or ends by time",
)
MERGER_ANNOUNCED: Final = _everybody(
    name="merger_announced",
    to="everybody whose data is in one of both organisations and who has an account",
    when="a merger was accepted: it happens in 14 days",
    page="me",
)
MERGER_CALLED_OFF: Final = _everybody(name="merger_called_off", when="a merger that was announced does not happen")
MERGER_DONE: Final = _everybody(
    name="merger_done",
    to="everybody whose data is in the organisation that both are now, and who has an account",
    when="one organisation has become part of another",
    page="me",
)
INTEGRATIONS_HELD: Final = NoticeKind(
    name="integrations_held",
    package=__name__,
    audience=Audience.ADMINISTRATORS,
    to="the owner and administrators",
    when="integrations stand still after a merger, because they would reach more people than they were approved for",
    is_urgent=True,
    needs=Permission.INTEGRATIONS_MANAGE,
    page="integrations",
)
GROUP_RULES_REST: Final = NoticeKind(
    name="group_rules_rest",
    package=__name__,
    audience=Audience.ADMINISTRATORS,
    to="the owner and administrators",
    when="rules of groups rest after a merger, because nobody has looked at the people whom they would bring in",
    needs=Permission.GROUPS_MANAGE,
    page="groups",
)

ORGANISATION_HANDED_OVER: Final = NoticeKind(
    name="organisation_handed_over",
    package=__name__,
    audience=Audience.PERSON,
    to="everybody whose data is in the organisation and who has an account",
    when="another legal entity is the controller of the organisation's data",
    page="me",
    is_urgent=True,
)

KINDS: Final = (
    ORGANISATION_HANDED_OVER,
    MERGER_OFFERED,
    MERGER_OVER,
    MERGER_ANNOUNCED,
    MERGER_CALLED_OFF,
    MERGER_DONE,
    INTEGRATIONS_HELD,
    GROUP_RULES_REST,
)
