"""Mail that waits to be sent."""

from __future__ import annotations

from piccolo.columns import UUID, Integer, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, Source, account_data
from wardship.core.database.tables import DirectoryTable
from wardship.core.mail.delivery import deliver_mail
from wardship.core.nouns import DeploymentSweeps, Tables, hookimpl

_MESSAGE = "user.content.private"


@account_data(
    personal={
        "recipient": Personal("user.contact.email", Source.AUTOMATIC, Erasure.REMOVE, exported=False),
        "subject": Personal(_MESSAGE, Source.AUTOMATIC, Erasure.REMOVE, exported=False),
        "body": Personal(_MESSAGE, Source.AUTOMATIC, Erasure.REMOVE, exported=False),
    },
    not_personal=("attempt", "next_at"),
)
class OutgoingMail(DirectoryTable, tablename="outgoing_mail"):
    """One mail; the row goes when it was delivered. Not exported: it may hold a one-time link."""

    account_id = UUID(null=True, default=None)
    recipient = Text()
    subject = Text()
    body = Text()
    attempt = Integer()
    next_at = Timestamptz()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (OutgoingMail,)


@hookimpl(trylast=True)
def wardship_sweeps() -> DeploymentSweeps:
    """Return what sends mail, that of the other sweeps included."""
    return (deliver_mail,)
