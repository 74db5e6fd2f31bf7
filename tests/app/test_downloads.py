"""Copies, certificates, keys and audit exports over HTTP."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from tests.builders import make_member, make_organisation
from tests.edge import make_app, undeclared
from tests.requesting import make_firm
from wardship.app.downloads import download_router
from wardship.core.accounts.accounts import add_staff
from wardship.core.actor import PROVIDER_ID, Role, StaffRole
from wardship.core.audit.verify import verify_export
from wardship.core.http.credentials import Client
from wardship.core.identifiers import uuid7
from wardship.core.sign_in.sessions import Stage, open_session
from wardship.core.tokens.tokens import TokenRequest, create_token
from wardship.tenants.certificates.verify import verify_certificate
from wardship.tenants.requests.states import RightKind

ACCESS = RightKind.ACCESS


@pytest.fixture
async def firm(services):
    return await make_firm(services)


@pytest.fixture
async def http(services):
    app = make_app(services.settings, download_router(services))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=services.settings.public_url) as client:
        yield client
    assert undeclared(app) == set()


async def _sign_in(services, http, person, owner, *, stepped_up=True):
    async with services.database.directory() as transaction:
        opened = await open_session(transaction, person.account_id, Stage.COMPLETE, Client(""), at=services.clock.now())
    shown = services.clock.now() if stepped_up else None
    await owner.execute("update session set stepped_up_at = $1 where account_id = $2", shown, person.account_id)
    http.cookies.set("wardship", opened.cookie)


@pytest.fixture
async def copied(firm):
    submitted = await firm.submit(ACCESS)
    await firm.approve(submitted, ACCESS)
    await firm.run()
    return submitted


async def _file_id(owner):
    return await owner.fetchval("select id from export_file where destroyed_at is null")


@pytest.mark.usefixtures("copied")
async def test_person_downloads_the_copy(firm, services, http, owner):
    await _sign_in(services, http, firm.member, owner)
    answer = await http.get(f"/exports/{await _file_id(owner)}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="access-2026-11-21.zip"'
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert "data.json" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


@pytest.mark.usefixtures("copied")
async def test_copy_needs_the_second_factor_and_the_person(firm, services, http, owner):
    file_id = await _file_id(owner)
    answer = await http.get(f"/exports/{file_id}")
    assert answer.status_code == 401
    await _sign_in(services, http, firm.member, owner, stepped_up=False)
    answer = await http.get(f"/exports/{file_id}")
    assert (answer.status_code, answer.json()["code"]) == (403, "STEP_UP_REQUIRED")
    await _sign_in(services, http, firm.admin, owner)
    answer = await http.get(f"/exports/{file_id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


@pytest.mark.usefixtures("copied")
async def test_link_names_the_organisation_of_somebody_in_several(firm, services, http, owner):
    other = await make_organisation(services.database, "elsewhere")
    await make_member(services.database, other, account_id=firm.member.account_id, email=firm.member.email)
    await _sign_in(services, http, firm.member, owner)
    file_id = await _file_id(owner)
    assert (await http.get(f"/exports/{file_id}")).status_code == 403
    assert (await http.get(f"/exports/{file_id}?organisation=elsewhere")).status_code == 404
    assert (await http.get(f"/exports/{file_id}?organisation={firm.organisation.slug}")).status_code == 200


@pytest.mark.parametrize("path", ["/exports/nonsense", "/exports/01900000-0000-7000-8000-000000000000"])
async def test_absent_copy_is_not_found(firm, services, http, owner, path):
    await _sign_in(services, http, firm.member, owner)
    assert (await http.get(path)).status_code == 404


async def test_certificate_is_found_by_the_reference_alone_and_verifies_with_the_published_keys(copied, http):
    answer = await http.get(f"/certificates/{copied.reference}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/jose")
    keys = await http.get("/.well-known/wardship-certificate-keys.json")
    assert keys.headers["content-type"] == "application/jwk-set+json"
    verified = verify_certificate(answer.text, keys.json(), copied.reference)
    assert verified.statement.rights[0].state == "fulfilled"
    assert all(set(key) == {"kty", "crv", "x", "kid", "alg", "use"} for key in keys.json()["keys"])
    answer = await http.get("/certificates/somebody-elses-reference")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


@pytest.mark.usefixtures("copied")
async def test_auditor_exports_the_chain(firm, services, http, owner):
    auditor = await make_member(services.database, firm.organisation, Role.AUDITOR)
    await _sign_in(services, http, auditor, owner)
    answer = await http.get("/audit/export")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/jsonl")
    keys = (await http.get("/.well-known/wardship-certificate-keys.json")).json()
    verified = verify_export(answer.content.splitlines(), keys)
    assert verified.organisation == str(firm.organisation.id)
    assert verified.entries == await owner.fetchval("select count(*) from audit_entry")
    assert "audit.exported" in answer.text


@pytest.mark.usefixtures("copied")
@pytest.mark.parametrize("role", [StaffRole.PRIVACY_TEAM, StaffRole.OPERATOR])
async def test_staff_exports_the_providers_chain_and_no_other(firm, services, http, owner, role):
    account_id = uuid7()
    await owner.execute("insert into account (id, created_at) values ($1, now())", account_id)
    async with services.database.directory() as transaction:
        await add_staff(transaction, account_id, role, at=services.clock.now())
    await _sign_in(services, http, replace(firm.member, account_id=account_id), owner)
    answer = await http.get("/audit/export")
    assert answer.status_code == 200
    keys = (await http.get("/.well-known/wardship-certificate-keys.json")).json()
    verified = verify_export(answer.content.splitlines(), keys)
    assert (verified.organisation, verified.entries) == (str(PROVIDER_ID), 1), "what is exported is the export itself"
    http.headers["X-Wardship-Organisation"] = firm.organisation.slug
    assert (await http.get("/audit/export")).status_code == 403


async def test_vendor_exports_no_chain(firm, services, http, owner):
    account_id = uuid7()
    await owner.execute("insert into account (id, created_at) values ($1, now())", account_id)
    async with services.database.directory() as transaction:
        await add_staff(transaction, account_id, StaffRole.VENDOR, at=services.clock.now())
    await _sign_in(services, http, replace(firm.member, account_id=account_id), owner)
    assert (await http.get("/audit/export")).status_code == 403
    assert await owner.fetchval("select count(*) from audit_entry") == 0


async def test_member_does_not_export_the_chain(firm, services, http, owner):
    await _sign_in(services, http, firm.member, owner)
    answer = await http.get("/audit/export")
    assert (answer.status_code, answer.json()["code"]) == (403, "PERMISSION_DENIED")
    assert await owner.fetchval("select count(*) from audit_entry") == 0


async def test_token_exports_the_chain(firm, services, http):
    now = services.clock.now()
    wanted = TokenRequest("backup", frozenset({"read"}), now + timedelta(days=30))
    async with services.database.tenant(firm.organisation.id, directory=True) as transaction:
        _, token = await create_token(transaction, firm.owner.account_id, firm.organisation.id, wanted, at=now)
    answer = await http.get("/audit/export", headers={"Authorization": f"Bearer {token}"})
    assert verify_export(answer.content.splitlines()).entries == 2
