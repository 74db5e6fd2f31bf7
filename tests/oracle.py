"""What may leave, read from the promise alone (requirement C3): an oracle that shares no code with the gate."""

from __future__ import annotations

from wardship.plugins.api import Manifest
from wardship.tenants.egress.allowed import Choices
from wardship.tenants.members.noun import Member

COLUMNS = Member.held.personal


def category_of(field: str) -> str:
    """Return what the registry of personal data says that a field's column holds."""
    return COLUMNS["joined_at" if field == "joined_on" else field].category


def is_above(key: str, other: str) -> bool:
    """Compare keys part by part: the oracle's own reading of the taxonomy."""
    return other.split(".")[: len(key.split("."))] == key.split(".")


def expected(
    declared: Manifest, granted: set[tuple[str, str]], choices: Choices, *, is_fetched: bool = False
) -> set[str]:
    """Return the fields that the promise lets out: those that are sent, or those that the vendor fetches."""
    passing = set()
    for entry in declared.receives:
        for name in entry.fields:
            is_held_back = (
                choices.state != "active"
                or not choices.is_in_audience
                or (entry.category, entry.purpose) not in granted
                or (entry.direction == "pull") is not is_fetched
                or entry.audience == "groups"
                or (
                    entry.audience == "contacts"
                    and not ({f"{kind}_contact" for kind in declared.contacts} & {role.value for role in choices.roles})
                )
                or any(purpose == "" or is_above(purpose, entry.purpose) for purpose in choices.objections)
                or any(
                    category == "" or is_above(category, category_of(name)) or is_above(category_of(name), category)
                    for category in choices.restrictions
                )
                or (
                    entry.legal_basis == "consent"
                    and not any(
                        consent.purpose == entry.purpose
                        and (consent.category == "" or is_above(consent.category, category_of(name)))
                        for consent in choices.consents
                    )
                )
            )
            if not is_held_back:
                passing.add(name)
    return passing
