"""Keys derived from the deployment's secret: encryption at rest, keyed hashes, signatures.

Each purpose has a key of its own (HKDF-SHA256, RFC 5869), so that a value made for one is useless for another.
Earlier secrets still decrypt and verify; only the present one encrypts and signs.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from wardship.core.errors import WardshipError
from wardship.core.settings import Settings, SettingsError

_NONCE_BYTES = 12
_KEY_ID_BYTES = 4


class UnreadableSecretError(WardshipError):
    """A stored secret can't be decrypted: it was changed, or its key is no longer among the secrets."""

    code = "UNREADABLE_SECRET"


class KeyRing:
    """The deployment's keys.

    Args:
        secret: the present secret, or what reads it when it is first needed.
        previous: earlier ones, newest first.
    """

    def __init__(self, secret: str | Callable[[], str], previous: Sequence[str] = ()) -> None:
        self._secret = secret
        self._previous = previous
        self._derived: dict[tuple[bytes, str], bytes] = {}

    @cached_property
    def _secrets(self) -> list[bytes]:
        secret = self._secret if isinstance(self._secret, str) else self._secret()
        return [item.encode() for item in (secret, *self._previous)]

    def require(self) -> None:
        """Read the secret now.

        Raises:
            SettingsError: when the key file is not readable or not ours alone.
        """
        _ = self._secrets

    def _derive(self, secret: bytes, purpose: str) -> bytes:
        """Return the key of a purpose, derived once: purposes are few, and an erasure hashes each find of a name."""
        key = self._derived.get((secret, purpose))
        if key is None:
            made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"wardship:" + purpose.encode())
            key = self._derived[secret, purpose] = made.derive(secret)
        return key

    def encrypt(self, purpose: str, plaintext: bytes, *, bound_to: bytes = b"") -> bytes:
        """Return key id, nonce and AES-256-GCM ciphertext; ``bound_to`` must be given again to decrypt."""
        key = self._derive(self._secrets[0], purpose)
        nonce = os.urandom(_NONCE_BYTES)
        return _key_id(key) + nonce + AESGCM(key).encrypt(nonce, plaintext, bound_to)

    def decrypt(self, purpose: str, ciphertext: bytes, *, bound_to: bytes = b"") -> bytes:
        """Return what ``encrypt`` was given.

        Raises:
            UnreadableSecretError: when it was changed, bound to something else, or its key is gone.
        """
        key_id, rest = ciphertext[:_KEY_ID_BYTES], ciphertext[_KEY_ID_BYTES:]
        for secret in self._secrets:
            key = self._derive(secret, purpose)
            if hmac.compare_digest(_key_id(key), key_id):
                try:
                    return AESGCM(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], bound_to)
                except InvalidTag:
                    break
        raise UnreadableSecretError(
            "The stored secret can't be read: restore WARDSHIP_PREVIOUS_SECRET_KEYS or enter it again."
        )

    def fingerprint(self, purpose: str, value: str) -> bytes:
        """Return the keyed hash (HMAC-SHA256) of an identifier under the present secret."""
        return hmac.digest(self._derive(self._secrets[0], purpose), value.encode(), "sha256")

    def keyed_digest(self, purpose: str) -> Callable[[bytes], str]:
        """Return a function that gives the keyed hash (HMAC-SHA256, its first 128 bits) of bytes in hexadecimal digits.

        The key is derived once, when it is first needed.
        """

        @cache
        def key() -> bytes:
            return self._derive(self._secrets[0], purpose)

        return lambda value: hmac.digest(key(), value, "sha256").hex()[:32]

    def earlier_digests(self, purpose: str) -> tuple[Callable[[bytes], str], ...]:
        """Return the functions of ``keyed_digest`` under earlier secrets, for what was kept before a rotation."""
        return tuple(KeyRing(secret).keyed_digest(purpose) for secret in self._previous)

    def fingerprints(self, purpose: str, value: str) -> list[bytes]:
        """Return the keyed hashes under every secret, the present one first, for look-ups across a rotation."""
        return [hmac.digest(self._derive(secret, purpose), value.encode(), "sha256") for secret in self._secrets]

    def signing_keys(self, purpose: str) -> list[Ed25519PrivateKey]:
        """Return Ed25519 keys, the one that signs first, then those that only verify."""
        return [Ed25519PrivateKey.from_private_bytes(self._derive(secret, purpose)) for secret in self._secrets]


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"id" + key).digest()[:_KEY_ID_BYTES]


def load_key_ring(settings: Settings) -> KeyRing:
    """Return the key ring of a deployment.

    Where no secret is set one is kept beside the embedded database; it is read, or generated, when it is first needed,
    so that a command that needs none leaves no file behind.
    """
    previous = [item.get_secret_value() for item in settings.previous_secret_keys]
    if settings.secret_key is not None:
        return KeyRing(settings.secret_key.get_secret_value(), previous)
    return KeyRing(lambda: _kept_secret(settings.data_dir / "secret-key"), previous)


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    candidate = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    candidate.touch(mode=0o600)
    try:
        candidate.write_text(secrets.token_urlsafe(48))
        path.hardlink_to(candidate)  # atomic: of two starting processes one wins and both read the same
    except FileExistsError:
        pass
    finally:
        candidate.unlink()
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"{path} can be read by others: run `chmod 600 {path}`")
    return path.read_text()
