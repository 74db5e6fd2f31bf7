"""A declaration in words that a person understands, shown before anybody installs the integration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wardship.plugins.api.contract import Verb, country_name
from wardship.plugins.api.fields import STANDARD_FIELDS
from wardship.plugins.api.manifest import Audience, Direction, LegalBasis, Manifest, Provides, Receives, Safeguard
from wardship.plugins.api.outcome import AttestationLevel
from wardship.plugins.api.revocation import RevocationMethod, RevocationPlan, RevocationStep
from wardship.plugins.api.subjects import IdentifierFormat, IdentifierType
from wardship.plugins.api.supports import EraseSupport, ExportSupport
from wardship.plugins.api.taxonomy import CATEGORIES, PURPOSES, is_special

_AUDIENCE = {Audience.MEMBERS: "members", Audience.CONTACTS: "named contacts only", Audience.GROUPS: "groups"}
_BASIS = {
    LegalBasis.CONSENT: "only with the person's consent",
    LegalBasis.CONTRACT: "because the contract with the person needs it",
    LegalBasis.LEGAL_OBLIGATION: "because a law demands it",
    LegalBasis.LEGITIMATE_INTEREST: "because of a legitimate interest, to which the person may object",
}
_DIRECTION = {
    Direction.PUSH: "We send it",
    Direction.PULL: "The vendor fetches it",
    Direction.MIRROR: "The vendor keeps a copy that is kept equal to ours",
}
_SAFEGUARD = {
    Safeguard.NONE_NEEDED: "no further safeguard is needed there",
    Safeguard.ADEQUACY: "protected by an adequacy decision",
    Safeguard.STANDARD_CLAUSES: "protected by standard contractual clauses",
    Safeguard.BINDING_RULES: "protected by binding corporate rules",
    Safeguard.EXPLICIT_CONSENT: "only with the person's explicit consent to the transfer",
}
_IDENTIFIER = {
    IdentifierType.EMAIL: "e-mail address",
    IdentifierType.PHONE: "telephone number",
    IdentifierType.USERNAME: "username",
}
_SCRAMBLED = ", scrambled so that only who knows it already can recognise it"
_METHOD = {
    RevocationMethod.RFC7009: "automatically, by ending its access",
    RevocationMethod.API: "automatically",
    RevocationMethod.WEBHOOK: "automatically, by telling the vendor",
    RevocationMethod.MANUAL: "by hand",
}
_PROOF = {
    AttestationLevel.PROBED: "we look it up afterwards and expect to find nothing",
    AttestationLevel.RECEIPT: "the vendor gives a receipt",
    AttestationLevel.SELF_REPORTED: "the vendor only says so",
    AttestationLevel.MANUAL: "a person confirms it",
    AttestationLevel.UNVERIFIABLE: "it can't be verified",
}
_VERB = {Verb.REVOKE: "When it is uninstalled or a grant is withdrawn", Verb.ERASE: "When a person's data is erased"}
_ERASE = {
    EraseSupport.DELETE: "A person's data is deleted on request.",
    EraseSupport.ANONYMISE: "A person's data is made anonymous on request.",
    EraseSupport.DELEGATE: "Requests for erasure are passed to the vendor, who carries them out.",
    EraseSupport.MANUAL: "Erasure takes a person's work; the steps are below.",
    EraseSupport.NONE: "The vendor offers no erasure.",
}
_EXPORT = {
    ExportSupport.SYNC: "A copy of what the vendor holds on a person can be had at once.",
    ExportSupport.ASYNC: "A copy of what the vendor holds on a person can be had after a while.",
    ExportSupport.MANUAL: "A copy of what the vendor holds on a person takes a person's work.",
    ExportSupport.NONE: "The vendor gives no copy of what it holds on a person.",
}


@dataclass(frozen=True, slots=True)
class Section:
    """One heading and its sentences."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlainWords:
    """The whole declaration, section by section."""

    headline: str
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """All of it as plain text."""
        parts = [self.headline]
        for section in self.sections:
            parts += ["", section.title, *(f"- {line}" for line in section.lines)]
        return "\n".join(parts)


