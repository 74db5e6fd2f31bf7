"""The server's settings: small machine, nothing on the network, nothing personal in the log."""

from __future__ import annotations

from collections.abc import Mapping

from wardship.core.database.embedded.runtime import Runtime
from wardship.core.errors import InvalidInputError

_DEFAULTS: dict[str, str] = {
    "shared_buffers": "128MB",
    "max_connections": "100",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}


def server_options(runtime: Runtime, settings: Mapping[str, str]) -> list[str]:
    """Return the command line's settings: the defaults, the caller's, and those that nobody may change.

    Raises:
        InvalidInputError: the caller wants to change one that nobody may change.
    """
    fixed = _fixed(runtime)
    for name in settings:
        if name.lower() in fixed:
            raise InvalidInputError(f"Leave {name} alone: the embedded server's privacy rests on it.", path=(name,))
    chosen = _DEFAULTS | dict(settings) | fixed
    return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]


def is_durable(settings: Mapping[str, str]) -> bool:
    """Tell whether committed data survives a crash of the machine (`fsync` wasn't switched off)."""
    return settings.get("fsync", "on").lower() not in {"off", "false", "no", "0"}


def _fixed(runtime: Runtime) -> dict[str, str]:
    return {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": str(runtime.sockets),
        "unix_socket_permissions": "0700",
        "hba_file": str(runtime.host_rules),
        "ident_file": str(runtime.name_map),
        # A failed statement and its values are personal data: only the server's own news goes to its log.
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "logging_collector": "off",
        "log_destination": "stderr",
    }
