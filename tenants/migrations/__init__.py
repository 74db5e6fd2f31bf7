"""Migrations of the domain's tables, forward only."""

APP_NAME = "wardship_tenants"
