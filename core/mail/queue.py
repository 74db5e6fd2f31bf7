"""Write a mail from a template, and queue it in the transaction that causes it, so that it is sent if that commits."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jinja2

from wardship.core.database.engine import Transaction
from wardship.core.identifiers import uuid7

_TEMPLATES = "wardship.core.mail.templates"


@dataclass(frozen=True, slots=True)
class MailText:
    """A mail's subject, on one line, and its plain-text body."""

    subject: str
    body: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "subject", " ".join(self.subject.split()))


def render(name: str, *, package: str = _TEMPLATES, **values: object) -> MailText:
    """Return the text of a mail.

    Args:
        name: the template: a file ``name.txt`` whose first line is the subject and the rest the body.
        package: the package that holds it.
        values: what the template names; a missing one is an error. Moments are in ISO 8601; ``zone``, an IANA name, is
            the reader's time zone, in which the filters ``moment`` and ``day`` write, UTC when it is not given.
    """
    subject, _, body = (
        _template(package, name).render(**(values | {"zone": _zone(str(values.get("zone", "UTC")))})).partition("\n")
    )
    return MailText(subject, body.strip() + "\n")


async def queue_mail(
    transaction: Transaction, account_id: UUID | None, recipient: str, text: MailText, *, at: datetime
) -> UUID:
    """Queue one mail and return its identifier, which also becomes its Message-ID.

    Works in a transaction of any scope: the database opens the queue for it by a function of its own.

    Args:
        transaction: the transaction of the act that the mail is about.
        account_id: whose mail it is, so that it goes with the account; None when there is none.
        recipient: the address, in canonical form.
        text: as ``render`` makes it from a template.
        at: the present moment: from then on it may be sent.
    """
    mail_id = uuid7()
    await transaction.execute(
        "select queue_mail($1, $2, $3, $4, $5, $6)", mail_id, at, account_id, recipient, text.subject, text.body
    )
    return mail_id


@functools.cache
def _template(package: str, name: str) -> jinja2.Template:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701 - plain text
    environment.filters |= {"moment": _moment, "day": _day}
    return environment.from_string(resources.files(package).joinpath(f"{name}.txt").read_text())


@jinja2.pass_context
def _moment(context: jinja2.runtime.Context, value: str) -> str:
    """Return a moment as the reader's clock shows it, with the name of the time zone."""
    zone: ZoneInfo = context["zone"]
    return f"{datetime.fromisoformat(value).astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"


@jinja2.pass_context
def _day(context: jinja2.runtime.Context, value: str) -> str:
    """Return the day of a moment by the reader's calendar."""
    return f"{datetime.fromisoformat(value).astimezone(context['zone']):%Y-%m-%d}"


@functools.cache
def _zone(name: str) -> ZoneInfo:
    """Return a time zone; UTC where this machine does not know the name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
