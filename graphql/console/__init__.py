"""The console and the explorer page, served from files of our own under a strict content security policy."""

from __future__ import annotations

from wardship.graphql.console.documents import read_documents
from wardship.graphql.console.pages import built_console, console_routes

__all__ = ["built_console", "console_routes", "read_documents"]
