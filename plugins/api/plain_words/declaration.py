"""A declaration in words that a person understands, shown before anybody installs the integration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wardship.plugins.api.manifest import Manifest, Provides, Receives
from wardship.plugins.api.plain_words.messages import Message, say
from wardship.plugins.api.plain_words.phrases import (
    access,
    category,
    deadlines,
    endings,
    fields_of,
    identifier_words,
    kept,
    limits,
    passed_on,
    places,
    purpose,
    rights,
    seat,
    servers,
    service,
    step_words,
)
from wardship.plugins.api.revocation import RevocationPlan


@dataclass(frozen=True, slots=True)
class Section:
    """One heading and its sentences."""

    heading: Message
    sentences: tuple[Message, ...]

    @property
    def title(self) -> str:
        """The heading in English."""
        return self.heading.text

    @property
    def lines(self) -> tuple[str, ...]:
        """The sentences in English."""
        return tuple(message.sentence for message in self.sentences)


@dataclass(frozen=True, slots=True)
class PlainWords:
    """The whole declaration, section by section."""

    opening: Message
    sections: tuple[Section, ...]

    @property
    def headline(self) -> str:
        """Whom the data goes to, in English."""
        return self.opening.text

    @property
    def text(self) -> str:
        """All of it as plain text in English."""
        parts = [self.headline]
        for section in self.sections:
            parts += ["", section.title, *(f"- {line}" for line in section.lines)]
        return "\n".join(parts)


def plain_words(manifest: Manifest, plan: RevocationPlan | None = None) -> PlainWords:
    """Return the declaration in plain words; the plan adds how each thing is taken back."""
    steps = plan.steps if plan else ()
    sections = [
        _section("receives", map(_receives, manifest.receives), nothing="nothing"),
        _section("identifiers", _lines(map(identifier_words, manifest.identifiers)), nothing="identifier.none"),
        _section("contacts", _lines(say(f"contact.{kind}") for kind in manifest.contacts)),
        _section("provides", map(_provides, manifest.provides), nothing="nothing"),
        _section("place", [_place(manifest)]),
        _section("servers", _servers(manifest), nothing="server.none"),
        _section("access", access(manifest.oauth) if manifest.oauth else ()),
        _section("rights", _told(rights(manifest))),
        _section("revocation", (*_told(endings(manifest)), *map(step_words, steps))),
        _section("deadlines", _told(deadlines(manifest))),
        _section("service", _told((*service(manifest), *limits(manifest)))),
        _section("ask", _whom_to_ask(manifest)),
    ]
    opening = say("headline", name=manifest.name, vendor=seat(manifest.vendor))
    return PlainWords(opening, tuple(section for section in sections if section.sentences))


def _section(name: str, sentences: Iterable[Message], *, nothing: str = "") -> Section:
    return Section(say(f"heading.{name}"), tuple(sentences) or (_lines([say(nothing)]) if nothing else ()))


def _lines(words: Iterable[Message]) -> tuple[Message, ...]:
    return tuple(say("line", words=each) for each in words)


def _told(named: Iterable[tuple[str, Message]]) -> tuple[Message, ...]:
    return tuple(message for _, message in named)


def _receives(entry: Receives) -> Message:
    return say(
        "receives",
        fields=fields_of(entry),
        category=category(entry.category),
        audience=say(f"audience.{entry.audience}"),
        purpose=purpose(entry.purpose),
        basis=say(f"basis.{entry.legal_basis}"),
        direction=say(f"direction.{entry.direction}"),
        kept=kept(entry.retention_days),
        onward=passed_on(entry.onward_recipients),
    )


def _provides(entry: Provides) -> Message:
    return say("provides", fields=fields_of(entry), category=category(entry.category), purpose=purpose(entry.purpose))


def _place(manifest: Manifest) -> Message:
    transfer = manifest.transfer
    return say("place", places=places(transfer), safeguard=say(f"safeguard.{transfer.safeguard}"))


def _servers(manifest: Manifest) -> tuple[Message, ...]:
    return (*_lines(servers(manifest)), *(say("server.place", setting=name) for name in manifest.place_settings))


def _whom_to_ask(manifest: Manifest) -> tuple[Message, ...]:
    vendor = manifest.vendor
    lines = [say("ask.privacy", contact=vendor.privacy_contact)]
    lines += [say("ask.policy", address=str(vendor.policy_url))] if vendor.policy_url else []
    lines += [say("ask.agreement", address=str(vendor.agreement_url))] if vendor.agreement_url else []
    return (*lines, say("ask.version", version=manifest.version))
