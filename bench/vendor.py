"""The integration of the benchmarks' vendor, and the hands of a measurement on that vendor."""

from __future__ import annotations

import http.client
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import HttpUrl, SecretStr

from bench.place import ROOT, clean_environment
from bench.ports import free_port
from bench.processes import answers, running
from bench.vendor_server import TOKEN
from wardship.plugins.api import (
    Attestation,
    AttestationLevel,
    AttestSupport,
    Claim,
    Connector,
    ConnectorContext,
    Direction,
    EraseSupport,
    ExportSupport,
    HttpResponse,
    LegalBasis,
    Limits,
    Manifest,
    Outcome,
    Receives,
    Revocation,
    RevocationMethod,
    RevocationPlan,
    RevocationStep,
    RevokeSupport,
    Safeguard,
    Settings,
    Share,
    SubjectRef,
    Supports,
    Transfer,
    Verb,
    hookimpl,
)
from wardship.plugins.api import Vendor as VendorFacts

KEY: Final = "bench_vendor"


class VendorSettings(Settings):
    """Where the vendor is."""

    server_url: HttpUrl
    token: SecretStr


MANIFEST: Final = Manifest(
    key=KEY,
    name="Vendor",
    version="1",
    contract=2,
    vendor=VendorFacts(legal_name="Vendor Ltd", country="IE", privacy_contact="privacy@vendor.example"),
    receives=(
        Receives(
            category="user.name",
            fields=("first_name", "last_name"),
            purpose="functional.service",
            legal_basis=LegalBasis.LEGITIMATE_INTEREST,
            retention_days=0,
        ),
        Receives(
            category="user.name",
            fields=("first_name", "last_name"),
            purpose="analytics",
            legal_basis=LegalBasis.LEGITIMATE_INTEREST,
            retention_days=0,
            direction=Direction.PULL,
        ),
    ),
    supports=Supports(
        export=ExportSupport.NONE, erase=EraseSupport.DELETE, revoke=RevokeSupport.API, attest=AttestSupport.PROBE
    ),
    limits=Limits(batch=1, per_minute=6000),
    transfer=Transfer(countries=("IE",), safeguard=Safeguard.NONE_NEEDED),
    host_settings=("server_url",),
    settings=VendorSettings,
)
PLAN: Final = RevocationPlan(
    steps=tuple(
        RevocationStep(
            verb=verb,
            method=RevocationMethod.API,
            deletes="everything",
            deadline_h=24,
            proof=AttestationLevel.PROBED,
        )
        for verb in (Verb.REVOKE, Verb.ERASE)
    )
)


class VendorConnector(Connector[VendorSettings]):
    """Writes and deletes one document for each person, looking before and after."""

    async def check(self) -> Outcome:
        """Look whether the token is accepted."""
        (await self._call("GET", "me")).expect(200)
        return Outcome.completed()

    async def share(self, share: Share) -> Outcome:
        """Write each record."""
        for record in share.records:
            fields = {field.name: field.value for field in record.fields}
            (await self._call("PUT", f"subjects/{record.subject.id}", fields)).expect(200)
        return Outcome.completed(len(share.records))

    async def erase(self, subject: SubjectRef) -> Outcome:
        """Look the person up, and delete what is there."""
        (await self._call("GET", f"subjects/{subject.id}")).expect(200, 404)
        response = (await self._call("DELETE", f"subjects/{subject.id}")).expect(204, 404)
        return Outcome.completed(int(response.status == http.HTTPStatus.NO_CONTENT))

    async def revoke(self, revocation: Revocation) -> Outcome:
        """End the token: everybody has been erased one by one."""
        (await self._call("GET", "me")).expect(200)
        (await self._call("DELETE", "token")).expect(204)
        return Outcome.completed(int(revocation.everything))

    async def attest(self, claim: Claim) -> Attestation:
        """Look up whoever was erased, or use the token that was ended."""
        if claim.everything:
            (await self._call("GET", "status", is_known=False)).expect(200)
            gone = [(await self._call("GET", "me")).expect_refused()]
        else:
            (await self._call("GET", "me")).expect(200)
            gone = [(await self._call("GET", f"subjects/{each.id}")).expect_absent() for each in claim.subjects]
        return Attestation.looked_up(at=self.context.now(), method="looked up", gone=gone)

    async def _call(self, method: str, path: str, content: object = None, *, is_known: bool = True) -> HttpResponse:
        headers = {"authorization": f"Bearer {self.context.secret('token')}"} if is_known else {}
        url = f"{self.context.settings.server_url}v1/{path}"
        return await self.context.http.request(method, url, headers=headers, json=content)


@hookimpl
def wardship_receives() -> Manifest:
    """Return the manifest."""
    return MANIFEST


@hookimpl
def wardship_revokes() -> RevocationPlan:
    """Return the revocation plan."""
    return PLAN


@hookimpl
def wardship_connector(context: ConnectorContext[VendorSettings]) -> Connector[Any]:
    """Return the connector for one call."""
    return VendorConnector(context)


@dataclass(frozen=True, slots=True)
class Vendor:
    """A running vendor."""

    port: int
    control_port: int

    @property
    def settings(self) -> dict[str, object]:
        """What an administrator fills in."""
        return {"server_url": f"http://127.0.0.1:{self.port}", "token": TOKEN}

    def counts(self) -> dict[str, Any]:
        """Return what it holds and what came."""
        return self._control("GET", "/counts")

    def tell(self, act: str) -> dict[str, Any]:
        """Have it ``hold``, ``release``, go ``down``, come ``up`` or ``reset``; return its counts."""
        return self._control("POST", f"/{act}")

    def _control(self, method: str, path: str) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.control_port, timeout=30)
        try:
            connection.request(method, path)
            found: dict[str, Any] = json.loads(connection.getresponse().read())
            return found
        finally:
            connection.close()


@contextmanager
def running_vendor(folder: Path) -> Iterator[Vendor]:
    """Run the vendor until the context ends."""
    port, control_port = free_port(), free_port()
    command: list[str | Path] = [sys.executable, ROOT / "bench" / "vendor_server.py", str(port), str(control_port)]
    log, ready = folder / "vendor.log", answers("/counts")
    environment = clean_environment()
    with running(command, control_port, environment=environment, log=log, ready=ready, folder=ROOT):
        yield Vendor(port, control_port)
