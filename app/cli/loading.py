"""Loads what a command does, once it is to be done."""

from __future__ import annotations

import importlib
from types import ModuleType

from wardship.app.collector import paused_collector


def loaded(name: str) -> ModuleType:
    """Return a module below ``wardship.app`` that does the work of commands, such as ``commands.serve``.

    The modules of this folder say what commands take and import nothing of Wardship: help, and a word that was typed
    wrong, are answered without waiting for the application.
    """
    with paused_collector():
        return importlib.import_module(f"wardship.app.{name}")
