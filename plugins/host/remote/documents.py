"""Read the document by which a vendor declares an integration, and say what is wrong in it, and where."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from wardship.core.errors import InvalidInputError
from wardship.plugins.api import (
    CONTRACT_VERSION,
    AttestationLevel,
    AttestSupport,
    Manifest,
    RevocationPlan,
    Settings,
)
from wardship.plugins.host.remote.addresses import fault_of_address, place_of
from wardship.plugins.host.remote.settings_schema import SchemaFaultError, settings_of_schema

LARGEST_DOCUMENT: Final = 262_144
"""Bytes of a manifest document."""
_HTTPS: Final = 443
_OF_THE_HOST: Final = ("hosts", "host_settings", "oauth")
_MOST_TOLD: Final = 10
ModelT = TypeVar("ModelT", bound=BaseModel)


class ManifestDocumentError(InvalidInputError):
    """The manifest document is none, or declares what can't be: mend what the message names, at the place it names."""

    code: ClassVar[str] = "MANIFEST_DOCUMENT"


class _Parts(BaseModel):
    """The document's own keys; what stands below them is judged by itself."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    wardship: Literal[1]
    endpoint: str
    manifest: dict[str, Any]
    revocation_plan: dict[str, Any]
    settings_schema: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RemoteDocument:
    """An integration as its vendor declares it at an address.

    Attributes:
        endpoint: where the host sends its messages, and nowhere else.
        manifest: with the endpoint's host as the one that is reached, and the form made of the document's schema.
    """

    endpoint: str
    manifest: Manifest
    plan: RevocationPlan = field(repr=False)

    @property
    def key(self) -> str:
        """The key of the integration."""
        return self.manifest.key


def read_document(body: bytes, *, plain_http: bool = False) -> RemoteDocument:
    """Return the integration that a document declares.

    What else a declaration has to hold is judged when it is loaded, as of a package.

    Args:
        body: as it was fetched.
        plain_http: whether the endpoint may be reached without TLS: in development.

    Raises:
        ManifestDocumentError: it declares none, or what a remote integration can't have.
    """
    parts = _validated(_Parts, _parsed(body), "")
    host = _host_of(parts.endpoint, plain_http=plain_http)
    manifest = _manifest(parts, host)
    plan = _validated(RevocationPlan, parts.revocation_plan, "revocation_plan")
    for position, step in enumerate(plan.steps):
        if step.proof is AttestationLevel.PROBED:
            _refuse(f"revocation_plan.steps.{position}.proof", *_PROBE)
    return RemoteDocument(parts.endpoint, manifest, plan)


_PROBE: Final = ("nothing can be looked up past the endpoint, which proves nothing but its word", "promise receipt")


def _parsed(body: bytes) -> object:
    if len(body) > LARGEST_DOCUMENT:
        _refuse("", f"it has more than {LARGEST_DOCUMENT} bytes", "declare less")
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_no_number)
    except RecursionError:
        _refuse("", "it nests too deeply", "declare it as the documentation shows")
    except ValueError as error:
        _refuse("", f"it is no JSON in UTF-8 ({_where(error)})", "serve the document itself")


def _where(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}"
    return "a key twice" if isinstance(error, _TwiceError) else "what is no value"


class _TwiceError(ValueError):
    """An object has a key twice, so that readers may take different ones."""


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _TwiceError
    return found


def _no_number(_: str) -> NoReturn:
    raise ValueError


def _host_of(endpoint: str, *, plain_http: bool) -> str:
    """Return the host of an endpoint as a manifest names hosts."""
    if fault := fault_of_address(endpoint, plain_http=plain_http):
        _refuse("endpoint", fault, "write https://, the host and the path, and nothing else")
    host, port = place_of(endpoint)
    return host if port == _HTTPS else f"{host}:{port}"


def _manifest(parts: _Parts, host: str) -> Manifest:
    given = dict(parts.manifest)
    if "settings" in given:
        _refuse("manifest.settings", "a form is no part of a manifest", "declare it as settings_schema")
    for name in _OF_THE_HOST:
        if given.pop(name, None):
            _refuse(f"manifest.{name}", "the host speaks to the endpoint alone", "take it out")
    if given.get("contract") != CONTRACT_VERSION:
        _refuse("manifest.contract", "a remote integration is of contract 2", f"write {CONTRACT_VERSION}")
    manifest = _validated(Manifest, {**given, "hosts": [host]}, "manifest")
    if manifest.supports.attest is AttestSupport.PROBE:
        _refuse("manifest.supports.attest", *_PROBE)
    return manifest.model_copy(
        update={
            "settings": _form(parts.settings_schema),
            # The address for its calls is always there: answers to what it has begun come in by it.
            "supports": manifest.supports.model_copy(update={"receive": True}),
        }
    )


def _form(schema: dict[str, Any] | None) -> type[Settings]:
    if schema is None:
        return Settings
    try:
        return settings_of_schema(schema)
    except SchemaFaultError as fault:
        _refuse(".".join(("settings_schema", *fault.path)), fault.what, fault.remedy)


def _validated(model: type[ModelT], value: object, path: str) -> ModelT:
    try:
        # From JSON, as it would be read anywhere: what a Python value might be taken for does not count.
        return model.model_validate_json(json.dumps(value))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        first = (path, *map(str, faults[0]["loc"]))
        lines = [f"{_joined((path, *map(str, each['loc'])))}: {each['msg']}" for each in faults[:_MOST_TOLD]]
        raise ManifestDocumentError("; ".join(lines), path=tuple(part for part in first if part)) from None


def _joined(parts: tuple[str, ...]) -> str:
    return ".".join(part for part in parts if part) or "the document"


def _refuse(path: str, what: str, remedy: str) -> NoReturn:
    raise ManifestDocumentError(
        f"{path or 'the document'}: {what}; {remedy}", path=tuple(part for part in path.split(".") if part)
    )
