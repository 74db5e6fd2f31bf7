"""The host-owned HTTP client, as a connector sees it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self

from wardship.plugins.api.errors import AuthorisationExpired, Rejected, TemporarilyUnavailable
from wardship.plugins.api.reason import vendor_reason

_UNAUTHORISED = 401
_FORBIDDEN = 403
_TOO_MANY_REQUESTS = 429
_BUSY = frozenset({408, 425})
_SERVER_ERROR = 500
_GONE = (404, 410)
_SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A complete answer.

    Attributes:
        headers: names in lower case.
        body: whole, within the host's size limit.
        retry_after_s: seconds from ``Retry-After``, or None.
        url: the address that answered, where the host followed a redirect to it; empty where none was followed.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    retry_after_s: float | None = None
    url: str = field(default="", repr=False)

    @property
    def text(self) -> str:
        """The body as UTF-8, undecodable bytes replaced."""
        return self.body.decode("utf-8", errors="replace")

    def json(self) -> object:
        """Return the body as JSON; raises ``TemporarilyUnavailable`` when it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise TemporarilyUnavailable("the vendor's answer is not JSON") from None

    def expect(self, *statuses: int) -> Self:
        """Return the response when its status is one of those; otherwise raise the fitting one of the three errors.

        Its message has the vendor's own reason, where the answer says one.
        """
        if self.status in statuses:
            return self
        if self.status == _UNAUTHORISED:
            raise AuthorisationExpired(f"the vendor refused our credentials {self._answer}; reconnect")
        if self.status == _FORBIDDEN:
            raise AuthorisationExpired(f"the vendor refused access {self._answer}; see what the account may do there")
        if self.status == _TOO_MANY_REQUESTS:
            said = f"the vendor asks for a slower pace {self._answer}"
            raise TemporarilyUnavailable(said, retry_after_s=self.retry_after_s)
        if self.status in _BUSY or self.status >= _SERVER_ERROR:
            said = f"the vendor is unavailable {self._answer}"
            raise TemporarilyUnavailable(said, retry_after_s=self.retry_after_s)
        raise Rejected(f"the vendor refused the call {self._answer}")

    def expect_absent(self) -> bool:
        """Tell whether what was looked up is gone: True for 404 and 410, False where it is found (a success).

        An error, a refusal and a redirect tell neither: they are raised as the fitting one of the three errors. That
        something is not found proves its end only where it was found before, so look it up before it is deleted.
        """
        if self.status not in _SUCCESS:
            self.expect(*_GONE)
        return self.status in _GONE

    def expect_refused(self) -> bool:
        """Tell whether what was sent is no longer accepted: True for 401 and 403, False where it is (a success).

        For a credential that was revoked; every other answer tells neither, and is raised as the fitting error. Have
        the same server answer another request in the same call: one that refuses everything proves nothing.
        """
        if self.status not in _SUCCESS:
            self.expect(_UNAUTHORISED, _FORBIDDEN)
        return self.status in {_UNAUTHORISED, _FORBIDDEN}

    @property
    def _answer(self) -> str:
        reason = vendor_reason(self.headers, self.body)
        return f"(HTTP {self.status}: {reason})" if reason else f"(HTTP {self.status})"


class HttpClient(Protocol):
    """Reaches the manifest's hosts and no other.

    Every call has a timeout and a size limit, is recorded (host, method, status, duration), and carries the id of the
    obligation as ``webhook-id``. Each request that may change something carries an ``Idempotency-Key`` of its own, by
    obligation, method, address and body, unless ``headers`` brings one, or an empty one for none; under contract 1 all
    carry the obligation's id. Idempotent methods are tried again within a budget. What goes
    wrong on the way is raised as ``TemporarilyUnavailable``; a host that was not declared as ``Rejected``.
    """

    async def request(  # noqa: PLR0913 - one keyword for each part of an HTTP request
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        json: object = None,
        basic: tuple[str, str] | None = None,
    ) -> HttpResponse:
        """Send one request and return the whole response, whatever its status.

        Args:
            method: any HTTP method, WebDAV's included.
            url: absolute, ``https``.
            headers: besides those of the host.
            content: the body, as bytes.
            json: the body, as a value to encode; not together with ``content``.
            basic: user name and password for HTTP Basic authentication.
        """
        ...
