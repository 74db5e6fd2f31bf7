"""What people are told of tasks at integrations: kinds, each with its text beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

_doers: Final = partial(
    NoticeKind,
    package=__name__,
    audience=Audience.ADMINISTRATORS,
    to="those who complete tasks",
    page="tasks",
)

TASK_WAITS: Final = _doers(
    name="task_waits",
    when="something has to be done by hand at an integration; once a day for each integration and kind of work",
)
TASK_OVERDUE: Final = _doers(
    name="task_overdue",
    to="those who complete tasks; at an integration that a member connected alone, that member",
    when="a task was not done in time; once a day for each integration",
    is_urgent=True,
)
CLOSING_TASK: Final = NoticeKind(
    name="closing_task",
    package=__name__,
    audience=Audience.OPERATORS,
    when="something has to be done by hand at an integration of an organisation that closes, or was not done in time;"
    " once a day for each integration",
)

KINDS: Final = (TASK_WAITS, TASK_OVERDUE, CLOSING_TASK)
