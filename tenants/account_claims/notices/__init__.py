"""What people are told about claims of accounts: kinds, each with its text beside it."""

from __future__ import annotations

from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind


def _kind(name: str, when: str) -> NoticeKind:
    return NoticeKind(name=name, package=__name__, audience=Audience.ACCOUNT, when=when, is_urgent=True)


ACCOUNT_CLAIMED: Final = _kind(
    "account_claimed",
    "an organisation that holds the domain of the address asks the account to belong to it: with the choices and the"
    " date",
)
ACCOUNT_CLAIM_REMINDER: Final = _kind(
    "account_claim_reminder",
    "the same a week and two days before that date, and with a later one where the domain had to be proven meanwhile",
)
ACCOUNT_UNDECIDED: Final = _kind("account_undecided", "the time to choose about that is over, and nothing was chosen")
ACCOUNT_CLAIM_OVER: Final = _kind(
    "account_claim_over", "an organisation asks for the account no more, or has lost the domain"
)
ACCOUNT_JOINED: Final = _kind(
    "account_joined", "a new account became a member of the organisation that holds the domain of its address"
)
ORGANISATION_SUGGESTED: Final = _kind(
    "organisation_suggested", "a new account has its address at a domain whose holder wants that to be told"
)

MEMBER_CONCEALED: Final = _kind(
    "member_concealed", "the organisation has lost the domain by which the person became a member"
)
MEMBER_SHOWN_AGAIN: Final = _kind("member_shown_again", "it has proven that domain again")

KINDS: Final = (
    MEMBER_CONCEALED,
    MEMBER_SHOWN_AGAIN,
    ACCOUNT_CLAIMED,
    ACCOUNT_CLAIM_REMINDER,
    ACCOUNT_UNDECIDED,
    ACCOUNT_CLAIM_OVER,
    ACCOUNT_JOINED,
    ORGANISATION_SUGGESTED,
)
