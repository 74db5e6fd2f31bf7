"""Letters: mails of a kind to an address, for what only its owner may see, or for one who has no account."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from wardship.core.database.engine import Transaction
from wardship.core.identifiers import uuid7
from wardship.core.mail import QueuedMail, queue_mail
from wardship.core.notice_kind import NoticeKind
from wardship.core.notices.wording import plain_values, wording
from wardship.core.nouns import Deployment


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a letter goes, and what learns of it when the address refuses it for good.

    Attributes:
        address: in canonical form.
        account_id: whose letter it is, so that it goes with the account; None when there is none.
        letter_id: also the Message-ID; that of what the letter is about, where ``about`` names it.
        about: the word of what has that id.
        organisation_id: where that is.
        organisation: its name.
        zone: the reader's time zone, an IANA name.
    """

    address: str
    account_id: UUID | None = None
    letter_id: UUID = field(default_factory=uuid7)
    about: str = ""
    organisation_id: UUID | None = None
    organisation: str = ""
    zone: str = "UTC"


async def mail_letter(
    transaction: Transaction, deployment: Deployment, kind: NoticeKind, to: Addressee, **values: object
) -> None:
    """Queue a letter, sealed, in the transaction of the event, which may be of any scope.

    Args:
        transaction: that of the event.
        deployment: settings, clock and keys.
        kind: of the letter.
        to: whose address.
        values: what the template names; moments as ``datetime``.
    """
    details = {"organisation": to.organisation, **plain_values(values)}
    mail = QueuedMail(
        account_id=to.account_id,
        recipient=to.address,
        text=wording(kind, deployment.settings, details, zone=to.zone),
        id=to.letter_id,
        about=to.about,
        organisation_id=to.organisation_id,
    )
    await queue_mail(transaction, deployment.keys, mail, at=deployment.clock.now())
