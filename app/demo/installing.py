"""Install an integration, and see that exactly what was declared and granted reaches the vendor."""

from __future__ import annotations

from typing import Any

from wardship.app.demo.person import Person
from wardship.app.demo.radicale_server import RadicaleServer
from wardship.app.demo.stage import Stage

_MEMBERS = (
    "{ members(first: 50) { edges { node { id displayName firstName lastName email phone jobTitle company } } } }"
)
_AVAILABLE = (
    """{ availableIntegrations { key declaration { digest headline text receives { category purpose fields } } } }"""
)
_GRANTED = ("user.name", "user.contact")
_LOADED = 7
_INSTALLING = ("installIntegration", "InstallIntegrationInput", "installation { id }")
_NOT_GRANTED = "user.job_title"
_LEDGER = """query ($installation: ID!, $after: String) {
  disclosures(first: 100, installationId: $installation, after: $after) {
    edges { node { fields categories state member { id } } } pageInfo { hasNextPage endCursor } } }"""
_PROPERTY_OF = {
    "display_name": "FN",
    "first_name": "N",
    "last_name": "N",
    "email": "EMAIL",
    "phone": "TEL",
    "company": "ORG",
}


def check_isolation(stage: Stage) -> None:
    """Two organisations live in one database and see nothing of each other."""
    ours, theirs = members_of(stage.admin), members_of(stage.outsider)
    stage.report.check(
        "Harbour's administrator sees Harbour's members", held=len(ours) == _LOADED, found=f"{len(ours)} of {_LOADED}"
    )
    stage.report.check(
        "Orchard's administrator sees none of them", held=not set(ours) & set(theirs), found=f"{len(theirs)} others"
    )
    probe = stage.outsider.query("query ($id: ID!) { node(id: $id) { id } }", id=next(iter(ours.values()))["id"])
    stage.report.check("a member's id means nothing in the other organisation", held=probe["node"] is None)


def install(stage: Stage) -> None:
    """The administrator reads the declaration and grants less than it asks for."""
    declaration = _declaration(stage)
    for line in declaration["text"].splitlines():
        stage.report.tell(line)
    stage.installation = install_address_book(stage, settings_for(stage.vendor, stage.facts["collection"]))
    values: dict[str, Any] = {"integration": "address_book", "declarationDigest": "0" * len(declaration["digest"])}
    stale = stage.admin.do(*_INSTALLING, **values, settings=[], grants=[])
    stage.check_refused("a declaration that was not the one shown is refused", stale, "STALE_DECLARATION")


def check_received(stage: Stage) -> None:
    """What lies at the vendor is what was granted, and the ledger says the same."""
    members = members_of(stage.admin)
    cards = stage.until("the vendor to have every member", lambda: _all(stage, len(members)))
    stage.report.check(
        "the vendor has exactly the members", held=set(cards) == set(members), found=f"{len(cards)} cards"
    )
    exact = [card for address, card in cards.items() if address in members and _is_exact(card, members[address])]
    stage.report.check("each card holds exactly the granted values", held=len(exact) == len(members), found=len(exact))
    leaked = [card for card in cards.values() if "TITLE" in card]
    stage.report.check(f"the declared but ungranted {_NOT_GRANTED} did not leave", held=not leaked)
    rows = stage.until("the ledger to be settled", lambda: _settled_ledger(stage))
    told = {row["member"]["id"]: {_PROPERTY_OF[name] for name in row["fields"]} for row in rows}
    ids = {address: member["id"] for address, member in members.items()}
    seen = {ids.get(address, address): set(card) & set(_PROPERTY_OF.values()) for address, card in cards.items()}
    stage.report.check(
        "the ledger equals what the vendor received", held=told == seen, found=f"{len(rows)} disclosures"
    )


def install_address_book(stage: Stage, settings: list[dict[str, str]], key: str = "address_book", **holder: str) -> str:
    """Install an address book with the granted categories and return the installation's id."""
    declaration = _declaration(stage, key)
    grants = [
        {"category": item["category"], "purpose": item["purpose"]}
        for item in declaration["receives"]
        if item["category"] in _GRANTED
    ]
    values: dict[str, Any] = {"integration": key, "settings": settings, "grants": grants, **holder}
    payload = stage.admin.done(*_INSTALLING, **values, declarationDigest=declaration["digest"])
    identifier: str = payload["installation"]["id"]
    return identifier


def install_with(stage: Stage, key: str, settings: list[dict[str, str]]) -> str:
    """Install an integration with all that it declares, and return the installation's id."""
    declaration = _declaration(stage, key)
    grants = [{"category": each["category"], "purpose": each["purpose"]} for each in declaration["receives"]]
    values: dict[str, Any] = {"integration": key, "settings": settings, "grants": grants}
    payload = stage.admin.done(*_INSTALLING, **values, declarationDigest=declaration["digest"])
    identifier: str = payload["installation"]["id"]
    return identifier


def settings_for(server: RadicaleServer, collection: str) -> list[dict[str, str]]:
    """Return the form, filled in for a collection of a server."""
    values = {
        "collection_url": collection,
        "username": server.username,
        "password": server.password,
        "server_country": "DE",
    }
    return [{"name": name, "value": value} for name, value in values.items()]


def _declaration(stage: Stage, key: str = "address_book") -> dict[str, Any]:
    available = stage.admin.query(_AVAILABLE)["availableIntegrations"]
    found: dict[str, Any] = next(item["declaration"] for item in available if item["key"] == key)
    return found


def members_of(person: Person) -> dict[str, dict[str, Any]]:
    """Return the members whom somebody sees, by their e-mail addresses."""
    edges = person.query(_MEMBERS)["members"]["edges"]
    return {edge["node"]["email"]: edge["node"] for edge in edges}


def _all(stage: Stage, count: int) -> dict[str, dict[str, str]] | None:
    cards = stage.cards()
    return cards if len(cards) >= count else None


def _is_exact(card: dict[str, str], member: dict[str, Any]) -> bool:
    wanted = {
        "EMAIL": member["email"],
        "TEL": member["phone"],
        "FN": f"{member['firstName']} {member['lastName']}",
        "ORG": str([member["company"]]),
    }
    return {name: card.get(name) for name in wanted} == wanted


def _settled_ledger(stage: Stage) -> list[dict[str, Any]] | None:
    page = stage.admin.query(_LEDGER, installation=stage.installation, after=None)["disclosures"]
    rows = [edge["node"] for edge in page["edges"]]
    return rows if rows and all(row["state"] == "DELIVERED" for row in rows) else None
