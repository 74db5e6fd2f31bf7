"""What a declaration says that does not hold: of nobody sent, nowhere used, or promised and not there.

From contract 2 on such a declaration is refused when it loads; one of contract 1 is loaded with a warning.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from wardship.plugins.api import (
    FIRST_CONTRACT,
    STANDARD_FIELDS,
    Audience,
    Connector,
    Manifest,
    Receives,
    Verb,
)
from wardship.plugins.api.doers import Doer, doer, is_ended_by_host
from wardship.plugins.api.taxonomy import covers

_POSTAL: Final = "user.contact.address"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is said and does not hold.

    Attributes:
        entry: where in the declaration.
        what: what does not hold.
        remedy: what its author does about it.
    """

    entry: str
    what: str
    remedy: str

    def told(self, file: str) -> str:
        """Return it in a line for the author."""
        return f"{file}: {self.entry}: {self.what}; {self.remedy}"


def gaps_in(manifest: Manifest) -> Iterator[Gap]:
    """Return what a manifest says of data that is never sent, or never comes in."""
    for position, entry in enumerate(manifest.receives):
        yield from _gaps_of_entry(f"receives[{position}]", entry, manifest)
    sent = set(manifest.field_names)
    for position, identifier in enumerate(manifest.identifiers):
        if identifier.type.value not in sent:
            what = f"the {identifier.type} is no field that is received, so it is never sent"
            yield Gap(f"identifiers[{position}]", what, "declare the field too, or take the identifier out")
    if manifest.contacts and all(entry.audience is not Audience.CONTACTS for entry in manifest.receives):
        yield Gap("contacts", "no entry is about contacts, so none is sent", "give an entry audience=contacts")
    if manifest.provides and not manifest.supports.receive:
        yield Gap("provides", "nothing can come in", "implement receive and set supports.receive, or take it out")


def _gaps_of_entry(place: str, entry: Receives, manifest: Manifest) -> Iterator[Gap]:
    for name in entry.fields:
        if not STANDARD_FIELDS[name].is_kept:
            is_postal = covers(_POSTAL, STANDARD_FIELDS[name].category)
            remedy = f"declare postal_address as {_POSTAL}" if is_postal else "take it out"
            yield Gap(f"{place}.fields", f"{name!r} is kept of nobody, so it is never sent", remedy)
    if entry.audience is Audience.GROUPS:
        what, remedy = "nothing about groups is sent", "declare members: who installs it may choose one group"
        yield Gap(f"{place}.audience", what, remedy)
    if entry.audience is Audience.CONTACTS and not manifest.contacts:
        yield Gap(f"{place}.audience", "no kind of contact is named, so nobody's is sent", "name them in contacts")
    for position, recipient in enumerate(entry.onward_recipients):
        if isinstance(recipient, str):
            remedy = "write Recipient(name=…, country=…, safeguard=…)"
            what = f"{recipient!r} says neither country nor safeguard"
            yield Gap(f"{place}.onward_recipients[{position}]", what, remedy)


def missing_methods(manifest: Manifest, connector: type[Connector[Any]]) -> Iterator[Gap]:
    """Return the methods that a manifest promises and the class of its connector does not have."""
    promised = {verb for verb in Verb if doer(manifest, verb) is Doer.CONNECTOR}
    if is_ended_by_host(manifest):
        promised.discard(Verb.REVOKE)
    if manifest.supports.object and manifest.contract > FIRST_CONTRACT:
        promised.add(Verb.RESTRICT)
    for verb in Verb:
        if verb in promised and getattr(connector, verb.value) is getattr(Connector, verb.value):
            named, line = f"{connector.__qualname__} has no method {verb}", _line_of(connector)
            entry = "receives" if verb is Verb.SHARE else f"supports.{_support(manifest, verb)}"
            yield Gap(entry, f"{named}{line}", f"write `async def {verb}`, or promise less")


def _support(manifest: Manifest, verb: Verb) -> str:
    """Return which support promises a verb."""
    return "object" if verb is Verb.RESTRICT and not manifest.supports.restrict else verb.value


def _line_of(connector: type[Connector[Any]]) -> str:
    try:
        return f" (line {inspect.getsourcelines(connector)[1]})"
    except (OSError, TypeError):
        return ""


def file_of(plugin: object) -> str:
    """Return in which file a plugin stands, from its package on: nothing of where the server keeps it.

    A plugin that is made of a document says so itself, by ``declared_in``.
    """
    if isinstance(declared := getattr(plugin, "declared_in", None), str):
        return declared
    module = plugin if isinstance(plugin, ModuleType) else sys.modules.get(type(plugin).__module__)
    if module is None:
        return type(plugin).__module__
    path = module.__name__.replace(".", "/")
    return f"{path}/__init__.py" if hasattr(module, "__path__") else f"{path}.py"
