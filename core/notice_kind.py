"""Kinds of notices: who is told what, when, and by which way; each noun registers its own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Audience(StrEnum):
    """Who is told."""

    PERSON = "person"
    """Whom it is about."""
    ADMINISTRATORS = "administrators"
    """Those of the organisation whose role lets them act on it."""
    PRIVACY_TEAM = "privacy_team"
    """The provider's privacy team."""
    OPERATORS = "operators"
    """The provider's operators."""
    ACCOUNT = "account"
    """Whose account it is, in whichever organisation."""


_WHOM: Final = {
    Audience.PERSON: "the person",
    Audience.PRIVACY_TEAM: "the privacy team",
    Audience.OPERATORS: "the operators",
    Audience.ACCOUNT: "the owner of the account",
}


class Way(StrEnum):
    """How somebody is told."""

    BOTH = "product_and_mail"
    MAIL = "mail"
    """By mail alone, because it holds what only the owner of the address may see."""
    PRODUCT = "product"
    """In the product alone, because mail is what does not arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeKind:
    """One kind of notice.

    Attributes:
        name: the template, a file ``<name>.txt`` of the package: its first line is the subject and, in the product, the
            title; the rest, after an empty line, is the body.
        package: the package with the template.
        audience: who is told.
        when: the event, as the documentation says it; a clause without a full stop.
        to: who is told, in the documentation's words, where the audience alone does not say it.
        is_urgent: whether it is mailed at once, whatever the person chose: security, deadlines and rights.
        can_be_turned_off: whether the person may have it in the product alone.
        way: product and mail, or one of them.
        needs: the permission without which somebody who is told by name sees it no more; empty for what is about the
            reader.
        is_for_members: whether it says what holds for members alone: who is none any more is not mailed it.
        must_reach: whether those who decide are told when it can't be mailed, so that somebody reaches the person.
        page: where it leads, below the console's pages of the organisation in which it is told:
            ``requests/{DataRequest}`` is the page of what it is about, and names its type in the API. Empty: the first
            page there. A slash: where people sign in, which is also for what operators and accounts are told; with a
            path behind it, a page of no organisation.
        own_page: the same for a reader who is told by name what else those with a permission are told.
    """

    name: str
    package: str
    audience: Audience
    when: str
    to: str = ""
    is_urgent: bool = False
    can_be_turned_off: bool = False
    way: Way = Way.BOTH
    needs: str = ""
    is_for_members: bool = False
    must_reach: bool = False
    page: str = ""
    own_page: str = ""

    def __post_init__(self) -> None:
        if self.is_urgent and self.can_be_turned_off:
            raise ValueError(f"{self.name}: what is urgent can't be turned off.")
        if self.audience is Audience.ADMINISTRATORS and not self.to:
            raise ValueError(f"{self.name}: say which of them are told.")

    @property
    def whom(self) -> str:
        """Who is told, in words."""
        return self.to or _WHOM[self.audience]

    def __str__(self) -> str:
        return self.name
