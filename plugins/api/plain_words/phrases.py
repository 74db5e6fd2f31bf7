"""What single parts of a declaration are called: as they stand in its sentences, and in what is different."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from wardship.plugins.api.manifest import Manifest, Provides, Receives, Recipient, Transfer, Vendor
from wardship.plugins.api.oauth import OAuth
from wardship.plugins.api.plain_words.messages import Message, Term, TermKind, Value, say
from wardship.plugins.api.revocation import RevocationStep
from wardship.plugins.api.subjects import Identifier, IdentifierFormat
from wardship.plugins.api.taxonomy import is_special


def country(code: str) -> Term:
    """Return the name of a country."""
    return Term(TermKind.COUNTRY, code)


def purpose(key: str) -> Term:
    """Return what a purpose is called, after "in order to"."""
    return Term(TermKind.PURPOSE, key)


def field(name: str) -> Term:
    """Return what a datum is called."""
    return Term(TermKind.FIELD, name)


def category(key: str) -> Term | Message:
    """Return what a category is called, and whether it is specially protected."""
    named = Term(TermKind.CATEGORY, key)
    return say("category.special", category=named) if is_special(key) else named


def fields_of(entry: Receives | Provides) -> tuple[Value, ...]:
    """Return what the data of an entry is called."""
    return tuple(map(field, entry.fields))


def use_of(entry: Receives) -> Message:
    """Return as what and what for something is received."""
    return say("use", category=category(entry.category), purpose=purpose(entry.purpose))


def kept(days: int) -> Message:
    """Return for how long a vendor keeps data."""
    return say("kept.for", days=days) if days else say("kept.not")


def passed_on(recipients: Sequence[Recipient | str]) -> Message:
    """Return to whom a vendor passes data on."""
    return say("onward", recipients=tuple(map(_recipient, recipients))) if recipients else say("onward.nobody")


def recipient_words(recipient: Recipient | str) -> str:
    """Return to whom a vendor passes data on, with the country and the safeguard where they are declared."""
    named = _recipient(recipient)
    return named if isinstance(named, str) else named.text


def _recipient(recipient: Recipient | str) -> str | Message:
    if isinstance(recipient, str):
        return recipient
    safeguard = say(f"safeguard.{recipient.safeguard}")
    return say("recipient", name=recipient.name, country=country(recipient.country), safeguard=safeguard)


def seat(vendor: Vendor) -> str | Message:
    """Return who a vendor is and where its seat is, where it says that."""
    if vendor.country is None:
        return vendor.legal_name
    return say("vendor.seated", vendor=vendor.legal_name, country=country(vendor.country))


def identifier_words(identifier: Identifier) -> Message:
    """Return by what a person is recognised."""
    scrambled = identifier.format is IdentifierFormat.SHA256
    return say("identifier.scrambled" if scrambled else "identifier", identifier=say(f"identifier.{identifier.type}"))


def places(transfer: Transfer) -> tuple[Value, ...]:
    """Return the countries in which data is stored."""
    stated = transfer.country_setting
    known: tuple[Value, ...] = tuple(map(country, transfer.countries))
    return (*known, say("place.stated", setting=stated)) if stated else known


def servers(manifest: Manifest) -> tuple[Message, ...]:
    """Return which servers an integration reaches."""
    return (
        *(say("server", host=host) for host in manifest.hosts),
        *(say("server.setting", setting=name) for name in manifest.host_settings),
    )


ADDRESSES: Final = ("authorization_endpoint", "token_endpoint", "revocation_endpoint", "probe", "status")
"""The fields that say where a vendor lets this deployment in, in the order in which they are told."""


def access(oauth: OAuth) -> Iterator[Message]:
    """Yield how this deployment is let in at a vendor, and how that ends."""
    yield say("access.authorization_endpoint", address=oauth.authorization_endpoint)
    yield say("access.scopes", scopes=oauth.scopes) if oauth.scopes else say("access.scopes.none")
    if oauth.authorize_parameters:
        yield say("access.authorize_parameters", parameters=oauth.authorize_parameters)
    for what in ADDRESSES[1:]:
        address = getattr(oauth, what)
        if address is not None:
            yield say(f"access.{what}", address=address)
        elif what == "revocation_endpoint":
            yield say("access.revocation_endpoint.none")


def provided(entry: Provides) -> tuple[Message, ...]:
    """Return what comes in by an entry, datum by datum."""
    what, why = category(entry.category), purpose(entry.purpose)
    return tuple(say("provided", field=field(name), category=what, purpose=why) for name in entry.fields)


def step_words(step: RevocationStep) -> Message:
    """Return how a step of taking back is done, when, and what it ends."""
    told = say(
        "step",
        when=say(f"when.{step.verb}"),
        how=say(f"method.{step.method}"),
        hours=step.deadline_h,
        deletes=step.deletes.rstrip("."),
        proof=say(f"proof.{step.proof}"),
    )
    return say("step.instructed", step=told, instructions=step.instructions) if step.instructions else told


def rights(manifest: Manifest) -> tuple[tuple[str, Message], ...]:
    """Return what a person can get of a vendor, by the name of what is supported."""
    can = manifest.supports
    return (
        ("export", say(f"export.{can.export}")),
        ("erase", say(f"erase.{can.erase}")),
        ("correct", _offered("correct", is_offered=can.correct)),
        ("restrict", _offered("restrict", is_offered=can.restrict)),
        ("object", _offered("object", is_offered=can.object)),
    )


def endings(manifest: Manifest) -> tuple[tuple[str, Message], ...]:
    """Return how the vendor's access ends and whether that can be verified, by the name of what is supported."""
    can = manifest.supports
    return ("revoke", say(f"revoke.{can.revoke}")), ("attest", say(f"attest.{can.attest}"))


def deadlines(manifest: Manifest) -> tuple[tuple[str, Message], ...]:
    """Return how soon each thing that is offered is done, by the name of the deadline, whose ending is the unit."""
    units = {"s": "seconds", "h": "hours", "d": "days"}
    can = manifest.supports
    unconcerned = {
        name for name, is_offered in {"correct_d": can.correct, "reconcile_d": can.reconcile}.items() if not is_offered
    }
    return tuple(
        (name, say(f"deadline.{name}", **{units[name.rpartition("_")[2]]: value}))
        for name, value in manifest.deadlines.model_dump().items()
        if name not in unconcerned
    )


def service(manifest: Manifest) -> tuple[tuple[str, Message], ...]:
    """Return what else passes between both, by the name of what is supported."""
    can = manifest.supports
    return (
        ("grant", _offered("grant", is_offered=can.grant)),
        ("reconcile", _offered("reconcile", is_offered=can.reconcile)),
        ("receive", _offered("receive", is_offered=can.receive)),
    )


def limits(manifest: Manifest) -> tuple[tuple[str, Message], ...]:
    """Return how much goes at once, by the name of the limit."""
    most = manifest.limits
    told = [("batch", say("limit.batch", records=most.batch))]
    told += [("per_minute", say("limit.per_minute", requests=most.per_minute))]
    told += [("per_second", say("limit.per_second", requests=most.per_second))] if most.per_second else []
    return tuple(told)


def _offered(what: str, *, is_offered: bool) -> Message:
    return say(f"{what}.{'yes' if is_offered else 'no'}")
