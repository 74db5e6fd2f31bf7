"""The command `wardship`."""

from wardship.app.cli.main import main

__all__ = ["main"]
