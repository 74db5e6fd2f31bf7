"""What an integration can do, how soon, and how much at once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from wardship.plugins.api.contract import ContractModel


class ExportSupport(StrEnum):
    """How the vendor hands out what it holds on a person."""

    SYNC = "sync"
    ASYNC = "async"
    MANUAL = "manual"
    NONE = "none"


class EraseSupport(StrEnum):
    """What happens to a person's data at the vendor."""

    DELETE = "delete"
    ANONYMISE = "anonymise"
    DELEGATE = "delegate"
    MANUAL = "manual"
    NONE = "none"


class RevokeSupport(StrEnum):
    """How the vendor's access ends: RFC 7009, its own interface, or by hand."""

    RFC7009 = "rfc7009"
    API = "api"
    MANUAL = "manual"


class AttestSupport(StrEnum):
    """What proof can be had: looking it up and finding nothing, the vendor's receipt, or none."""

    PROBE = "probe"
    RECEIPT = "receipt"
    NONE = "none"


class Supports(ContractModel):
    """What the connector implements; the host turns the rest into manual tasks.

    ``check`` is always implemented; ``share`` whenever the manifest receives anything by push or mirror.
    """

    export: ExportSupport
    erase: EraseSupport
    revoke: RevokeSupport
    attest: AttestSupport
    correct: bool = False
    restrict: bool = False
    object: bool = False
    grant: bool = False
    reconcile: bool = False
    receive: bool = False


class Deadlines(ContractModel):
    """How soon each thing is done: one call within ``acknowledge_s`` seconds, the rest in hours (h) or days (d)."""

    acknowledge_s: Annotated[int, Field(ge=1, le=60)] = 20
    revoke_h: Annotated[int, Field(ge=1, le=720)] = 24
    export_d: Annotated[int, Field(ge=1, le=30)] = 20
    correct_d: Annotated[int, Field(ge=1, le=30)] = 20
    erase_d: Annotated[int, Field(ge=1, le=90)] = 30
    attest_d: Annotated[int, Field(ge=1, le=30)] = 7
    reconcile_d: Annotated[int, Field(ge=1, le=90)] = 7


class Limits(ContractModel):
    """How many records one call may carry, and how fast the vendor is asked for one installation.

    Attributes:
        per_minute: HTTP requests in any minute; under contract 1 calls of the connector.
        per_second: HTTP requests in a second, evenly spread; None for no such limit. Of contract 2.
    """

    batch: Annotated[int, Field(ge=1, le=1000)] = 90
    per_minute: Annotated[int, Field(ge=1, le=6000)] = 600
    per_second: Annotated[int, Field(ge=1, le=100)] | None = None
