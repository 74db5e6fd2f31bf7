"""Has a call's access token at hand before the connector asks for it, so that nothing of it gets into what is said."""

from __future__ import annotations

from typing import Final

from wardship.plugins.api import IntegrationError
from wardship.plugins.host.authorisations import CallAccess, NotConnectedError
from wardship.plugins.host.call import Call

_MARGIN_S: Final = 60.0
"""How much longer than a call a token is good: for clocks that differ, and answers that take their time."""
_REFUSED: Final = 401


async def obtain_access(call: Call, *, refused: str = "") -> CallAccess:
    """Return what a call has of this deployment's access at the vendor.

    Args:
        call: of an integration whose vendor demands OAuth 2.0; not prepared yet, or one whose token was refused.
        refused: that token.
    """
    manifest, _ = call.integration.declaration
    if call.tokens is None:
        return CallAccess(reason=NotConnectedError("there is no access token here: nobody has connected anything"))
    place, access = call.installed.paced_place, CallAccess()
    try:
        lasts_s = call.limits.timeout(manifest) + _MARGIN_S
        access.token = await call.tokens.fresh(place, lasts_s=lasts_s, refused=refused)
    except IntegrationError as error:
        access.reason = error
    if call.is_hosts_own:
        try:
            access.held = tuple(await call.tokens.held(place))
            access.is_known = True
        except IntegrationError as error:
            access.reason = error
    return access


def is_token_refused(access: CallAccess, call: Call) -> bool:
    """Return whether the vendor has refused a token that should be good: it may have ended before its time."""
    has_refusal = any(each.status == _REFUSED and each.error is None for each in call.client.exchanges)
    return bool(access.token) and access.is_used and has_refusal
