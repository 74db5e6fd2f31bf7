"""What vendors and operators are told of vendors' clients: kinds, each with its text beside it."""

from __future__ import annotations

from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

VENDOR_CLIENT_REQUESTED: Final = NoticeKind(
    name="vendor_client_requested",
    package=__name__,
    audience=Audience.OPERATORS,
    when="a vendor has asked for a client, which waits to be let in; once a day for each vendor",
)
VENDOR_CLIENT_STATE: Final = NoticeKind(
    name="vendor_client_state",
    package=__name__,
    audience=Audience.ACCOUNT,
    to="the vendor whose client it is",
    when="a client was let in, refused, suspended, let in again or ended by the provider",
    is_urgent=True,
    page="/developers",
)

KINDS: Final = (VENDOR_CLIENT_REQUESTED, VENDOR_CLIENT_STATE)
