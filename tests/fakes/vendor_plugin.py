"""The integration for the strict vendor: one JSON document per person, and a token that can be revoked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import HttpUrl, SecretStr

from wardship.plugins.api import (
    Attestation,
    Claim,
    Connector,
    ConnectorContext,
    Deadlines,
    Export,
    Field,
    Fixtures,
    HttpResponse,
    Identifier,
    Inquiry,
    Limits,
    Manifest,
    Outcome,
    Receives,
    Recipient,
    Reconciliation,
    Record,
    Restriction,
    Revocation,
    RevocationPlan,
    RevocationStep,
    Settings,
    Share,
    Standing,
    SubjectRef,
    Supports,
    Transfer,
    Vendor,
    hookimpl,
)
from wardship.plugins.api.fields import STANDARD_FIELDS

KEY = "fake_vendor"


class FakeVendorSettings(Settings):
    server_url: HttpUrl
    token: SecretStr


def record(subject_id: str = "subject-0001", **fields: str) -> Record:
    """Return a record with standard fields."""
    return Record(
        subject=SubjectRef(id=subject_id),
        fields=tuple(
            Field(category=STANDARD_FIELDS[name].category, name=name, value=value) for name, value in fields.items()
        ),
    )


MANIFEST = Manifest(
    key=KEY,
    name="Fake vendor",
    version="1.0",
    vendor=Vendor(
        legal_name="Fake Vendor GmbH",
        country="DE",
        privacy_contact="privacy@vendor.example",
        policy_url="https://vendor.example/privacy",
    ),
    receives=(
        Receives(
            category="user.name",
            fields=("first_name", "last_name"),
            purpose="functional.service",
            legal_basis="legitimate_interest",
            retention_days=0,
        ),
        Receives(
            category="user.contact",
            fields=("email", "phone"),
            purpose="essential.service.notifications",
            legal_basis="contract",
            retention_days=30,
            onward_recipients=(Recipient(name="Mail Carrier Ltd", country="DE", safeguard="none_needed"),),
        ),
    ),
    identifiers=(Identifier(type="email", format="sha256"),),
    supports=Supports(
        export="sync", erase="delete", revoke="api", attest="probe", correct=True, restrict=True, reconcile=True
    ),
    deadlines=Deadlines(acknowledge_s=5),
    limits=Limits(batch=20, per_minute=6000),
    transfer=Transfer(countries=("DE", "IE"), safeguard="none_needed"),
    host_settings=("server_url",),
    settings=FakeVendorSettings,
    fixtures=Fixtures(
        active=record(first_name="Ada"), updated=record(first_name="Eda"), closed=SubjectRef(id="subject-0001")
    ),
)
PLAN = RevocationPlan(
    steps=(
        RevocationStep(
            verb="revoke", method="api", deletes="the token and every record", deadline_h=24, proof="probed"
        ),
        RevocationStep(verb="erase", method="api", deletes="the person's record", deadline_h=24, proof="probed"),
    )
)


class FakeVendor(Connector[FakeVendorSettings]):
    async def check(self) -> Outcome:
        (await self._call("GET", "me")).expect(200)
        return Outcome.completed()

    async def share(self, share: Share) -> Outcome:
        for each in share.records:
            await self._put(each)
        return Outcome.completed(len(share.records))

    async def correct(self, record: Record) -> Outcome:
        await self._put(record)
        return Outcome.completed(1)

    async def restrict(self, restriction: Restriction) -> Outcome:
        if restriction.active or restriction.record is None:
            return await self.erase(restriction.subject)
        return await self.correct(restriction.record)

    async def erase(self, subject: SubjectRef) -> Outcome:
        (await self._call("GET", f"subjects/{subject.id}")).expect(200, 404)
        response = (await self._call("DELETE", f"subjects/{subject.id}")).expect(204, 404)
        return Outcome.completed(int(response.status == 204))

    async def revoke(self, revocation: Revocation) -> Outcome:
        for subject in revocation.subjects:
            await self.erase(subject)
        if revocation.everything:
            (await self._call("GET", "me")).expect(200, 401)
            (await self._call("DELETE", "token")).expect(204, 401)
        return Outcome.completed(len(revocation.subjects))

    async def export(self, subject: SubjectRef) -> Export:
        response = (await self._call("GET", f"subjects/{subject.id}")).expect(200, 404)
        if response.status == 404:
            return Export(outcome=Outcome.completed())
        fields = response.json()
        assert isinstance(fields, dict)
        return Export(outcome=Outcome.completed(1), rows=record(subject.id, **fields).fields)

    async def attest(self, claim: Claim) -> Attestation:
        if claim.everything or not claim.subjects:
            (await self._call("GET", "status", is_known=False)).expect(200)
            statuses = [(await self._call("GET", "me")).expect(200, 401).status]
        else:
            (await self._call("GET", "me")).expect(200)
            paths = [f"subjects/{subject.id}" for subject in claim.subjects]
            statuses = [(await self._call("GET", path)).expect(200, 404).status for path in paths]
        found = tuple("a record or the token is still there" for status in statuses if status == 200)
        return Attestation.probed(at=self.context.now(), method="looked up", evidence=str(statuses), residual=found)

    async def reconcile(self, inquiry: Inquiry) -> Reconciliation:
        known = (await self._call("GET", "subjects")).expect(200).json()
        assert isinstance(known, list)
        return Reconciliation(
            standings=tuple(
                Standing(subject_id=subject.id, state="active" if subject.id in known else "unknown")
                for subject in inquiry.subjects
            )
        )

    async def _put(self, each: Record) -> None:
        fields = {field.name: field.value for field in each.fields}
        (await self._call("PUT", f"subjects/{each.subject.id}", json=fields)).expect(200)

    async def _call(self, method: str, path: str, json: object = None, *, is_known: bool = True) -> HttpResponse:
        url = f"{str(self.context.settings.server_url).rstrip('/')}/v1/{path}"
        headers = {"authorization": f"Bearer {self.context.secret('token')}"} if is_known else {}
        return await self.context.http.request(method, url, headers=headers, json=json)


@hookimpl
def wardship_receives() -> Manifest:
    return MANIFEST


@hookimpl
def wardship_revokes() -> RevocationPlan:
    return PLAN


@hookimpl
def wardship_connector(context: ConnectorContext[FakeVendorSettings]) -> Connector[Any]:
    return FakeVendor(context)


def write_distribution(folder: Path, module: str = __name__, key: str = KEY, name: str = "fake-vendor") -> None:
    """Make a folder into a distribution: on ``sys.path``, its module is found by entry point."""
    metadata = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[wardship.integrations]\n{key} = {module}\n")
