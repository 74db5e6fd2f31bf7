"""What people are told about signing in: kinds, whose texts stand with those of mail."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind, Way

_kind: Final = partial(NoticeKind, package="wardship.core.mail.templates", audience=Audience.ACCOUNT, is_urgent=True)
_letter: Final = partial(_kind, way=Way.MAIL)

SECURITY_NOTICE: Final = _kind(name="security_notice", when="something that protects the account was changed or used")
VERIFY_ADDRESS: Final = _letter(name="verify_address", when="somebody registers with the address")
ALREADY_REGISTERED: Final = _letter(name="already_registered", when="somebody registers with the address of an account")
RESET_PASSWORD: Final = _letter(name="reset_password", when="somebody asked for a new password")
NO_ACCOUNT: Final = _letter(name="no_account", when="somebody asked for a new password, and no account has the address")
SIGN_IN_LINK: Final = _letter(name="sign_in_link", when="somebody asked to sign in by mail")
NO_ACCOUNT_TO_SIGN_IN: Final = _letter(
    name="no_account_to_sign_in", when="somebody asked to sign in by mail, and no account has the address"
)
ADD_ADDRESS: Final = _letter(name="add_address", when="somebody wants to add the address to the account")
ADDRESS_IS_YOURS: Final = _letter(
    name="address_is_yours", when="somebody wanted to add an address of the account to another account"
)
ASK_RECOVERY: Final = _letter(name="ask_recovery", when="somebody has lost the second factor, and asks for the way")
RECOVERY_ASKED: Final = _letter(name="recovery_asked", when="a new second factor was asked for; to all addresses")
RECOVERY_APPROVED: Final = _letter(name="recovery_approved", when="two people have approved it; to all addresses")
RECOVERY_OPENED: Final = _letter(name="recovery_opened", when="its link was mailed; to all addresses")
RECOVER: Final = _letter(name="recover", when="a recovery was approved and its delay is over; to the primary address")
RECOVERY_ENDED: Final = _letter(name="recovery_ended", when="a recovery has ended without effect; to all addresses")
ACCOUNT_CLOSES: Final = _letter(name="account_closes", when="its owner closed the account; to all addresses")
ACCOUNT_CLOSED: Final = _letter(name="account_closed", when="the closed account was erased, two weeks later")
ACCOUNT_NOT_CLOSED: Final = _letter(
    name="account_not_closed", when="the closed account belongs to an organisation meanwhile, and is kept"
)

KINDS: Final = (
    SECURITY_NOTICE,
    VERIFY_ADDRESS,
    ALREADY_REGISTERED,
    RESET_PASSWORD,
    NO_ACCOUNT,
    SIGN_IN_LINK,
    NO_ACCOUNT_TO_SIGN_IN,
    ADD_ADDRESS,
    ADDRESS_IS_YOURS,
    ASK_RECOVERY,
    RECOVERY_ASKED,
    RECOVERY_APPROVED,
    RECOVERY_OPENED,
    RECOVER,
    RECOVERY_ENDED,
    ACCOUNT_CLOSES,
    ACCOUNT_CLOSED,
    ACCOUNT_NOT_CLOSED,
)