def plain_words(manifest: Manifest, plan: RevocationPlan | None = None) -> PlainWords:
    """Return the declaration in plain words; the plan adds how each thing is taken back."""
    vendor = manifest.vendor
    seat = f" ({country_name(vendor.country)})" if vendor.country else ""
    sections = [
        Section("What it receives", tuple(map(_receives, manifest.receives)) or ("Nothing.",)),
        Section("How it recognises a person", _identifiers(manifest)),
        Section("Contacts it needs", _contacts(manifest)),
        Section("What it sends here", tuple(map(_provides, manifest.provides)) or ("Nothing.",)),
        Section("Where it is stored", (_place(manifest),)),
        Section("What a person can get", (_EXPORT[manifest.supports.export], _ERASE[manifest.supports.erase])),
        Section("How it is taken back", tuple(map(_step, plan.steps if plan else ()))),
        Section("Whom to ask", _contact_lines(manifest)),
    ]
    headline = f"{manifest.name}: data goes to {vendor.legal_name}{seat}."
    return PlainWords(headline, tuple(section for section in sections if section.lines))


def _receives(entry: Receives) -> str:
    names = _list(STANDARD_FIELDS[name].label for name in entry.fields)
    special = " (specially protected data)" if is_special(entry.category) else ""
    onward = f"passed on to {_list(entry.onward_recipients)}" if entry.onward_recipients else "passed on to nobody"
    days = "1 day" if entry.retention_days == 1 else f"{entry.retention_days} days"
    kept = f"kept for {days} after the grant ends" if entry.retention_days else "deleted when the grant ends"
    return (
        f"{_capital(names)} of {_AUDIENCE[entry.audience]}{special}, in order to {PURPOSES[entry.purpose].label}, "
        f"{_BASIS[entry.legal_basis]}. {_DIRECTION[entry.direction]}; {kept}; {onward}."
    )


def _provides(entry: Provides) -> str:
    return f"{_capital(CATEGORIES[entry.category].label)}, in order to {PURPOSES[entry.purpose].label}."


def _identifiers(manifest: Manifest) -> tuple[str, ...]:
    if not manifest.identifiers:
        return ("By a random number that means nothing elsewhere.",)
    return tuple(
        f"By the {_IDENTIFIER[identifier.type]}{_SCRAMBLED if identifier.format is IdentifierFormat.SHA256 else ''}."
        for identifier in manifest.identifiers
    )


def _contacts(manifest: Manifest) -> tuple[str, ...]:
    return tuple(f"The organisation's {kind} contact." for kind in manifest.contacts)


def _place(manifest: Manifest) -> str:
    transfer = manifest.transfer
    places = [country_name(code) for code in transfer.countries]
    if transfer.country_setting:
        places.append("the country that you state at installation")
    return f"In {_list(places)}; {_SAFEGUARD[transfer.safeguard]}."


def _step(step: RevocationStep) -> str:
    when = _VERB.get(step.verb, f"For {step.verb}")
    how = f"{when}: {_METHOD[step.method]}, within {step.deadline_h} hours. Ends: {step.deletes.rstrip('.')}."
    todo = f" What to do: {step.instructions}" if step.instructions else ""
    return f"{how} Proof: {_PROOF[step.proof]}.{todo}"


def _contact_lines(manifest: Manifest) -> tuple[str, ...]:
    vendor = manifest.vendor
    lines = [f"Privacy questions: {vendor.privacy_contact}."]
    lines += [f"Privacy policy: {vendor.policy_url}"] if vendor.policy_url else []
    lines += [f"Agreement: {vendor.agreement_url}"] if vendor.agreement_url else []
    return tuple(lines)


def _list(words: Iterable[str]) -> str:
    items: Sequence[str] = list(words)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
