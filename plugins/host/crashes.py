"""What the log says of a plugin's crash: in production its type and place, since its message may tell anything."""

from __future__ import annotations

import traceback
from pathlib import Path

import structlog

from wardship.plugins.host.call import Call

_log = structlog.get_logger("wardship.integration")


def log_crash(call: Call, error: BaseException) -> None:
    """Log that a plugin crashed; with its traceback in development, where no data is anybody's."""
    shown = {}
    if call.limits.shows_tracebacks:
        shown["traceback"] = call.redaction.cut("".join(traceback.format_exception(error)))
    _log.error(
        "integration.crashed",
        integration=call.installed.integration,
        installation_id=call.installed.id,
        obligation_id=call.obligation_id,
        verb=call.verb.value,
        error=type(error).__name__,
        at=_place(error),
        **shown,
    )


def _place(error: BaseException) -> str:
    """Return where an error was raised: file, line and function."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "unknown"
    last = frames[-1]
    return f"{Path(last.filename).name}:{last.lineno} in {last.name}"
