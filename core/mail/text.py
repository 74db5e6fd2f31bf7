"""Write a mail from a template: plain text, moments in the reader's time zone."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from zoneinfo import ZoneInfo

import jinja2

from wardship.core.accounts.time_zone import zone_or_utc

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
    subject, body = _templates(package, name)
    given = values | {"zone": zone_or_utc(str(values.get("zone", "UTC")))}
    return MailText(" ".join(subject.render(**given).split()), body.render(**given).strip() + "\n")


@functools.cache
def _templates(package: str, name: str) -> tuple[jinja2.Template, jinja2.Template]:
    """Return the templates of the subject and of the body, apart, so that no value that breaks a line parts them."""
    # Plain text: nothing is escaped.
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(enabled_extensions=(), default_for_string=False),
    )
    environment.filters |= {"moment": _moment, "day": _day}
    first, _, rest = resources.files(package).joinpath(f"{name}.txt").read_text().partition("\n")
    return environment.from_string(first), environment.from_string(rest)


@jinja2.pass_context
def _moment(context: jinja2.runtime.Context, value: str) -> str:
    """Return a moment as the reader's clock shows it, with the name of the time zone."""
    zone: ZoneInfo = context["zone"]
    return f"{datetime.fromisoformat(value).astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"


@jinja2.pass_context
def _day(context: jinja2.runtime.Context, value: str) -> str:
    """Return the day of a moment by the reader's calendar."""
    return f"{datetime.fromisoformat(value).astimezone(context['zone']):%Y-%m-%d}"
