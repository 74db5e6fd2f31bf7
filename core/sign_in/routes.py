"""The router of everything under /auth."""

from __future__ import annotations

from litestar import Router

from wardship.core.http.credentials import require_json, require_own_origin, require_own_page
from wardship.core.nouns import Deployment
from wardship.core.sign_in.handlers import (
    account,
    credentials,
    mailed_link_pages,
    notices,
    pages,
    passkey_pages,
    passkeys,
    providers,
    recovery,
    security_pages,
    sessions,
    signing_in,
)
from wardship.core.sign_in.handlers.dependencies import LARGEST_BODY, sign_in_dependencies


def sign_in_router(deployment: Deployment) -> Router:
    """Return the router of sign-in, sessions, tokens, and the pages that mailed links lead to.

    Args:
        deployment: settings, database, clock, keys; ``wardship.tenants.access.Services`` is one.
    """
    endpoints = Router(
        "/",
        route_handlers=[
            signing_in.sign_in_handler,
            signing_in.ask_link_handler,
            signing_in.use_link_handler,
            signing_in.ways_handler,
            signing_in.second_step_handler,
            signing_in.step_up_handler,
            signing_in.sign_out_handler,
            signing_in.session_handler,
            signing_in.register_handler,
            signing_in.verify_handler,
            signing_in.return_handler,
            credentials.enrol_handler,
            credentials.confirm_handler,
            credentials.recovery_codes_handler,
            credentials.change_handler,
            credentials.forgot_handler,
            credentials.reset_handler,
            providers.begin_handler,
            providers.link_handler,
            providers.list_identities_handler,
            providers.unlink_handler,
            passkeys.passkey_options_handler,
            passkeys.add_passkey_handler,
            passkeys.list_passkeys_handler,
            passkeys.rename_passkey_handler,
            passkeys.remove_passkey_handler,
            passkeys.remove_authenticator_handler,
            passkeys.showing_options_handler,
            passkeys.second_step_passkey_handler,
            passkeys.step_up_passkey_handler,
            passkeys.alone_options_handler,
            passkeys.alone_handler,
            recovery.lost_handler,
            recovery.ask_handler,
            recovery.cancel_handler,
            recovery.use_handler,
            account.close_handler,
            account.activity_handler,
            account.time_zone_handler,
            account.list_addresses_handler,
            account.add_address_handler,
            account.verify_address_handler,
            account.primary_address_handler,
            account.remove_address_handler,
            sessions.list_sessions_handler,
            sessions.end_sessions_handler,
            sessions.end_session_handler,
            sessions.list_tokens_handler,
            sessions.create_token_handler,
            sessions.revoke_token_handler,
        ],
        guards=[require_json, require_own_page],
        tags=["Sign-in"],
    )
    forms = Router(
        "/",
        route_handlers=[
            pages.link_page,
            pages.use_link_page,
            pages.registration_page,
            pages.use_registration_page,
            mailed_link_pages.mail_page,
            mailed_link_pages.use_mail_page,
            pages.forgotten_page,
            pages.use_forgotten_page,
            pages.lost_page,
            pages.use_lost_page,
            providers.callback_page,
            providers.register_page,
            passkey_pages.script_handler,
            passkey_pages.enrol_page,
            passkey_pages.use_enrol_page,
            passkey_pages.second_factor_page,
            passkey_pages.use_second_factor_page,
            security_pages.security_page,
            security_pages.use_security_page,
            notices.turn_off_page,
            notices.use_turn_off_page,
        ],
        include_in_schema=False,
    )
    return Router(
        "/auth",
        route_handlers=[endpoints, forms],
        dependencies=sign_in_dependencies(deployment),
        guards=[require_own_origin],
        request_max_body_size=LARGEST_BODY,
    )
