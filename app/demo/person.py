"""A person of the demonstration, signed in over HTTP as in a browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2

from wardship.core.errors import WardshipError


class UnexpectedAnswerError(WardshipError):
    """The server answered otherwise than the demonstration needs in order to go on."""

    code = "DEMO_UNEXPECTED_ANSWER"


class Person:
    """Somebody with a session and a chosen organisation.

    Args:
        url: where Wardship serves.
        link: a one-time sign-in link, used up by this.
        organisation: slug.
    """

    def __init__(self, url: str, link: str, organisation: str) -> None:
        self.client = httpx2.Client(base_url=url, timeout=30, follow_redirects=False)
        page = self.client.post(link, headers={"origin": url})
        if page.status_code not in {200, 201, 302, 303}:
            raise UnexpectedAnswerError(
                f"The sign-in link was answered with HTTP {page.status_code}: {page.text[:200]}"
            )
        session = self.client.get("/auth/session").json()
        self.account: dict[str, Any] = session["account"]
        self.client.headers |= {"x-wardship-csrf": session["csrf_token"], "x-wardship-organisation": organisation}

    def query(self, document: str, **variables: object) -> dict[str, Any]:
        """Return the data of a query.

        Raises:
            UnexpectedAnswerError: with the errors, if there are any.
        """
        answer = self.client.post("/graphql", json={"query": document, "variables": variables}).json()
        if answer.get("errors"):
            raise UnexpectedAnswerError(f"GraphQL: {answer['errors'][0]['message']}")
        data: dict[str, Any] = answer["data"]
        return data

    def do(self, mutation: str, input_type: str, selection: str, **values: object) -> dict[str, Any]:
        """Run one mutation and return its payload, which holds typed errors when it was refused."""
        fields = f"{selection} errors {{ code message }}"
        document = f"mutation($input: {input_type}!) {{ {mutation}(input: $input) {{ {fields} }} }}"
        payload: dict[str, Any] = self.query(document, input=values)[mutation]
        return payload

    def done(self, mutation: str, input_type: str, selection: str, **values: object) -> dict[str, Any]:
        """Run one mutation that must succeed and return its payload.

        Raises:
            UnexpectedAnswerError: it was refused.
        """
        payload = self.do(mutation, input_type, selection, **values)
        if payload["errors"]:
            raise UnexpectedAnswerError(f"{mutation}: {payload['errors'][0]['message']}")
        return payload

    def download(self, path: str) -> httpx2.Response:
        """Return what lies at a path, as the person's browser would get it."""
        return self.client.get(path)

    def is_gone(self) -> bool:
        """Tell whether the session is over."""
        return self.client.get("/auth/session").json()["account"] is None

    def close(self) -> None:
        """Close the connections."""
        self.client.close()


def codes(payload: Mapping[str, Any]) -> list[str]:
    """Return the codes of a payload's refusals."""
    return [error["code"] for error in payload["errors"]]
