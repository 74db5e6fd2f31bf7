"""Write a mail from a template: moments in the reader's time zone, values told from the template's own text."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo

import jinja2

from wardship.core.accounts.time_zone import zone_or_utc
from wardship.core.mail.blocks import Address, Marked, marked
from wardship.core.mail.parts import plain_line, plain_text

_TEMPLATES: Final = "wardship.core.mail.templates"
_ADDRESSES: Final = ("link", "site")
"""What a template names that is an address of ours."""


@dataclass(frozen=True, slots=True)
class MailText:
    """What a mail says.

    Attributes:
        title: its subject, on one line, with its values marked.
        source: what both parts of the mail are made of; see ``wardship.core.mail.blocks``.
        turn_off_url: where its reader has it mailed no more; empty where it is always mailed.
    """

    title: str
    source: str
    turn_off_url: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", " ".join(self.title.split()))

    @property
    def subject(self) -> str:
        """Its subject, as plain text."""
        return plain_line(self.title)

    @property
    def body(self) -> str:
        """Its body, as plain text."""
        return plain_text(self.source)


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
    given |= {key: Address(given[key]) for key in _ADDRESSES if key in given}
    return MailText(subject.render(**given), body.render(**given).strip("\n ") + "\n")


@functools.cache
def _templates(package: str, name: str) -> tuple[jinja2.Template, jinja2.Template]:
    """Return the templates of the subject and of the body, apart, so that no value that breaks a line parts them."""
    # The source of both parts is plain text: what is made of it escapes.
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(enabled_extensions=(), default_for_string=False),
        finalize=marked,
    )
    environment.filters |= {"moment": _moment, "day": _day, "join": _join}
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


def _join(values: Iterable[object], separator: str = "") -> Marked:
    """Return values one after the other, each a value of its own."""
    return Marked(separator.join(str(marked(str(value))) for value in values))
