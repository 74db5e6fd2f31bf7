"""Somebody with a browser and an authenticator: follows links, fills in the forms of pages, and calls the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import httpx2
import pyotp

PASSWORD = "violet-otter-canyon-lamp"


def is_served(site: str) -> bool:
    """Return whether somebody answers at an address."""
    try:
        return httpx2.get(f"{site}/health/ready").is_success
    except httpx2.TransportError:
        return False


def look(address: str) -> Page:
    """Open a page as somebody without cookies does."""
    return Page(httpx2.get(address, follow_redirects=True).text)


class Page(HTMLParser):
    """What a person sees of a page: heading, text, what a form holds, codes, and where links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.links: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self._within = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within, named = tag, dict(attrs)
        if tag == "input":
            self.fields[named["name"] or ""] = named["value"] or ""
        if tag == "a":
            self.links.append(named["href"] or "")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.setdefault(self._within, []).append(data.strip())

    @property
    def heading(self) -> str:
        """The heading."""
        return " ".join(self.texts.get("h1", []))


class Visitor:
    """One person's browser, at the address that people type."""

    def __init__(self, site: str, email: str) -> None:
        self.site, self.email = site, email
        self.codes: list[str] = []
        self._http = httpx2.Client(base_url=site, timeout=30, headers={"origin": site})

    def close(self) -> None:
        """Close the browser."""
        self._http.close()

    def see(self, address: str, **form: str) -> Page:
        """Open an address, or send a form to it, and go where the answer leads."""
        answer = self._http.request("POST" if form else "GET", address, data=form or None)
        while answer.is_redirect:
            answer = self._http.get(answer.headers["location"])
        return Page(answer.text)

    def fill_in(self, address: str, page: Page, **typed: str) -> Page:
        """Send the form of a page with what is typed into it."""
        assert typed.keys() <= page.fields.keys(), page.texts
        return self.see(address, **(page.fields | typed))

    def register(self, link: str, name: str) -> None:
        """Follow the link of a letter to the end: password, authenticator, recovery codes, console."""
        form = self.see(link)
        assert form.heading == "Register", form.texts
        offer = self.fill_in(link, form, display_name=name, password=PASSWORD)
        assert offer.heading == "Set up your second factor", offer.texts
        scan = self.fill_in("/auth/enrol", offer)
        [secret] = [text.rpartition(" ")[2] for text in scan.texts["p"] if "authenticator: " in text]
        kept = self.fill_in("/auth/enrol", scan, code=pyotp.TOTP(secret).now())
        assert kept.heading == "Keep your recovery codes", kept.texts
        assert kept.links == ["/console"]
        self.codes = kept.texts["code"]

    def sign_in(self) -> None:
        """Sign in as the console does, with a recovery code in place of the authenticator's."""
        self._http.cookies.clear()
        assert self._post("/auth/sign-in", email=self.email, password=PASSWORD)["step"] == "totp"
        assert self._post("/auth/second-step", code=self.codes.pop())["step"] == "done"

    def organisation(self) -> str | None:
        """Return the organisation in which a call is that names none."""
        found: str | None = self._http.get("/auth/session").json()["organisation"]
        return found

    def make_token(self, organisation: str, *scopes: str) -> str:
        """Make a personal access token."""
        expires_at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        wanted = {"name": "import", "organisation": organisation, "scopes": scopes, "expires_at": expires_at}
        token: str = self._post("/auth/tokens", **wanted)["token"]
        return token

    def ask(self, query: str, **variables: object) -> dict[str, Any]:
        """Call the API with the session, naming no organisation."""
        answer: dict[str, Any] = self._post("/graphql", query=query, variables=variables)
        return answer

    def get(self, query: str, **variables: object) -> dict[str, Any]:
        """Call the API and return the data, without which there is no going on."""
        answer = self.ask(query, **variables)
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    def refusal(self, query: str) -> dict[str, Any]:
        """Call the API and return the error."""
        [error] = self.ask(query)["errors"]
        return {"code": error["extensions"]["code"], "message": error["message"]}

    def _post(self, path: str, **body: object) -> Any:
        session = self._http.get("/auth/session").json()
        answer = self._http.post(path, json=body, headers={"x-wardship-csrf": session["csrf_token"]})
        return answer.json()
