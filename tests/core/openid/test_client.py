from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from tests.fakes.openid_provider import open_provider
from wardship.core.openid.client import AuthorizationAnswer, OpenIdClient, Wanted
from wardship.core.openid.proofs import SKEW
from wardship.core.openid.refusals import ProofRefusedError, ProviderRefusedError, ProviderUnavailableError


async def test_a_person_comes_back_with_what_the_provider_says(signing_in, provider):
    person = await signing_in(
        email="Zoë@bücher.example", email_verified=True, name="Zoë  Müller", amr=["pwd", "otp"], acr="2", sid="s-1"
    )
    assert (person.issuer, person.subject, person.email) == (provider.issuer, "person-1", "Zoë@bücher.example")
    assert (person.is_email_verified, person.name, person.amr) == (True, "Zoë  Müller", {"pwd", "otp"})
    assert (person.acr, person.provider_session, person.authenticated_at) == ("2", "s-1", None)


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
async def test_the_secret_is_shown_as_the_provider_takes_it(signing_in, provider, method):
    provider.document["token_endpoint_auth_methods_supported"] = [method]
    assert (await signing_in()).subject == "person-1"


async def test_a_wrong_secret_is_told_to_be_entered_again(signing_in, provider):
    client, registration = signing_in.client, replace(signing_in.registration, client_secret="wrong")
    url = await client.authorization_url(registration, "s" * 43, Wanted())
    code = provider.authorize(url).partition("code=")[2].partition("&")[0]
    with pytest.raises(ProviderRefusedError, match="client id and secret"):
        await client.redeem(registration, AuthorizationAnswer(code, "s" * 43), Wanted())


@pytest.mark.parametrize(
    ("claims", "what"),
    [
        ({"nonce": "another"}, "`nonce`"),
        ({"nonce": None}, "`nonce`"),
        ({"aud": "another"}, "`aud`"),
        ({"aud": ["another", "third"]}, "`aud`"),
        ({"aud": ["wardship", "another"]}, "`azp`"),
        ({"aud": ["wardship", "another"], "azp": "another"}, "`azp`"),
        ({"azp": "another"}, "`azp`"),
        ({"iss": "https://other.example"}, "`iss`"),
        ({"iss": None}, "`iss`"),
        ({"exp": 0}, "`exp`"),
        ({"exp": None}, "`exp`"),
        ({"iat": 4_000_000_000, "exp": 4_000_000_100}, "`iat`"),
        ({"iat": None}, "`iat`"),
        ({"nbf": 4_000_000_000}, "`nbf`"),
        ({"sub": None}, "`sub`"),
        ({"sub": ""}, "nobody"),
        ({"sub": "a" * 256}, "nobody"),
        ({"sub": "a\u0000b"}, "nobody"),
        ({"at_hash": "AAAA"}, "`at_hash`"),
    ],
    ids=lambda value: "-".join(f"{key}" for key in value) if isinstance(value, dict) else None,
)
async def test_a_token_with_a_wrong_claim_proves_nothing(signing_in, claims, what):
    with pytest.raises(ProofRefusedError, match=what):
        await signing_in(**claims)


async def test_clocks_may_differ_by_a_minute_and_no_more(signing_in, clock):
    now = int(clock.now().timestamp())
    assert (await signing_in(exp=now - int(SKEW.total_seconds()) + 1)).subject == "person-1"
    with pytest.raises(ProofRefusedError, match="`exp`"):
        await signing_in(exp=now - int(SKEW.total_seconds()))


