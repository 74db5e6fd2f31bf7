from __future__ import annotations

import threading

import pytest

from wardship.core import keys
from wardship.core.keys import KeyRing, UnreadableSecretError, load_key_ring
from wardship.core.settings import Settings, SettingsError

OLD, NEW = "o" * 40, "n" * 40


def test_what_was_encrypted_is_read_back():
    ring = KeyRing(NEW)
    assert ring.decrypt("totp", ring.encrypt("totp", b"secret")) == b"secret"


def test_same_plaintext_is_encrypted_differently_each_time():
    ring = KeyRing(NEW)
    assert ring.encrypt("totp", b"secret") != ring.encrypt("totp", b"secret")


@pytest.mark.parametrize(
    ("purpose", "bound_to", "changed"),
    [("settings", b"row", False), ("totp", b"other row", False), ("totp", b"row", True)],
)
def test_another_purpose_row_or_byte_is_unreadable(purpose, bound_to, changed):
    ring = KeyRing(NEW)
    sealed = ring.encrypt("totp", b"secret", bound_to=b"row")
    if changed:
        sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    with pytest.raises(UnreadableSecretError):
        ring.decrypt(purpose, sealed, bound_to=bound_to)


def test_earlier_secret_still_decrypts_and_is_no_longer_used():
    sealed = KeyRing(OLD).encrypt("totp", b"secret")
    rotated = KeyRing(NEW, [OLD])
    assert rotated.decrypt("totp", sealed) == b"secret"
    with pytest.raises(UnreadableSecretError):
        KeyRing(OLD).decrypt("totp", rotated.encrypt("totp", b"secret"))
    with pytest.raises(UnreadableSecretError):
        KeyRing(NEW).decrypt("totp", sealed)


def test_fingerprints_are_found_across_a_rotation():
    buried = KeyRing(OLD).fingerprint("tombstone", "ann@example.org")
    assert buried in KeyRing(NEW, [OLD]).fingerprints("tombstone", "ann@example.org")
    assert buried != KeyRing(OLD).fingerprint("session", "ann@example.org")


def test_generated_secret_is_kept_private_and_the_same_for_racing_processes(tmp_path):
    settings = Settings(data_dir=tmp_path)
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(load_key_ring(settings).fingerprint("a", "b"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_key_file_that_others_can_read_is_refused(tmp_path):
    settings = Settings(data_dir=tmp_path)
    load_key_ring(settings).require()
    (tmp_path / "secret-key").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_key_ring(settings).require()


def test_key_of_a_purpose_is_derived_once(monkeypatch):
    derived = []

    def counted(**options):
        derived.append(options["info"])
        return derive(**options)

    derive = keys.HKDF
    monkeypatch.setattr(keys, "HKDF", counted)
    ring = KeyRing(NEW, [OLD])
    assert ring.fingerprint("email", "a") != ring.fingerprint("email", "b") != ring.fingerprint("phone", "b")
    assert ring.fingerprints("email", "a")[0] == ring.fingerprint("email", "a")
    assert sorted(derived) == [b"wardship:email", b"wardship:email", b"wardship:phone"]
