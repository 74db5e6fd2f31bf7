"""Checks that what a plugin declares fits together, before anybody can install it."""

from __future__ import annotations

from typing import Final, get_args

from pydantic import AnyUrl, BaseModel

from wardship.core.errors import InvalidInputError
from wardship.core.text import many_lines, one_line
from wardship.plugins.api import (
    CONTRACT_VERSION,
    FIRST_CONTRACT,
    AttestationLevel,
    AttestSupport,
    EraseSupport,
    Manifest,
    RevocationMethod,
    RevocationPlan,
    RevokeSupport,
    Settings,
    Verb,
)
from wardship.plugins.api.oauth import OAuth, place_of
from wardship.plugins.host.settings import secret_names

SUPPORTED_CONTRACTS: Final = frozenset({CONTRACT_VERSION, CONTRACT_VERSION - 1} - {0})
"""The present version and the one before."""


class UnfitDeclarationError(Exception):
    """A plugin's declaration is no declaration, or contradicts itself; the message is for its author."""


def require_fit(key: str, manifest: Manifest, plan: RevocationPlan) -> None:
    """Raise ``UnfitDeclarationError`` unless the declaration is one that the host can serve and keep."""
    if manifest.key != key:
        raise UnfitDeclarationError(f"the manifest's key {manifest.key!r} must equal the entry point's name {key!r}")
    require_sound(manifest, plan)
    _require_settings_fit(manifest)


def require_sound(manifest: Manifest, plan: RevocationPlan) -> None:
    """Raise ``UnfitDeclarationError`` unless what a declaration says to people fits together, whatever its settings."""
    if manifest.contract not in SUPPORTED_CONTRACTS:
        served = ", ".join(map(str, sorted(SUPPORTED_CONTRACTS)))
        raise UnfitDeclarationError(f"contract version {manifest.contract} is not supported; this host serves {served}")
    if manifest.contract == FIRST_CONTRACT and manifest.limits.per_second is not None:
        raise UnfitDeclarationError("limits.per_second is of contract 2: raise contract, or leave it out")
    _require_readable(manifest, plan)
    _require_plan_keeps_promises(manifest, plan)
    if manifest.oauth is not None:
        _require_oauth_fits(manifest, manifest.oauth, plan)


def _require_readable(manifest: Manifest, plan: RevocationPlan) -> None:
    """Refuse names that people would misread: by the one rule for names, as if somebody had typed them."""
    onward = [
        recipient if isinstance(recipient, str) else recipient.name
        for entry in manifest.receives
        for recipient in entry.onward_recipients
    ]
    names = {
        "name": manifest.name,
        "version": manifest.version,
        "vendor.legal_name": manifest.vendor.legal_name,
        "vendor.privacy_contact": manifest.vendor.privacy_contact,
        **{f"onward_recipients {name!r}": name for name in onward},
    }
    texts = {f"the plan's step for {step.verb}": f"{step.deletes}\n{step.instructions or ''}" for step in plan.steps}
    try:
        for place, text in names.items():
            one_line(text, place, least=1, most=500)
        for place, text in texts.items():
            many_lines(text, place, most=10_000)
    except InvalidInputError as refusal:
        raise UnfitDeclarationError(f"{'.'.join(refusal.path)}: {refusal.message}") from None


def _require_plan_keeps_promises(manifest: Manifest, plan: RevocationPlan) -> None:
    promised = {
        Verb.REVOKE: manifest.supports.revoke is not RevokeSupport.MANUAL,
        Verb.ERASE: manifest.supports.erase not in {EraseSupport.MANUAL, EraseSupport.NONE},
    }
    for verb, is_automatic in promised.items():
        steps = plan.of(verb)
        if is_automatic != any(step.method is not RevocationMethod.MANUAL for step in steps):
            raise UnfitDeclarationError(f"supports.{verb} and the plan's steps for {verb} disagree on what is manual")
    if manifest.supports.attest is not AttestSupport.PROBE and any(
        step.proof is AttestationLevel.PROBED for step in plan.steps
    ):
        raise UnfitDeclarationError("the plan promises proof by probe, but supports.attest does not")


def _require_oauth_fits(manifest: Manifest, oauth: OAuth, plan: RevocationPlan) -> None:
    if manifest.contract == FIRST_CONTRACT:
        raise UnfitDeclarationError("oauth is of contract 2: raise contract, or leave it out")
    for address in (oauth.authorization_endpoint, *oauth.called):
        if place_of(address) not in manifest.hosts:
            raise UnfitDeclarationError(f"oauth calls {place_of(address)}, which is not among hosts: name it there")
    is_by_host = oauth.revocation_endpoint is not None
    if is_by_host != (manifest.supports.revoke is RevokeSupport.RFC7009):
        raise UnfitDeclarationError(
            "with oauth, supports.revoke is rfc7009 exactly where oauth.revocation_endpoint is named: the host revokes"
        )
    if is_by_host and any(step.proof is AttestationLevel.PROBED for step in plan.of(Verb.REVOKE)):
        _require_probe(oauth)


def _require_probe(oauth: OAuth) -> None:
    """Refuse the promise of a probe that nothing could show: by what the server is told from one that is broken."""
    if oauth.probe is None:
        raise UnfitDeclarationError("the plan promises to probe the end of the access: name oauth.probe")
    answering = (oauth.status, oauth.revocation_endpoint)
    if place_of(oauth.probe) not in {place_of(address) for address in answering if address is not None}:
        raise UnfitDeclarationError("oauth.probe is at a server that only refuses afterwards: name oauth.status there")


def _require_settings_fit(manifest: Manifest) -> None:
    model = manifest.settings
    if not model.model_config.get("frozen"):
        raise UnfitDeclarationError("the settings model must stay frozen")
    for name, field in model.model_fields.items():
        if name not in secret_names(model) and _holds_secret(field.annotation):
            raise UnfitDeclarationError(f"settings.{name}: secrets are declared at the top level only, as SecretStr")
    for name in manifest.host_settings:
        if not _is_url(model, name):
            raise UnfitDeclarationError(f"host_settings names {name!r}, which is not a URL field of the settings")
    for name in manifest.place_settings:
        if name not in model.model_fields:
            raise UnfitDeclarationError(f"place_settings names {name!r}, which is not a field of the settings")
        if name in secret_names(model):
            raise UnfitDeclarationError(f"place_settings names {name!r}, which is a secret; name what can be shown")
    country = manifest.transfer.country_setting
    if country is not None and country not in model.model_fields:
        raise UnfitDeclarationError(f"transfer.country_setting names {country!r}, which is not a field of the settings")


def _is_url(model: type[Settings], name: str) -> bool:
    field = model.model_fields.get(name)
    annotation = field.annotation if field else None
    kinds = (annotation, *get_args(annotation))
    return any(isinstance(kind, type) and issubclass(kind, AnyUrl) for kind in kinds)


def _holds_secret(annotation: object) -> bool:
    if "Secret" in getattr(annotation, "__name__", ""):
        return True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return any(_holds_secret(field.annotation) for field in annotation.model_fields.values())
    return any(_holds_secret(part) for part in get_args(annotation))
