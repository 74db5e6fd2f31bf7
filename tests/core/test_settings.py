from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from wardship.core.settings import Settings, SettingsError, load_settings


def test_defaults_need_nothing_set(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    settings = load_settings()
    assert settings.uses_embedded_database
    assert settings.data_dir == tmp_path / "wardship"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("WARDSHIP_PUBLIC_URL", "wardship.example.org", "must be an origin"),
        ("WARDSHIP_PUBLIC_URL", "https://example.org/path", "not a path"),
        ("WARDSHIP_PUBLIC_URL", "https://example.org:0", "another port than 0"),
        ("WARDSHIP_INTERNAL_DOMAINS", '["corp.local", "@corp"]', "must name a host"),
        ("WARDSHIP_INTERNAL_DOMAINS", "corp.local", "must be a JSON list"),
        ("WARDSHIP_INTERNAL_DOMAINS", '"corp.local"', "must be a JSON list"),
        ("WARDSHIP_SMTP_URL", "mail.example.org", "must be smtp://"),
        ("WARDSHIP_SMTP_URL", "smtp://me:hunter2@mail.example.org:x", "must be smtp://"),
        ("WARDSHIP_MAIL_FROM", "wardship", "must be an address"),
        ("WARDSHIP_MAIL_FROM", "Wardship <>", "must be an address"),
        ("WARDSHIP_DNS_SERVERS", "192.0.2.1", "must be a JSON list"),
        ("WARDSHIP_PRIVATE_NETWORKS", "10.0.0.0/8", "must be a JSON list"),
        ("WARDSHIP_PRIVATE_NETWORKS", '["10.1.2.3/8"]', "without bits beside them"),
        ("WARDSHIP_PRIVATE_NETWORKS", '["the office"]', "must hold networks such as"),
        ("WARDSHIP_PRIVATE_NETWORKS", '["0.0.0.0/0"]', "must hold private networks"),
        ("WARDSHIP_PRIVATE_NETWORKS", '["::/0"]', "must hold private networks"),
        ("WARDSHIP_PRIVATE_NETWORKS", '["8.8.8.0/24"]', "public addresses need no setting"),
        ("WARDSHIP_PRIVATE_NETWORKS", '["169.254.0.0/16"]', "must hold private networks"),
        ("WARDSHIP_PRIVATE_NETWORKS", '["fd00:ec2::254"]', "must not hold fd00:ec2::254/128"),
        ("WARDSHIP_PREVIOUS_SECRET_KEYS", "hunter2", "must be a JSON list"),
        ("WARDSHIP_SECRET_KEY", "short", "at least 32 characters"),
        ("WARDSHIP_LOG_FORMAT", "xml", "'console' or 'json'"),
        ("WARDSHIP_DATABASE_CONNECTIONS", "none", "valid integer"),
    ],
)
def test_wrong_setting_is_refused_by_its_name(monkeypatch, name, value, says):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"{name}: .*{says}") as caught:
        load_settings()
    assert "hunter2" not in caught.value.message


def written(**changes: object) -> str:
    google = {"key": "google", "name": "Google", "issuer": "https://accounts.google.com", "client_id": "me"}
    return json.dumps([google | {"client_secret": "hunter2"} | changes])


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("google", ": must be a JSON list"),
        (written(issuer="accounts.google.com"), r"\.0\.issuer: must be the provider's own address"),
        (written(issuer="http://accounts.google.com"), r"\.0\.issuer: must be the provider's own address"),
        (written(issuer="https://login.example/{tenant}/v2.0"), r"\.0\.issuer: must be the provider's own address"),
        (written(issuer="https://me:hunter2@accounts.google.com"), r"\.0\.issuer: must be the provider's own address"),
        (written(issuer="http://127.0.0.1:9000"), ": must have issuers with https"),
        (written(key="Google"), r"\.0\.key: "),
        (written(name="two\nlines"), r"\.0\.name: must be one line"),
        (written(client_secret=""), r"\.0\.client_secret: must be what the provider has given"),
        (written(client_secret="hunter2\n"), r"\.0\.client_secret: must be what the provider has given"),
        (written(client_id="  "), r"\.0\.client_id: must be what the provider calls this deployment"),
        (written(client_id=" wardship"), r"\.0\.client_id: must be what the provider calls this deployment"),
        (written(scopes="everything"), r"\.0\.scopes: "),
        (json.dumps([{"key": "google"}]), r"\.0\.name: .*required"),
        (json.dumps(json.loads(written()) * 2), ": must name each provider once"),
    ],
)
def test_wrong_provider_of_sign_in_is_refused_without_its_secret(monkeypatch, value, says):
    monkeypatch.setenv("WARDSHIP_SIGN_IN_PROVIDERS", value)
    with pytest.raises(SettingsError, match=f"WARDSHIP_SIGN_IN_PROVIDERS{says}") as caught:
        load_settings()
    assert "hunter2" not in caught.value.message


def test_provider_of_sign_in_is_read_and_its_secret_is_not_printed(monkeypatch):
    monkeypatch.setenv("WARDSHIP_SIGN_IN_PROVIDERS", written())
    (provider,) = load_settings().sign_in_providers
    assert (provider.key, provider.issuer) == ("google", "https://accounts.google.com")
    assert provider.client_secret.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(load_settings())


def test_provider_on_this_machine_is_for_development(monkeypatch):
    monkeypatch.setenv("WARDSHIP_SIGN_IN_PROVIDERS", written(issuer="http://localhost:9000"))
    monkeypatch.setenv("WARDSHIP_DEVELOPMENT", "true")
    assert load_settings().sign_in_providers[0].issuer == "http://localhost:9000"


def test_internal_domains_are_kept_in_one_form(monkeypatch):
    monkeypatch.setenv("WARDSHIP_INTERNAL_DOMAINS", '["Corp.LOCAL.", " büro.local "]')
    assert load_settings().internal_domains == ["corp.local", "xn--bro-hoa.local"]


def test_outside_database_needs_a_secret_key(monkeypatch):
    monkeypatch.setenv("WARDSHIP_DATABASE_URL", "postgresql://wardship_serve@db/wardship")
    with pytest.raises(SettingsError, match="WARDSHIP_SECRET_KEY"):
        load_settings()


def test_secrets_are_not_printed():
    assert "a" * 40 not in repr(Settings(secret_key="a" * 40))


def test_every_setting_is_documented():
    documented = set(re.findall(r"^\| `(WARDSHIP_[A-Z_]+)`", Path("docs/settings.md").read_text(), re.MULTILINE))
    assert documented == {f"WARDSHIP_{name.upper()}" for name in Settings.model_fields}
