"""What people are told of what vendors tell: kinds, each with its text beside it."""

from __future__ import annotations

from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

CHOICE_FROM_VENDOR: Final = NoticeKind(
    name="choice_from_vendor",
    package=__name__,
    audience=Audience.PERSON,
    page="me",
    when="a recipient passes on that the person objected there, withdrew a consent, unsubscribed, or was erased there",
)
DATA_FROM_VENDOR: Final = NoticeKind(
    name="data_from_vendor",
    package=__name__,
    audience=Audience.PERSON,
    page="me",
    when="data of the person comes in from a recipient; once a day for each recipient",
)
CHOICES_FROM_VENDOR: Final = NoticeKind(
    name="choices_from_vendor",
    package=__name__,
    audience=Audience.ADMINISTRATORS,
    to="those who manage integrations; of one that a member connected alone, that member",
    when="a recipient passes on what people chose or had erased there; once a day for each integration and choice",
    page="integrations/{Installation}",
    own_page="me",
)

KINDS: Final = (CHOICE_FROM_VENDOR, DATA_FROM_VENDOR, CHOICES_FROM_VENDOR)
