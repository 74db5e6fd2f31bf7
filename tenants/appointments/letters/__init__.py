"""The letters to people who are waited for: kinds, each with its text beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind, Way

_letter: Final = partial(NoticeKind, package=__name__, audience=Audience.ACCOUNT, is_urgent=True, way=Way.MAIL)

OWNER_REGISTERS: Final = _letter(
    name="owner_registers", when="an organisation was set up for the address to own, and no account has it"
)
OWNER_SIGNS_IN: Final = _letter(
    name="owner_signs_in", when="an organisation was set up for an account to own that has no second factor"
)
STAFF_REGISTERS: Final = _letter(
    name="staff_registers", when="the address was appointed to the staff, and no account has it"
)
STAFF_SIGNS_IN: Final = _letter(
    name="staff_signs_in", when="an account that has no second factor was appointed to the staff"
)

KINDS: Final = (OWNER_REGISTERS, OWNER_SIGNS_IN, STAFF_REGISTERS, STAFF_SIGNS_IN)
