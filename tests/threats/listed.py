"""Everything that is listed, in its order."""

from __future__ import annotations

from tests.threats.against_accounts import RULES
from tests.threats.against_domains import OF_DOMAINS
from tests.threats.against_organisations import OF_ORGANISATIONS
from tests.threats.control import Control, Threat
from tests.threats.transitions import TRANSITIONS

PARTS: dict[str, tuple[Threat, ...]] = {
    "Threats": (*OF_DOMAINS, *OF_ORGANISATIONS),
    "The claim of a domain": TRANSITIONS,
    "The claim of an account": RULES,
}


def controls() -> list[Control]:
    """Return all controls; their places are their numbers."""
    return [control for threats in PARTS.values() for threat in threats for control in threat.controls]
