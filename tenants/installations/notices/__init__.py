"""What members are told about integrations that they connected for themselves: kinds, each with its text beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

_kind: Final = partial(NoticeKind, package=__name__, audience=Audience.PERSON)

OWN_INSTALLATION_FAILS: Final = _kind(
    name="own_installation_fails", when="an integration that you connected for yourself does not work as it should"
)
OWN_TASK: Final = _kind(
    name="own_task", when="something has to be done by hand at an integration that you connected for yourself"
)

KINDS: Final = (OWN_INSTALLATION_FAILS, OWN_TASK)
