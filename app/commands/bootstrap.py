"""What a command of a deployment begins with."""

from __future__ import annotations

from wardship.core.log import configure_logging
from wardship.core.settings import Settings, load_settings


def bootstrap() -> Settings:
    """Return the settings, with every log line sent to stderr: standard output is for what was asked.

    Raises:
        SettingsError: one of them is wrong.
    """
    settings = load_settings()
    configure_logging(settings)
    return settings
