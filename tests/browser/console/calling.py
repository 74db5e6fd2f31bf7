"""Documents of one's own, sent from a page as the explorer does: what a test needs to be there, or looks up."""

from typing import Any

from playwright.sync_api import Page

CALL = """async ([query, variables]) => {
  const session = await (await fetch("/auth/session")).json();
  const headers = {"Content-Type": "application/json", "X-Wardship-CSRF": session.csrf_token,
    "X-Wardship-Organisation": "harbour"};
  return (await fetch("/graphql", {method: "POST", headers, body: JSON.stringify({query, variables})})).json();
}"""
DECLARED = "{ availableIntegrations { key declaration { digest receives { category purpose } } } }"
INSTALL = "mutation($input: InstallIntegrationInput!) { installIntegration(input: $input) { errors { message } } }"


def call(page: Page, query: str, **variables: object) -> dict[str, Any]:
    """Send a document, and return its data."""
    answer = page.evaluate(CALL, [query, variables])
    assert "errors" not in answer, answer
    return answer["data"]


def act(page: Page, query: str, **values: object) -> None:
    """Send a mutation with this input; it must not be refused."""
    ((_, payload),) = call(page, query, input=values).items()
    assert payload["errors"] == []


def connect_address_book(page: Page, vendor: Any) -> None:
    """Connect an address book as an administrator does, with all that it declares."""
    declared = call(page, DECLARED)["availableIntegrations"]
    declaration = next(item["declaration"] for item in declared if item["key"] == "address_book")
    settings = {
        "collection_url": vendor.create("addressbook", "members"),
        "username": vendor.username,
        "password": vendor.password,
        "server_country": "DE",
    }
    act(
        page,
        INSTALL,
        integration="address_book",
        declarationDigest=declaration["digest"],
        settings=[{"name": name, "value": value} for name, value in settings.items()],
        grants=declaration["receives"],
    )