def _unsigned(claims: dict) -> str:
    parts = ({"alg": "none"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


async def test_a_text_without_signature_proves_nothing(signing_in, provider):
    provider.sign = _unsigned
    with pytest.raises(ProofRefusedError, match="does not count"):
        await signing_in()


async def test_a_text_signed_with_the_shared_secret_proves_nothing(signing_in, provider):
    secret = OctKey.import_key(provider.client_secret * 2)
    provider.sign = lambda claims: jwt.encode({"alg": "HS256"}, claims, secret, algorithms=["HS256"])
    with pytest.raises(ProofRefusedError, match="does not count"):
        await signing_in()


async def test_a_text_signed_with_the_published_key_as_a_shared_secret_proves_nothing(signing_in, provider):
    pem = OctKey.import_key(base64.b64encode(provider.keys[0].as_pem(private=False)))
    kid = provider.keys[0].kid
    provider.sign = lambda claims: jwt.encode({"alg": "HS256", "kid": kid}, claims, pem, algorithms=["HS256"])
    with pytest.raises(ProofRefusedError, match="does not count"):
        await signing_in()


async def test_a_text_that_brings_its_own_key_proves_nothing(signing_in, provider):
    own = RSAKey.generate_key(2048)
    kid = provider.keys[0].kid
    header = {"alg": "RS256", "kid": kid, "jwk": own.as_dict(private=False)}
    provider.sign = lambda claims: jwt.encode(header, claims, own)
    with pytest.raises(ProofRefusedError):
        await signing_in()


@pytest.mark.parametrize("algorithm", ["PS256", "RS512", "ES256", "ES384"])
async def test_the_usual_signatures_count(signing_in, provider, algorithm):
    curves = {"ES256": "P-256", "ES384": "P-384"}
    make = ECKey.generate_key if algorithm in curves else RSAKey.generate_key
    provider.keys = [make(curves.get(algorithm, 2048), {"kid": "one", "use": "sig"})]
    provider.header = {"alg": algorithm}
    provider.sign = lambda claims: jwt.encode({"alg": algorithm, "kid": "one"}, claims, provider.keys[0], [algorithm])
    assert (await signing_in()).subject == "person-1"


@pytest.mark.parametrize(("bits", "use"), [(2048, "enc"), (1024, "sig")], ids=["encryption", "short"])
@pytest.mark.filterwarnings("ignore:Key size should be")
async def test_a_key_for_encryption_or_one_that_is_short_signs_nothing(signing_in, provider, bits, use):
    pair = RSAKey.generate_key(bits, {"kid": "one"})
    provider.keys = [RSAKey.import_key({**pair.as_dict(private=False), "use": use})]
    provider.sign = lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, pair)
    with pytest.raises(ProofRefusedError, match="no key"):
        await signing_in()


async def test_without_a_key_id_each_key_that_fits_is_tried(signing_in, provider):
    first, second = (RSAKey.generate_key(2048, {"use": "sig"}) for _ in range(2))
    provider.keys = [first, second]
    provider.sign = lambda claims: jwt.encode({"alg": "RS256"}, claims, second)
    assert (await signing_in()).subject == "person-1"


async def test_a_rotated_key_is_asked_for_once_a_minute(signing_in, provider, clock):
    await signing_in()
    provider.rotate()
    with pytest.raises(ProofRefusedError, match="no key"):
        await signing_in()  # asked for a moment ago
    clock.advance(timedelta(minutes=1))
    assert (await signing_in()).subject == "person-1"
    provider.seen.clear()
    provider.header = {"kid": "made-up"}
    for _ in range(5):
        with pytest.raises(ProofRefusedError, match="no key"):
            await signing_in()
    assert provider.seen.count("/jwks") == 0
    clock.advance(timedelta(minutes=1))
    for _ in range(5):
        with pytest.raises(ProofRefusedError, match="no key"):
            await signing_in()
    assert provider.seen.count("/jwks") == 1


@pytest.mark.parametrize("kid", [None, "always-this"], ids=["no-name", "same-name"])
async def test_a_key_that_was_changed_under_its_name_is_asked_for_again_once_a_minute(signing_in, provider, clock, kid):
    def change() -> None:
        key = RSAKey.generate_key(2048, {"use": "sig"} | ({"kid": kid} if kid else {}))
        header = {"alg": "RS256"} | ({"kid": kid} if kid else {})
        provider.keys = [key]
        provider.sign = lambda claims: jwt.encode(header, claims, key)

    change()
    await signing_in()
    change()
    with pytest.raises(ProofRefusedError, match="signature"):
        await signing_in()
    clock.advance(timedelta(minutes=1))
    assert (await signing_in()).subject == "person-1"


async def test_a_key_that_was_withdrawn_is_forgotten_within_the_hour(signing_in, provider, clock):
    old = provider.keys
    await signing_in()
    provider.rotate()
    provider.sign = lambda claims: jwt.encode({"alg": "RS256", "kid": old[0].kid}, claims, old[0])
    assert (await signing_in()).subject == "person-1"
    clock.advance(timedelta(hours=1))
    with pytest.raises(ProofRefusedError, match="no key"):
        await signing_in()


async def test_known_keys_serve_while_the_provider_is_silent(signing_in, provider, clock, openid):
    await signing_in()
    clock.advance(timedelta(hours=2))
    provider.is_silent = True
    assert (await openid.metadata(provider.issuer)).issuer == provider.issuer


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://login.example.org/authorize"},
        {"token_endpoint": "http://169.254.169.254/latest"},
        {"jwks_uri": "https://user:pass@login.example.org/jwks"},
        {"jwks_uri": 7},
    ],
    ids=["issuer", "missing", "script", "plain", "metadata-service", "userinfo", "number"],
)
async def test_a_document_that_is_not_the_issuers_or_leads_elsewhere_is_refused(openid, provider, document):
    provider.document = document
    with pytest.raises(ProviderUnavailableError):
        await openid.metadata(provider.issuer)
    assert provider.seen == ["/.well-known/openid-configuration"]


