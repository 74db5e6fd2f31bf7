"""Render the text of a mail from a template."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources

import jinja2

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
        values: what the template names; a missing one is an error.
    """
    subject, _, body = _template(package, name).render(**values).partition("\n")
    return MailText(subject, body.strip() + "\n")


@functools.cache
def _template(package: str, name: str) -> jinja2.Template:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701 - plain text
    return environment.from_string(resources.files(package).joinpath(f"{name}.txt").read_text())
