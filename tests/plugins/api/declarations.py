"""Walks the models of declarations: each field that holds a value, where it stands, and another value for it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, get_origin

from pydantic import BaseModel, HttpUrl

from tests.fakes.vendor_plugin import MANIFEST, PLAN
from tests.plugins.api.unread_fields import UNREAD
from wardship.plugins.api import (
    ContactKind,
    Limits,
    OAuth,
    Provides,
    RevocationPlan,
    Settings,
    Transfer,
)

FULL_MANIFEST = MANIFEST.model_copy(
    update={
        "vendor": MANIFEST.vendor.model_copy(update={"agreement_url": HttpUrl("https://vendor.example/agreement")}),
        "provides": (Provides(category="user.behavior", fields=("visits",), purpose="analytics"),),
        "contacts": (ContactKind.BILLING,),
        "hosts": ("api.vendor.example",),
        "oauth": OAuth(
            authorization_endpoint="https://api.vendor.example/authorize",
            token_endpoint="https://api.vendor.example/token",
            revocation_endpoint="https://api.vendor.example/revoke",
            scopes=("contacts",),
            authorize_parameters=("access_type=offline",),
            probe="https://api.vendor.example/me",
            status="https://api.vendor.example/status",
        ),
        "place_settings": ("server_url",),
        "limits": Limits(batch=20, per_minute=6000, per_second=4),
        "transfer": Transfer(countries=("DE",), country_setting="country", safeguard="adequacy"),
    }
)
"""A declaration in which every field says something."""
FULL_PLAN = RevocationPlan(steps=(PLAN.steps[0].model_copy(update={"instructions": "Write to them."}), PLAN.steps[1]))
_OTHERS = {
    "Receives.category": "user.account",
    "Receives.purpose": "sales",
    "Receives.fields": ("last_name",),
    "Provides.category": "user.location",
    "Provides.purpose": "sales",
    "Recipient.country": "FR",
    "Vendor.country": "FR",
    "Transfer.countries": ("FR",),
}


def all_fields(model: type[BaseModel]) -> Iterator[str]:
    """Yield every field of a model that holds a value or a list, and of the models in it, as ``Model.field``."""
    for name, info in model.model_fields.items():
        where = f"{model.__name__}.{name}"
        within = [] if where in UNREAD else _models_in(info.annotation)
        if not within or get_origin(info.annotation) is tuple:
            yield where
        for inner in within:
            yield from all_fields(inner)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [] if issubclass(annotation, Settings) else [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]


def changed(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield each field below a model with a copy of the model in which that field alone is another."""
    for name in type(value).model_fields:
        where = f"{type(value).__name__}.{name}"
        if where in UNREAD:
            continue
        part = getattr(value, name)
        for inner, copy in _changed_part(part, where):
            yield inner, value.model_copy(update={name: copy})


def _changed_part(part: Any, where: str) -> Iterator[tuple[str, Any]]:
    if isinstance(part, BaseModel):
        yield from changed(part)
    elif isinstance(part, tuple) and part and isinstance(part[0], BaseModel):
        yield where, ()
        for place, each in enumerate(part):
            for inner, copy in changed(each):
                yield inner, (*part[:place], copy, *part[place + 1 :])
    else:
        yield where, _other(part, where)


def _other(value: Any, where: str) -> Any:
    if where in _OTHERS:
        return _OTHERS[where]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, HttpUrl):
        return HttpUrl("https://elsewhere.example/")
    if isinstance(value, tuple):
        return (_other(value[0], where) if value else "other",)
    return _next(value) if isinstance(value, Enum) else "other"


def _next(value: Enum) -> Enum:
    return next(member for member in type(value) if member is not value)
