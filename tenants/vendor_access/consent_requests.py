"""A request for consent, judged before anybody is asked; and its way through the sign-in and back."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from authlib.oauth2.rfc6749 import OAuth2Error
from litestar import Response
from litestar.response import Redirect

from wardship.core.errors import InvalidInputError
from wardship.core.http.credentials import RequestCredentials
from wardship.core.sign_in.handlers.dependencies import AnyRequest
from wardship.core.sign_in.pages.page import Page, show
from wardship.tenants.access import Services
from wardship.tenants.vendor_access.oauth_requests import Answer, Parameters, VendorRequest
from wardship.tenants.vendor_access.records import KnownClient, find_client
from wardship.tenants.vendor_access.server import Facts, VendorServer
from wardship.tenants.vendor_access.token_routes import AUTHORIZE

RETURN: Final = "/oauth/return"
"""Where the console leads to after a sign-in: the request's own address, in one piece."""
_LONGEST_QUERY: Final = 4000
_UNREADABLE: Final = "%"
_UNKNOWN: Final = "This request can't be answered"


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """A request that somebody may be asked about.

    Attributes:
        services: the deployment.
        credentials: of the browser.
        client: that asks.
        query: as it was sent.
    """

    services: Services
    credentials: RequestCredentials
    request: VendorRequest
    server: VendorServer
    client: KnownClient
    query: str

    @property
    def form(self) -> dict[str, str]:
        """The parameters."""
        return self.request.form

    @property
    def back_to(self) -> str:
        """The path that leads back to the request after a sign-in."""
        return f"{RETURN}/{base64.urlsafe_b64encode(self.query.encode()).decode().rstrip('=')}"

    def answer(self, *, is_given: bool) -> Answer:
        """Return where the browser goes with a code, or with the refusal."""
        grant = self.server.judge_consent(self.request)
        return self.server.answer_consent(self.request, grant, is_given=is_given)


async def read_consent_request(
    request: AnyRequest, services: Services, credentials: RequestCredentials
) -> ConsentRequest | Response[Any]:
    """Return the request, judged; where it is refused before anybody is asked, where the browser goes."""
    query = request.scope["query_string"].decode("latin-1")
    parameters = Parameters(query if len(query) <= _LONGEST_QUERY else _UNREADABLE)
    asked = VendorRequest("GET", AUTHORIZE, parameters)
    client = await find_client(services, parameters.data.get("client_id", ""))
    server = VendorServer(Facts(services.settings.public_url, services.clock.now(), client))
    try:
        server.judge_consent(asked)
    except OAuth2Error as error:
        return _refused(server.refuse_consent(asked, error), error)
    if client is None:
        raise RuntimeError("nothing is judged well without a client")
    return ConsentRequest(services, credentials, asked, server, client, query)


def unpacked(packed: str) -> str:
    """Return the address of a request after the sign-in: our own page, whatever is packed.

    Raises:
        InvalidInputError: nothing is.
    """
    try:
        query = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        raise InvalidInputError("This address is incomplete: begin again at the application.") from None
    pairs = [(name, value) for name, values in Parameters(query).datalist.items() for value in values]
    return f"{AUTHORIZE}?{urlencode(pairs)}"


def _refused(answer: Answer, error: OAuth2Error) -> Response[Any]:
    """Return where the client is told why, or, where nobody may be sent back, a page."""
    if answer.location:
        return Redirect(answer.location, status_code=303)
    return show(Page(_UNKNOWN, (str(error.description),)), status=400)
