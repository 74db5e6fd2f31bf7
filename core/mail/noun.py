"""Mail that waits to be sent."""

from __future__ import annotations

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, Source, account_data
from wardship.core.database.tables import DirectoryTable
from wardship.core.mail.delivery import deliver_mail
from wardship.core.nouns import DeploymentSweeps, Tables, hookimpl


@account_data(
    personal={
        "recipient": Personal("user.contact.email", Source.AUTOMATIC, Erasure.REMOVE, exported=False),
        "content": Personal("user.content.private", Source.AUTOMATIC, Erasure.REMOVE, exported=False),
    },
    not_personal=("about", "organisation_id", "attempt", "next_at"),
)
class OutgoingMail(DirectoryTable, tablename="outgoing_mail"):
    """One mail, its text encrypted; the row goes when it was delivered. Not exported: it may hold a one-time link."""

    account_id = UUID(null=True, default=None)
    recipient = Text()
    content = Bytea()
    about = Text(default="")
    organisation_id = UUID(null=True, default=None)
    attempt = Integer()
    next_at = Timestamptz()


@account_data(not_personal=("about", "organisation_id", "reason"))
class RefusedMail(DirectoryTable, tablename="refused_mail"):
    """A mail that was given up, until what it was about has learned of it."""

    account_id = UUID(null=True, default=None)
    about = Text()
    organisation_id = UUID(null=True, default=None)
    reason = Text()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return OutgoingMail, RefusedMail


@hookimpl(trylast=True)
def wardship_sweeps() -> DeploymentSweeps:
    """Return what sends mail, that of the other sweeps included."""
    return (deliver_mail,)
