"""What integrations declare, and the form that an administrator fills in."""

from __future__ import annotations

from dataclasses import dataclass

from wardship.plugins.api import Manifest, PlainWords, RevocationPlan, plain_words
from wardship.plugins.host.form import form_fields, text_of
from wardship.plugins.host.registry import NOT_LOADED, Form, LoadedIntegration
from wardship.plugins.host.settings import secret_names
from wardship.tenants.access import Access
from wardship.tenants.declarations import declaration_digest
from wardship.tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class SettingField:
    """One field of the form that an administrator fills in, with its values as texts.

    Attributes:
        json_type: ``string``, ``integer``, ``boolean``, … as in JSON Schema.
        choices: the values that it can have; empty where it is free.
        default: empty where there is none.
    """

    name: str
    title: str
    description: str
    json_type: str
    is_required: bool
    is_secret: bool
    choices: tuple[str, ...]
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


def _fields(manifest: Manifest) -> tuple[SettingField, ...]:
    secret = secret_names(manifest.settings)
    return tuple(
        SettingField(
            name=each.name,
            title=each.title,
            description=each.description,
            json_type=each.json_type,
            is_required=each.is_required,
            is_secret=each.name in secret,
            choices=() if each.name in secret else tuple(map(text_of, each.choices)),
            default="" if each.name in secret else text_of(each.default),
        )
        for each in form_fields(manifest.settings)
    )
