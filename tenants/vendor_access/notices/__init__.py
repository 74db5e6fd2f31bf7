"""What is told of a code or token that was shown twice: kinds, each with its text beside it."""

from __future__ import annotations

from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

VENDOR_TOKENS_ENDED: Final = NoticeKind(
    name="vendor_tokens_ended",
    package=__name__,
    audience=Audience.ADMINISTRATORS,
    to="those who manage integrations; of one that a member connected alone, that member",
    when="a code or refresh token of a vendor's client was shown twice, so that somebody may have stolen it, and what"
    " came of that consent has ended; once for each consent",
    is_urgent=True,
    page="integrations/{Installation}",
    own_page="me",
)
OWN_TOKENS_ENDED: Final = NoticeKind(
    name="own_tokens_ended",
    package=__name__,
    audience=Audience.ACCOUNT,
    to="the vendor whose client it is",
    when="a code or refresh token of the vendor's client was shown twice, and what came of that consent has ended; once"
    " a day for each client and installation",
    is_urgent=True,
    page="/developers",
)

KINDS: Final = (VENDOR_TOKENS_ENDED, OWN_TOKENS_ENDED)
