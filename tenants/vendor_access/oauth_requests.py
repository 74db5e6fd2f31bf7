"""A request as Authlib reads it, made of what Litestar has read, and an answer as Litestar sends it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec
from authlib.oauth2.rfc6749 import InvalidRequestError
from litestar import Response

from wardship.tenants.vendor_access.protocol import OAuth2Payload, OAuth2Request, extract_basic_authorization

_MOST_PARAMETERS: Final = 40
_NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class Parameters(OAuth2Payload):
    """Parameters of a query or of a form, each with all of its values.

    Args:
        text: as it was sent, in ``application/x-www-form-urlencoded``.
    """

    def __init__(self, text: str) -> None:
        self._values: defaultdict[str, list[str]] = defaultdict(list)
        self.is_readable = True
        try:
            pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=_MOST_PARAMETERS)
        except ValueError:
            pairs, self.is_readable = [], False
        for name, value in pairs:
            self._values[name].append(value)

    @property
    def data(self) -> dict[str, str]:
        """The first value of each; what is empty counts as not sent (RFC 6749, section 3.1)."""
        return {name: values[0] for name, values in self._values.items() if values[0]}

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        """All values of each."""
        return self._values

    def require_each_once(self) -> None:
        """Refuse what can't be read, and parameters that are there twice (RFC 6749, section 3.2).

        Raises:
            InvalidRequestError: so it is.
        """
        if not self.is_readable:
            raise InvalidRequestError("The parameters are not form-encoded, or too many.")
        if any(len(values) > 1 for values in self._values.values()):
            raise InvalidRequestError("A parameter is there more than once.")


class VendorRequest(OAuth2Request):
    """One request at an endpoint.

    Args:
        method: of HTTP.
        path: of the endpoint.
        parameters: of the query at the authorization endpoint, else of the form: never both.
        headers: by lower-case name.
    """

    def __init__(
        self, method: str, path: str, parameters: Parameters, headers: Mapping[str, str] | None = None
    ) -> None:
        # Authlib refuses any scheme but https; how a deployment is reached is for `PUBLIC_URL` to say.
        super().__init__(method, f"https://wardship.invalid{path}", headers={**_shown(headers or {})})
        self.payload = parameters

    @property
    def args(self) -> dict[str, str]:
        """The parameters."""
        return self.form

    @property
    def form(self) -> dict[str, str]:
        """The parameters."""
        return dict(self.payload.data)


def _shown(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the one header that Authlib reads, by the name by which it does; unreadable, it proves nothing."""
    sent = [value for name, value in headers.items() if name.lower() == "authorization"]
    shown = {"Authorization": sent[0]} if sent else {}
    try:
        extract_basic_authorization(shown)
    except ValueError:  # not UTF-8, or nothing after the scheme
        return {"Authorization": "unreadable"}
    return shown


@dataclass(slots=True)
class Answer:
    """What an endpoint answers; ``location`` is where a browser is sent, empty for none."""

    status: int
    body: Mapping[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def location(self) -> str:
        """Where a browser is sent."""
        return self.headers.get("Location", "")

    @location.setter
    def location(self, url: str) -> None:
        self.headers["Location"] = url

    def response(self) -> Response[bytes]:
        """Return it as JSON that no cache keeps."""
        headers = {**{name: value for name, value in self.headers.items() if name != "Content-Type"}, **_NO_STORE}
        content = msgspec.json.encode(dict(self.body))
        return Response(content, status_code=self.status, headers=headers, media_type="application/json")


def answer_of(status: int, body: object, headers: Sequence[tuple[str, str]]) -> Answer:
    """Return an answer as Authlib hands it over: a body is a mapping, pairs, or nothing."""
    return Answer(status, dict(body) if isinstance(body, Mapping | list) else {}, dict(headers))
