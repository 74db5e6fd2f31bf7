from __future__ import annotations

import json

import pytest

from tests.plugins.host.remote.declared import DOCUMENT, changed
from wardship.plugins.api import new_webhook_secret
from wardship.plugins.host.registry import LoadState, load_plugin
from wardship.plugins.host.remote import LARGEST_DOCUMENT, ManifestDocumentError, RemotePlugin, read_document

M = "manifest"
SUPPORTS = DOCUMENT[M]["supports"]


def refused(body: bytes) -> ManifestDocumentError:
    with pytest.raises(ManifestDocumentError) as raised:
        read_document(body)
    return raised.value


def loaded(body: bytes):
    document = read_document(body)
    return load_plugin(lambda: RemotePlugin(document, lambda: (new_webhook_secret(),)), document.key, "")


def test_a_document_loads_as_a_plugin_that_reaches_its_endpoint_alone():
    integration = loaded(json.dumps(DOCUMENT).encode())
    assert (integration.state, integration.reason) == (LoadState.LOADED, None)
    manifest, plan = integration.declaration
    assert (manifest.key, manifest.hosts, manifest.host_settings) == ("letters", ("letters.example",), ())
    assert manifest.supports.receive
    assert [str(step.verb) for step in plan.steps] == ["revoke", "erase"]
    assert set(manifest.settings.model_fields) == {"workspace", "api_key"}


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        ("https://letters.example:8443/in", "letters.example:8443"),
        ("https://LETTERS.example/in", "letters.example"),
        ("https://bücher.example/in", "xn--bcher-kva.example"),
    ],
)
def test_the_host_is_that_of_the_endpoint_as_it_goes_over_the_wire(endpoint, host):
    assert read_document(changed("endpoint", endpoint)).manifest.hosts == (host,)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://letters.example/in",
        "ftp://letters.example/in",
        "//letters.example/in",
        "letters.example",
        "https://",
        "https:///in",
        "https://user:word@letters.example/in",
        "https://letters.example@evil.example/in",
        "https://letters.example/in#part",
        "https://letters.example\\@evil.example/in",
        "https://letters.example\\evil.example/in",
        "https://letters.example:port/in",
        "https://letters.example/i n",
        "https://[::1/in",
        "https://letters.example/" + "a" * 500,
        7,
        None,
    ],
)
def test_an_endpoint_that_is_no_plain_https_address_is_refused(endpoint):
    assert refused(changed("endpoint", endpoint)).path == ("endpoint",)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no JSON"),
        (b"<html>Sign in</html>", "line 1, column 1"),
        (b'{"wardship": 1', "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b'{"wardship": 1, "wardship": 1}', "a key twice"),
        (b'{"wardship": NaN}', "no value"),
        (b"[" * 100_000, "nests too deeply"),
        (b" " * (LARGEST_DOCUMENT + 1), f"more than {LARGEST_DOCUMENT} bytes"),
        (b"[]", "the document"),
        (b"{}", "wardship: Field required"),
    ],
)
def test_what_is_no_document_is_refused_with_the_reason(body, said):
    assert said in refused(body).message


@pytest.mark.parametrize(
    ("path", "value", "at", "said"),
    [
        ("wardship", 2, "wardship", "Input should be 1"),
        ("surprise", 1, "surprise", "not permitted"),
        (f"{M}.surprise", 1, "manifest.surprise", "not permitted"),
        (f"{M}.contract", 1, "manifest.contract", "write 2"),
        (f"{M}.contract", ..., "manifest.contract", "write 2"),
        (f"{M}.hosts", ["inside.example"], "manifest.hosts", "take it out"),
        (f"{M}.host_settings", ["workspace"], "manifest.host_settings", "take it out"),
        (f"{M}.oauth", {"authorize_url": "https://letters.example/oauth"}, "manifest.oauth", "take it out"),
        (f"{M}.settings", {}, "manifest.settings", "settings_schema"),
        (f"{M}.key", "Not A Key", "manifest.key", "pattern"),
        (f"{M}.transfer.countries", ["Germany"], "manifest.transfer.countries.0", "ISO 3166-1"),
        (f"{M}.receives.0.fields", ["first_name"], "manifest.receives.0", "not a field of"),
        (f"{M}.supports", SUPPORTS | {"attest": "probe"}, "manifest.supports.attest", "promise receipt"),
        ("revocation_plan.steps.0.proof", "probed", "revocation_plan.steps.0.proof", "promise receipt"),
        ("revocation_plan.steps", [], "revocation_plan", "no step for revoke"),
        ("revocation_plan", ..., "revocation_plan", "Field required"),
    ],
)
def test_what_a_remote_integration_can_not_declare_is_refused_by_its_place(path, value, at, said):
    error = refused(changed(path, value))
    assert ".".join(error.path) == at
    assert said in error.message
    assert at in error.message


def test_empty_hosts_of_a_manifest_in_its_json_form_are_no_fault():
    assert read_document(changed(f"{M}.hosts", [])).manifest.hosts == ("letters.example",)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (f"{M}.name", "Letters\u202ekcab", "name"),
        (f"{M}.receives.0.audience", "groups", "receives[0].audience"),
        (f"{M}.identifiers", [{"type": "phone"}], "identifiers[0]"),
        (f"{M}.supports", SUPPORTS | {"erase": "manual"}, "disagree on what is manual"),
        (f"{M}.place_settings", ["api_key"], "which is a secret"),
        (f"{M}.transfer.country_setting", "land", "not a field of the settings"),
    ],
)
def test_what_a_package_is_refused_for_a_document_is_refused_for(path, value, said):
    integration = loaded(changed(path, value))
    assert (integration.state, integration.manifest) == (LoadState.LOAD_FAILED, None)
    assert said in (integration.reason or "")


def test_a_promise_that_does_not_hold_is_told_of_the_document_and_not_of_our_files():
    reason = loaded(changed(f"{M}.receives.0.audience", "groups")).reason or ""
    assert reason.startswith("the manifest document: ")
    assert "wardship/" not in reason


def test_an_error_repeats_nothing_of_what_was_declared():
    assert (
        "s3cret-in-the-wrong-place" not in refused(changed(f"{M}.supports.erase", "s3cret-in-the-wrong-place")).message
    )
