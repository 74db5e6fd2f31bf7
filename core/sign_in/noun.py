"""Credentials, sessions, one-time links, and counters of attempts."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Router
from piccolo.columns import UUID, Array, BigInt, Boolean, Bytea, Integer, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, Source, account_data, personal_data
from wardship.core.database.tables import DirectoryTable
from wardship.core.nouns import Deployment, DeploymentSweeps, NoticeKinds, Tables, hookimpl
from wardship.core.sign_in.notices import KINDS
from wardship.core.sign_in.routes import sign_in_router
from wardship.core.sign_in.sessions import sweep_sign_in

_SECRET = Personal("user.authorization.credentials", Source.AUTOMATIC, Erasure.REMOVE, exported=False)


@account_data(
    personal={"password_hash": Personal("user.authorization.password", Source.PERSON, Erasure.REMOVE, exported=False)},
    not_personal=("changed_at",),
)
class PasswordCredential(DirectoryTable, tablename="password_credential"):
    """A password, as Argon2id hash."""

    account_id = UUID()
    password_hash = Text()
    changed_at = Timestamptz()


@account_data(
    personal={"secret": _SECRET, "pending_secret": _SECRET}, not_personal=("confirmed_at", "last_step", "identity_id")
)
class TotpCredential(DirectoryTable, tablename="totp_credential"):
    """An authenticator's secret, encrypted; the pending one replaces it once a code confirms it."""

    account_id = UUID()
    secret = Bytea(null=True, default=None)
    pending_secret = Bytea(null=True, default=None)
    confirmed_at = Timestamptz(null=True, default=None)
    last_step = BigInt()
    identity_id = UUID(null=True, default=None)


@account_data(personal={"code_hash": _SECRET}, not_personal=("used_at", "identity_id"))
class RecoveryCode(DirectoryTable, tablename="recovery_code"):
    """One of ten codes that stand in for a lost authenticator, as keyed hash."""

    account_id = UUID()
    code_hash = Bytea()
    used_at = Timestamptz(null=True, default=None)
    identity_id = UUID(null=True, default=None)


@account_data(
    personal={
        "credential_id": _SECRET,
        "public_key": _SECRET,
        "user_handle": _SECRET,
        "sign_count": _SECRET,
        "name": Personal("user.device", Source.PERSON, Erasure.REMOVE),
        "last_used_at": Personal("user.telemetry", Source.AUTOMATIC, Erasure.REMOVE),
    },
    not_personal=("transports", "is_backup_eligible", "is_backed_up"),
)
class Passkey(DirectoryTable, tablename="passkey"):
    """A passkey: a public key whose other half never leaves the device, or the password manager, of its owner."""

    account_id = UUID()
    credential_id = Bytea()
    public_key = Bytea()
    user_handle = Bytea()
    sign_count = BigInt()
    name = Text()
    transports = Array(base_column=Text())
    is_backup_eligible = Boolean()
    is_backed_up = Boolean()
    last_used_at = Timestamptz(null=True, default=None)


@account_data(
    personal={"browser_hash": _SECRET, "user_handle": _SECRET},
    not_personal=("session_id", "purpose", "challenge", "expires_at"),
)
class PasskeyChallenge(DirectoryTable, tablename="passkey_challenge"):
    """What a browser is to sign with a passkey, once, within five minutes; it goes when it is used, or a day after."""

    account_id = UUID(null=True, default=None)
    session_id = UUID(null=True, default=None)
    browser_hash = Bytea(null=True, default=None)
    purpose = Text()
    challenge = Bytea()
    user_handle = Bytea(null=True, default=None)
    expires_at = Timestamptz()


