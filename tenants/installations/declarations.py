"""What an integration declares, and the digest that an administrator accepts it by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import rfc8785

from wardship.core.errors import ConflictError, InvalidInputError
from wardship.plugins.api import Manifest, PlainWords, RevocationPlan, plain_words
from wardship.plugins.host.registry import NOT_LOADED, Form, LoadedIntegration
from wardship.plugins.host.settings import secret_names
from wardship.tenants.access import Access
from wardship.tenants.permissions import Permission


class StaleDeclarationError(ConflictError):
    """The declaration is not the one that was read: read the present one and accept that."""

    code = "STALE_DECLARATION"


@dataclass(frozen=True, slots=True)
class SettingField:
    """One field of the form that an administrator fills in.

    Attributes:
        json_type: ``string``, ``integer``, ``boolean``, … as in JSON Schema.
        default: as JSON text; empty where there is none.
    """

    name: str
    title: str
    description: str
    json_type: str
    is_required: bool
    is_secret: bool
    default: str


@dataclass(frozen=True, slots=True)
class AvailableIntegration:
    """An integration that this deployment offers, or would offer if it could be loaded.

    Attributes:
        failure: why it could not be loaded; None when it could, and only then the rest is there.
        form: a package on this server, or its vendor's own server.
        words: the declaration in words that a person understands.
        digest: names exactly this declaration, to be accepted at installation.
    """

    key: str
    failure: str | None
    form: Form
    manifest: Manifest | None = None
    plan: RevocationPlan | None = None
    words: PlainWords | None = None
    digest: str | None = None
    fields: tuple[SettingField, ...] = ()


def declaration_digest(manifest: Manifest, plan: RevocationPlan) -> bytes:
    """Return SHA-256 over the canonical JSON (RFC 8785) of the manifest and the revocation plan."""
    declared = {"manifest": manifest.model_dump(mode="json"), "plan": plan.model_dump(mode="json")}
    return hashlib.sha256(rfc8785.dumps(declared)).digest()


def available_integrations(access: Access) -> list[AvailableIntegration]:
    """Return all integrations of this deployment by key, those that failed to load with the reason.

    Raises:
        PermissionDeniedError: the caller is nobody who may install or look at integrations.
    """
    if not access.may(Permission.INTEGRATIONS_READ):
        access.require_member("read")
    found = [available(each) for each in access.services.integrations.all() if _is_offered(each)]
    return found if access.may(Permission.INTEGRATIONS_READ) else [each for each in found if each.failure is None]


def _is_offered(integration: LoadedIntegration) -> bool:
    """Tell whether an integration is one to look at: one that its vendor or the provider has stopped is none."""
    return integration.form is Form.PACKAGE or integration.absence == NOT_LOADED


def available(integration: LoadedIntegration) -> AvailableIntegration:
    """Return what an integration declares."""
    manifest, plan = integration.manifest, integration.plan
    if manifest is None or plan is None:
        return AvailableIntegration(integration.key, integration.reason or "it could not be loaded", integration.form)
    return AvailableIntegration(
        key=integration.key,
        failure=None,
        form=integration.form,
        manifest=manifest,
        plan=plan,
        words=plain_words(manifest, plan),
        digest=declaration_digest(manifest, plan).hex(),
        fields=_fields(manifest),
    )


def require_accepted(manifest: Manifest, plan: RevocationPlan, accepted: str) -> bytes:
    """Return the digest of a declaration when it is the one that was accepted.

    Raises:
        InvalidInputError: what was given is no digest.
        StaleDeclarationError: another declaration was accepted.
    """
    try:
        named = bytes.fromhex(accepted)
    except ValueError:
        raise InvalidInputError(
            "Give the digest of the declaration that you have read.", path=("declaration_digest",)
        ) from None
    digest = declaration_digest(manifest, plan)
    if named != digest:
        raise StaleDeclarationError(
            "The declaration has changed since you read it: read it again and accept the present one.",
            path=("declaration_digest",),
        )
    return digest


def _fields(manifest: Manifest) -> tuple[SettingField, ...]:
    schema = manifest.settings.model_json_schema()
    secret = secret_names(manifest.settings)
    return tuple(
        SettingField(
            name=name,
            title=str(form.get("title", name)),
            description=str(form.get("description", "")),
            json_type=str(form.get("type", "string")),
            is_required=name in schema.get("required", ()),
            is_secret=name in secret,
            default="" if name in secret or form.get("default") is None else str(form["default"]),
        )
        for name, form in schema.get("properties", {}).items()
    )
