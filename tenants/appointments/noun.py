"""The table of appointments, and the clock that carries them out."""

from __future__ import annotations

from piccolo.columns import UUID, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, Source, account_data
from wardship.core.database.tables import DirectoryTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import Sweeps
from wardship.tenants.appointments.carry_out import carry_out_appointments
from wardship.tenants.appointments.letters import KINDS as LETTERS
from wardship.tenants.appointments.notices import KINDS


@account_data(
    personal={"address": Personal("user.contact.email", Source.ADMINISTRATOR, Erasure.REMOVE)},
    not_personal=("organisation_id", "staff_role", "expires_at"),
)
class Appointment(DirectoryTable, tablename="appointment"):
    """Who is waited for, by the address; the account is known where there is one without a second factor."""

    account_id = UUID(null=True, default=None)
    address = Text()
    organisation_id = UUID(null=True, default=None)
    staff_role = Text(null=True, default=None)
    expires_at = Timestamptz()


@hookimpl
def wardship_tables() -> Tables:
    """Return its table."""
    return (Appointment,)


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return the letters to whom is waited for, and what the staff is told about itself."""
    return (*LETTERS, *KINDS)


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what gives a role to the person who has proven the address."""
    return (carry_out_appointments,)
