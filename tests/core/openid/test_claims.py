from __future__ import annotations

import pytest

from wardship.core.openid.claims import read_identity

ENTRA = "https://login.microsoftonline.com/9a2c1f0e-0000-4000-8000-000000000001/v2.0"
GOOGLE = "https://accounts.google.com"


def read(issuer, **claims):
    return read_identity(issuer, {"sub": "1", **claims}, "a.b.c")


@pytest.mark.parametrize("value", [True, "true", "1", 1], ids=repr)
def test_entra_says_in_its_own_way_that_an_address_is_proven(value):
    assert read(ENTRA, email="ann@harbour.example", xms_edov=value).is_email_verified


def test_entra_without_that_claim_proves_no_address():
    person = read(ENTRA, email="ann@harbour.example", preferred_username="ann@harbour.example")
    assert (person.email, person.is_email_verified) == ("ann@harbour.example", False)


def test_a_user_name_is_no_address():
    assert read(ENTRA, preferred_username="ann@harbour.example", upn="ann@harbour.example").email == ""


def test_another_issuer_that_writes_entras_claim_proves_nothing():
    assert not read(
        "https://login.microsoftonline.com.attacker.example/v2.0", email="a@b.example", xms_edov=1
    ).is_email_verified


def test_google_names_the_workspace():
    assert read(GOOGLE, hd="Harbour.Example").hosted_domain == "harbour.example"
    assert read(GOOGLE).hosted_domain == ""


def test_what_is_no_text_is_no_text():
    person = read(GOOGLE, email=["a@b.example"], name={"a": 1}, amr="pwd", acr=3, sid=7, auth_time="yesterday")
    assert (person.email, person.name, person.amr, person.acr) == ("", "", frozenset(), "")
    assert (person.provider_session, person.authenticated_at) == ("", None)


def test_a_time_that_no_calendar_has_is_none():
    assert read(GOOGLE, auth_time=10**30).authenticated_at is None
    assert read(GOOGLE, auth_time=True).authenticated_at is None
