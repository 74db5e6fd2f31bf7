"""The page on which somebody sees and changes what opens the account: passkeys, and the authenticator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.response import Redirect

from wardship.core.errors import NotFoundError, WardshipError
from wardship.core.openid.identities import Identity
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.handlers.dependencies import AnyRequest, InCall, InCredentials, InOpenId
from wardship.core.sign_in.handlers.forms import (
    CONSOLE,
    ENROL,
    SECOND_FACTOR,
    SECURITY,
    again,
    received,
    session_of_form,
    sign_in_first,
)
from wardship.core.sign_in.handlers.providers import link_page, own_identities
from wardship.core.sign_in.pages.page import Button, Field, Form, Page, show
from wardship.core.sign_in.passkey_changes import remove_authenticator, remove_passkey, rename_passkey
from wardship.core.sign_in.passkeys import Passkey, list_passkeys
from wardship.core.sign_in.providers import provider_name, unlink_identity
from wardship.core.sign_in.sessions import Session

_NAME: Final = Field("name", "Its name")
_CONFIRM_FIRST: Final = "To change anything, show your second factor first: it counts for ten minutes."


@get("/security")
async def security_page(call: InCall, credentials: InCredentials) -> Response[Any]:
    """Show what opens the account, and how to change it once the second factor was shown."""
    try:
        session = await session_of_form(call.deployment, credentials, {})
        return show(await _page(call, session))
    except WardshipError as error:
        return sign_in_first(error)


@post("/security", status_code=200)
async def use_security_page(
    request: AnyRequest, call: InCall, credentials: InCredentials, openid: InOpenId
) -> Response[Any]:
    """Change what opens the account, and show it as it then is."""
    form, call = await received(request, call)
    session = None
    try:
        session = await session_of_form(call.deployment, credentials, form)
        if not session.is_stepped_up(call.now):
            return Redirect(SECOND_FACTOR, status_code=303)
        if form.get("act") == "link":
            return await link_page(call, openid, session, form.get("provider", ""))
        await _change(call, session, form)
        return Redirect(SECURITY, status_code=303)
    except WardshipError as error:
        return sign_in_first(error) if session is None else again(await _page(call, session), {}, error)


async def _change(call: Call, session: Session, form: Mapping[str, str]) -> None:
    account_id, act = session.account_id, form.get("act")
    async with call.database.directory() as transaction:
        if act == "remove_authenticator":
            await remove_authenticator(transaction, call, account_id, session_id=session.id)
        elif act == "remove":
            await remove_passkey(transaction, call, account_id, _passkey_id(form), session_id=session.id)
        elif act == "unlink":
            identity_id = _id(form, "identity_id", "Your account has no such identity.")
            await unlink_identity(transaction, call, account_id, identity_id, session_id=session.id)
        elif act == "rename":
            await rename_passkey(transaction, call, account_id, _passkey_id(form), form.get("name", ""))
        else:
            raise NotFoundError("There is nothing of this name to do.")


def _passkey_id(form: Mapping[str, str]) -> UUID:
    return _id(form, "passkey_id", "Your account has no such passkey.")


def _id(form: Mapping[str, str], name: str, missing: str) -> UUID:
    try:
        return UUID(form.get(name, ""))
    except ValueError:
        raise NotFoundError(missing) from None


async def _page(call: Call, session: Session) -> Page:
    async with call.database.directory(read_only=True) as transaction:
        passkeys = await list_passkeys(transaction, session.account_id)
        row = await transaction.fetchrow(
            "select time_zone, exists (select from totp_credential t where t.account_id = a.id"
            " and t.identity_id is null and t.confirmed_at is not null) as has_authenticator"
            " from account a where a.id = $1",
            session.account_id,
        )
    zone, has_authenticator = (
        (ZoneInfo(row["time_zone"]), row["has_authenticator"]) if row else (ZoneInfo("UTC"), False)
    )
    is_open = session.is_stepped_up(call.now)
    forms = [_of_passkey(item, session, zone, is_open=is_open) for item in passkeys]
    if has_authenticator:
        forms.append(_of_authenticator(session, can_go=is_open and bool(passkeys)))
    identities = await own_identities(call, session)
    forms += [_of_identity(call, item, session, zone, is_open=is_open) for item in identities]
    forms += _to_link(call, session, {item.issuer for item in identities}) if is_open else []
    return Page(
        "What opens your account",
        ("You begin with your password, a mailed link or a provider, and then show a passkey or a code.",)
        + (() if is_open else (_CONFIRM_FIRST,)),
        forms=tuple(forms),
        next_url=ENROL if is_open else SECOND_FACTOR,
        next_label="Add a passkey, or set up an authenticator" if is_open else "Show your second factor",
        back_url=CONSOLE,
    )


def _of_passkey(passkey: Passkey, session: Session, zone: ZoneInfo, *, is_open: bool) -> Form:
    used = f"Last used on {_day(passkey.last_used_at, zone)}." if passkey.last_used_at else "Not used yet."
    kept = "Backed up, so that losing a device does not lose it." if passkey.is_backed_up else "On one device alone."
    return Form(
        title=passkey.name,
        texts=(f"A passkey, added on {_day(passkey.created_at, zone)}. {used} {kept}",),
        hidden={"csrf_token": session.csrf_token, "passkey_id": str(passkey.id)},
        fields=(_NAME,) if is_open else (),
        values={"name": passkey.name},
        buttons=(Button("Rename", "rename"), Button("Remove", "remove")) if is_open else (),
    )


def _of_authenticator(session: Session, *, can_go: bool) -> Form:
    return Form(
        title="Authenticator",
        texts=("An app that shows codes.",),
        hidden={"csrf_token": session.csrf_token},
        buttons=(Button("Remove", "remove_authenticator"),) if can_go else (),
    )


def _of_identity(call: Call, identity: Identity, session: Session, zone: ZoneInfo, *, is_open: bool) -> Form:
    return Form(
        title=provider_name(call.settings, identity.issuer),
        texts=(f"Linked on {_day(identity.created_at, zone)}, last used on {_day(identity.used_at, zone)}.",),
        hidden={"csrf_token": session.csrf_token, "identity_id": str(identity.id)},
        buttons=(Button("Unlink", "unlink"),) if is_open else (),
    )


def _to_link(call: Call, session: Session, linked: set[str]) -> list[Form]:
    return [
        Form(
            hidden={"csrf_token": session.csrf_token, "provider": provider.key},
            buttons=(Button(f"Link {provider.name}", "link"),),
        )
        for provider in call.settings.sign_in_providers
        if provider.issuer not in linked
    ]


def _day(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {local:%B %Y}"