async def test_nothing_inside_is_asked_outside_development(settings, clock, keys, provider):
    client = OpenIdClient(settings.model_copy(update={"development": False}), clock, keys)
    with pytest.raises(ProviderUnavailableError, match="not public"):
        await client.metadata(provider.issuer)
    assert provider.seen == []


async def test_a_redirect_of_the_document_is_not_followed(openid, clock):
    async with open_provider(clock) as inside, open_provider(clock) as provider:
        provider._respond = lambda *_: (302, {"location": inside.issuer})
        with pytest.raises(ProviderUnavailableError, match="answers 302"):
            await openid.metadata(provider.issuer)
    assert inside.seen == []


async def test_an_answer_without_end_is_cut_off(openid, provider):
    provider.document = {"filler": "x" * 600_000}
    with pytest.raises(ProviderUnavailableError, match="more than"):
        await openid.metadata(provider.issuer)


async def test_an_answer_of_another_issuer_is_refused_before_the_code_is_sent(signing_in, provider):
    provider.answer = {"iss": "https://attacker.example"}
    with pytest.raises(ProofRefusedError, match="Another provider"):
        await signing_in()
    assert "/token" not in provider.seen


async def test_an_issuer_that_promises_to_name_itself_has_to(signing_in, provider):
    provider.document = {"authorization_response_iss_parameter_supported": True}
    with pytest.raises(ProofRefusedError, match="Another provider"):
        await signing_in()
    provider.answer = {"iss": provider.issuer}
    assert (await signing_in()).subject == "person-1"


async def test_a_code_of_one_sign_in_is_of_no_use_in_another(signing_in):
    with pytest.raises(ProviderRefusedError, match="invalid_grant"):
        await signing_in(redeem_as="t" * 43)


async def test_what_the_provider_refuses_is_told_as_a_word_and_never_as_its_text(signing_in, provider):
    provider.answer = {"code": None, "error": "access_denied"}
    with pytest.raises(ProviderRefusedError, match="access_denied"):
        await signing_in()
    provider.answer = {"code": None, "error": "Call +49 123 <b>now</b>"}
    with pytest.raises(ProviderRefusedError, match="no reason given"):
        await signing_in()


async def test_a_sign_in_that_has_to_be_fresh_is_proven_by_its_time(signing_in, provider, clock):
    wanted = Wanted(authenticated_since=clock.now())
    now = int(clock.now().timestamp())
    with pytest.raises(ProofRefusedError, match="auth_time"):
        await signing_in(wanted)
    with pytest.raises(ProofRefusedError, match="auth_time"):
        await signing_in(wanted, auth_time=now - 3600)
    person = await signing_in(wanted, auth_time=now + 5)
    assert person.authenticated_at.astimezone(UTC) == clock.now() + timedelta(seconds=5)
    assert (provider.asked["prompt"], provider.asked["max_age"]) == ("login", "0")


async def test_details_come_from_userinfo_where_the_token_has_none(signing_in, provider):
    provider.userinfo = {"sub": "person-1", "email": "ann@harbour.example", "email_verified": True, "name": "Ann"}
    person = await signing_in()
    assert (person.email, person.is_email_verified, person.name) == ("ann@harbour.example", True, "Ann")


async def test_userinfo_of_somebody_else_is_refused(signing_in, provider):
    provider.userinfo = {"sub": "person-2", "email": "eve@harbour.example", "email_verified": True}
    with pytest.raises(ProofRefusedError, match="somebody else"):
        await signing_in()


@pytest.mark.parametrize("value", [False, None, "false", 0, [True], {"true": 1}, 2, "yes"], ids=repr)
async def test_an_address_is_proven_only_by_a_plain_yes(signing_in, value):
    assert not (await signing_in(email="ann@harbour.example", email_verified=value)).is_email_verified


async def test_entras_own_word_for_a_proven_address_counts_for_entra_alone(signing_in):
    assert not (await signing_in(email="ann@harbour.example", xms_edov=True)).is_email_verified


async def test_a_secret_is_in_no_text_of_the_registration(signing_in):
    assert signing_in.registration.client_secret not in repr(signing_in.registration)
