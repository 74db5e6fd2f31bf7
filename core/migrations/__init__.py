"""Migrations of the core's tables, forward only."""

APP_NAME = "wardship_core"
