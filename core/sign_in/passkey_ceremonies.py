"""What a browser is asked to do with a passkey, and whether it did: W3C Web Authentication, level 3, by py_webauthn.

Attestation is not asked for: who made the authenticator is nobody's business here. The counter of uses is compared
where the passkey is stored, because it must be compared and written at once.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    options_to_json_dict,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from wardship.core.errors import ConflictError, WardshipError
from wardship.core.settings import Settings

CEREMONY_LASTS_S: Final = 300
"""How long a browser has to answer: W3C recommends five minutes at least where somebody has to be verified."""
_NAME: Final = "Wardship"
_FORMATS: Final = frozenset({AttestationFormat.NONE, AttestationFormat.PACKED})
_LONGEST_CREDENTIAL_ID: Final = 1023
_MALFORMED: Final = (WebAuthnException, ValueError, TypeError, KeyError, EOFError, OverflowError, RecursionError)
"""What the library raises of what it can't read: its own errors, and those of the CBOR and keys inside."""


class PasskeyRefusedError(WardshipError):
    """The passkey doesn't do: unknown, removed, for something else, too late, or its owner was not verified."""

    code: ClassVar[str] = "PASSKEY_REFUSED"
    status: ClassVar[int] = 401

    def __init__(self, message: str = "This passkey is not accepted here: try again, or sign in another way.") -> None:
        super().__init__(message, path=("credential",))


class PasskeyCopiedError(PasskeyRefusedError):
    """The passkey counts fewer uses than before, as a copy would: remove it, and set up another."""

    code: ClassVar[str] = "PASSKEY_COPIED"


class PasskeysUnavailableError(ConflictError):
    """Passkeys need an address of this deployment that is a name, over TLS, or localhost: use another way."""

    code: ClassVar[str] = "PASSKEYS_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a ceremony was about.

    Attributes:
        relying_party: the host that passkeys are bound to.
        origin: the address of our pages.
        challenge: what was to be signed.
    """

    relying_party: str
    origin: str
    challenge: bytes


@dataclass(frozen=True, slots=True)
class Person:
    """For whom a passkey is made.

    Attributes:
        handle: random, what the authenticator calls the account.
        address: shown where the person chooses a passkey.
        name: likewise.
    """

    handle: bytes
    address: str
    name: str


@dataclass(frozen=True, slots=True)
class KnownCredential:
    """A passkey as a browser is told of it: its identifier, and how it is reached."""

    credential_id: bytes
    transports: Sequence[str]


@dataclass(frozen=True, slots=True)
class MadeCredential:
    """A passkey that an authenticator has made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]
    is_backup_eligible: bool
    is_backed_up: bool


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a browser says that a passkey has signed; nothing of it is proven yet."""

    credential_id: bytes
    challenge: bytes
    user_handle: bytes | None
    text: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProvenUse:
    """A use of a passkey whose signature is right."""

    sign_count: int
    is_backed_up: bool
    is_user_verified: bool


def relying_party(settings: Settings) -> str:
    """Return the host that passkeys are bound to.

    Raises:
        PasskeysUnavailableError: browsers make none for this deployment's address.
    """
    parts = urlsplit(settings.public_url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if parts.scheme == "https" or host == "localhost" or host.endswith(".localhost"):
            return host
    raise PasskeysUnavailableError(
        f"Browsers make no passkeys for {settings.public_url}: they need https and a host name, or localhost."
    )


def has_passkeys(settings: Settings) -> bool:
    """Return whether browsers make passkeys for this deployment's address."""
    try:
        return bool(relying_party(settings))
    except PasskeysUnavailableError:
        return False


def creation_options(asked: Asked, person: Person, held: Sequence[KnownCredential]) -> dict[str, Any]:
    """Return what a browser needs to make a passkey, none where one of those that are held is."""
    options = webauthn.generate_registration_options(
        rp_id=asked.relying_party,
        rp_name=_NAME,
        user_id=person.handle,
        user_name=person.address,
        user_display_name=person.name or person.address,
        challenge=asked.challenge,
        timeout=CEREMONY_LASTS_S * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_descriptors(held),
    )
    return options_to_json_dict(options)


def request_options(asked: Asked, held: Sequence[KnownCredential], *, is_alone: bool) -> dict[str, Any]:
    """Return what a browser needs to show a passkey: one of those that are held, or, alone, any that it finds."""
    required, preferred = UserVerificationRequirement.REQUIRED, UserVerificationRequirement.PREFERRED
    options = webauthn.generate_authentication_options(
        rp_id=asked.relying_party,
        challenge=asked.challenge,
        timeout=CEREMONY_LASTS_S * 1000,
        allow_credentials=_descriptors(held),
        user_verification=required if is_alone else preferred,
    )
    return options_to_json_dict(options)


def challenge_of_creation(text: Mapping[str, Any]) -> bytes:
    """Return the challenge that a new passkey says it has signed; nothing is proven yet.

    Raises:
        PasskeyRefusedError: it can't be read.
    """
    try:
        return _challenge(parse_registration_credential_json(dict(text)).response.client_data_json)
    except _MALFORMED:
        raise PasskeyRefusedError from None


def verify_creation(asked: Asked, text: Mapping[str, Any]) -> MadeCredential:
    """Return the passkey that was made for this challenge, on our pages.

    Raises:
        PasskeyRefusedError: it was not, or can't be read.
    """
    try:
        credential = parse_registration_credential_json(dict(text))
        if parse_attestation_object(credential.response.attestation_object).fmt not in _FORMATS:
            raise PasskeyRefusedError
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=asked.challenge,
            expected_rp_id=asked.relying_party,
            expected_origin=asked.origin,
        )
    except _MALFORMED:
        raise PasskeyRefusedError from None
    if len(made.credential_id) > _LONGEST_CREDENTIAL_ID:
        raise PasskeyRefusedError
    return MadeCredential(
        made.credential_id,
        made.credential_public_key,
        made.sign_count,
        [item.value for item in credential.response.transports or ()],
        made.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        made.credential_backed_up,
    )


def read_assertion(text: Mapping[str, Any]) -> Assertion:
    """Return what a browser says that a passkey has signed.

    Raises:
        PasskeyRefusedError: it can't be read.
    """
    try:
        credential = parse_authentication_credential_json(dict(text))
        challenge = _challenge(credential.response.client_data_json)
    except _MALFORMED:
        raise PasskeyRefusedError from None
    return Assertion(credential.raw_id, challenge, credential.response.user_handle, text)


def verify_assertion(asked: Asked, assertion: Assertion, public_key: bytes, *, is_alone: bool) -> ProvenUse:
    """Return the use of a passkey that was signed for this challenge, on our pages.

    Raises:
        PasskeyRefusedError: it was not, or, alone, its owner was not verified.
    """
    try:
        proven = webauthn.verify_authentication_response(
            credential=dict(assertion.text),
            expected_challenge=asked.challenge,
            expected_rp_id=asked.relying_party,
            expected_origin=asked.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=is_alone,
        )
    except _MALFORMED:
        raise PasskeyRefusedError from None
    return ProvenUse(proven.new_sign_count, proven.credential_backed_up, proven.user_verified)


def _descriptors(held: Sequence[KnownCredential]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=item.credential_id, transports=[AuthenticatorTransport(name) for name in item.transports] or None
        )
        for item in held
    ]


def _challenge(client_data: bytes) -> bytes:
    """Return the challenge, of a page that no page of another site frames."""
    read = json.loads(client_data)
    if not isinstance(read, dict) or read.get("crossOrigin") is True:
        raise PasskeyRefusedError
    return base64url_to_bytes(read["challenge"])
