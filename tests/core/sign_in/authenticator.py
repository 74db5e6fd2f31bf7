"""An authenticator in software: makes passkeys and shows them as browsers do, and as attackers would."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

ORIGIN = "http://localhost:8000"
PRESENT, VERIFIED, BACKUP_ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


@dataclass
class Authenticator:
    """One passkey and its private key.

    Attributes:
        flags: what it says of the person and of the passkey, besides that it attests when it makes one.
        counts: whether it counts its uses; those that are kept in step across devices don't.
    """

    flags: int = PRESENT | VERIFIED
    counts: bool = True
    sign_count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: bytes = b""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: dict[str, Any], *, origin: str = ORIGIN, host: str = "", **client: Any) -> dict[str, Any]:
        """Answer `navigator.credentials.create`."""
        self.user_handle = base64url_to_bytes(options["user"]["id"])
        data = self._data(host or options["rp"]["id"], ATTESTED)
        data += bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + encode_cbor(self._cose())
        response = {
            "clientDataJSON": _client_data("webauthn.create", options["challenge"], origin, client),
            "attestationObject": bytes_to_base64url(encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})),
            "transports": ["internal", "hybrid"],
        }
        return self._credential(response)

    def show(
        self, options: dict[str, Any], *, origin: str = ORIGIN, host: str = "", tells_handle: bool = True, **client: Any
    ) -> dict[str, Any]:
        """Answer `navigator.credentials.get`."""
        if self.counts:
            self.sign_count += 1
        data = self._data(host or options["rpId"], 0)
        client_data = _client_data("webauthn.get", options["challenge"], origin, client)
        signed = data + hashlib.sha256(base64url_to_bytes(client_data)).digest()
        response = {
            "clientDataJSON": client_data,
            "authenticatorData": bytes_to_base64url(data),
            "signature": bytes_to_base64url(self.key.sign(signed, ec.ECDSA(SHA256()))),
            "userHandle": bytes_to_base64url(self.user_handle) if tells_handle else None,
        }
        return self._credential(response)

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([self.flags | flags]) + self.sign_count.to_bytes(4, "big")

    def _cose(self) -> dict[int, Any]:
        numbers = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        name = bytes_to_base64url(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}


def _client_data(kind: str, challenge: str, origin: str, more: dict[str, Any]) -> str:
    data = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False} | more
    return bytes_to_base64url(json.dumps(data).encode())
