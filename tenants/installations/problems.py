"""What is wrong with an installation and what to do, in words, for each code that its state can have as a reason."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from wardship.plugins.host.reply import Fault

_DELIVERIES: Final = "delivery_failed:"

PROBLEMS: Final = MappingProxyType(
    {
        Fault.UNAVAILABLE.value: "The vendor does not answer: calls are tried again by themselves.",
        Fault.TIMEOUT.value: "The vendor answers too slowly: calls are tried again by themselves.",
        Fault.UNAUTHORISED.value: "The vendor refuses the credentials: enter new ones in the settings.",
        Fault.NOT_CONNECTED.value: "Nobody has let it in at the vendor, or that has ended: connect it.",
        Fault.BAD_SETTINGS.value: "The settings no longer fit the integration: enter them again.",
        Fault.CRASH.value: "The integration fails: its vendor has to mend it; calls are tried again by themselves.",
        Fault.INVALID_RESPONSE.value: "The integration breaks its contract: its vendor has to mend it.",
        Fault.STUCK.value: "The integration blocks, and is stopped until the server restarts: tell its operator.",
        Fault.NOT_LOADED.value: "The integration's package is missing or does not load: tell the server's operator.",
        Fault.GONE.value: "The vendor has taken its endpoint away: what is owed there is with people, as tasks.",
        "remote_suspended": "The provider has suspended this integration: what is owed there is with people, as tasks.",
        "remote_ended": "The integration has ended: what is owed at its vendor is with people, as tasks.",
        Fault.REJECTED.value: "The vendor refuses what is sent: its reason is with each obligation.",
        Fault.RATE_LIMITED.value: "The vendor asks for a slower pace: calls are made again by themselves.",
        "organisations_merged": "Organisations became one, and it would reach further than it was approved for: look at"
        " what it receives, and resume or uninstall it.",
        "moved": "The settings name another place: it is checked, and what was sent before is taken back.",
        "overdue": "The vendor has not taken back in time what it was told to: the open tasks say what to do.",
    }
)
"""By the reason of a state."""


def problem_of(state_reason: str) -> str:
    """Return what is wrong and what to do; empty where the reason names no problem."""
    if state_reason.startswith(_DELIVERIES):
        code = state_reason.removeprefix(_DELIVERIES)
        return f"Some of what was to be sent did not arrive. {PROBLEMS.get(code, 'The obligations say why.')}"
    return PROBLEMS.get(state_reason, "")