@account_data(
    personal={
        "token_hash": _SECRET,
        "csrf_token": _SECRET,
        "last_seen_at": Personal("user.telemetry", Source.AUTOMATIC, Erasure.REMOVE),
        "user_agent": Personal("user.device", Source.AUTOMATIC, Erasure.REMOVE),
        "network": Personal("user.device.ip_address", Source.AUTOMATIC, Erasure.REMOVE),
        "provider_session": _SECRET,
        "id_token": _SECRET,
    },
    not_personal=(
        "stage",
        "expires_at",
        "stepped_up_at",
        "recovery_id",
        "organisation_id",
        "identity_id",
        "method",
        "break_glass_in",
        "break_glass_at",
        "break_glass_told",
    ),
)
class SessionRow(DirectoryTable, tablename="session"):
    """A session; its cookie's value is kept as SHA-256 only."""

    account_id = UUID()
    token_hash = Bytea()
    csrf_token = Text()
    stage = Text()
    expires_at = Timestamptz()
    last_seen_at = Timestamptz()
    stepped_up_at = Timestamptz(null=True, default=None)
    user_agent = Text()
    network = Text()
    recovery_id = UUID(null=True, default=None)
    organisation_id = UUID(null=True, default=None)
    identity_id = UUID(null=True, default=None)
    provider_session = Text(default="")
    id_token = Bytea(null=True, default=None)
    method = Text()
    break_glass_in = UUID(null=True, default=None)
    break_glass_at = Timestamptz(null=True, default=None)
    break_glass_told = Boolean(default=False)


@account_data(
    personal={
        "address": Personal("user.contact.email", Source.PERSON, Erasure.REMOVE),
        "token_hash": _SECRET,
    },
    not_personal=("purpose", "expires_at", "used_at", "recovery_id"),
)
class SignInLink(DirectoryTable, tablename="sign_in_link"):
    """A one-time link. One of a registration has an address and no account yet; it goes a day after it expires."""

    account_id = UUID(null=True, default=None)
    address = Text()
    purpose = Text()
    token_hash = Bytea()
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)
    recovery_id = UUID(null=True, default=None)


@account_data(
    personal={
        "created_at": Personal("user.telemetry", Source.AUTOMATIC, Erasure.REMOVE),
        "state": Personal("user.telemetry", Source.AUTOMATIC, Erasure.REMOVE),
    },
    not_personal=(
        "organisation_id",
        "state_since",
        "asked_by",
        "address_id",
        "replaces_password",
        "first_approver_id",
        "second_approver_id",
        "is_announced",
        "acts_at",
        "ended_at",
        "reason",
    ),
)
class AccountRecovery(DirectoryTable, tablename="account_recovery"):
    """A way back for somebody who has lost the second factor, which two others approve."""

    account_id = UUID()
    organisation_id = UUID()
    state = Text()
    state_since = Timestamptz()
    asked_by = UUID()
    address_id = UUID()
    replaces_password = Boolean()
    first_approver_id = UUID(null=True, default=None)
    second_approver_id = UUID(null=True, default=None)
    is_announced = Boolean()
    acts_at = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)
    reason = Text()


@personal_data(not_personal=("throttle_key", "window_started_at", "failures", "locked_until"))
class SignInAttempt(DirectoryTable, tablename="sign_in_attempt"):
    """A counter of attempts under a keyed hash of what they were about; it goes a day after the last one."""

    throttle_key = Bytea()
    window_started_at = Timestamptz()
    failures = Integer()
    locked_until = Timestamptz(null=True, default=None)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (
        PasswordCredential,
        TotpCredential,
        RecoveryCode,
        Passkey,
        PasskeyChallenge,
        SessionRow,
        SignInLink,
        AccountRecovery,
        SignInAttempt,
    )


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people are told about signing in."""
    return KINDS


@hookimpl
def wardship_sweeps() -> DeploymentSweeps:
    """Return what removes sign-ins that are over."""
    return (sweep_sign_in,)


@hookimpl
def wardship_routes(services: Deployment) -> Sequence[Router]:
    """Return the routes below `/auth`."""
    return (sign_in_router(services),)
