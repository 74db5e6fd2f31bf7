"""What the noun `mail` registers."""

from wardship.core.mail.delivery import deliver_mail
from wardship.core.mail.tables import OutgoingMail
from wardship.core.nouns import DeploymentSweeps, Tables, hookimpl


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (OutgoingMail,)


@hookimpl(trylast=True)
def wardship_sweeps() -> DeploymentSweeps:
    """Return what sends mail, that of the other sweeps included."""
    return (deliver_mail,)
