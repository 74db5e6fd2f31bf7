"""Organisations: their name, settings and owner."""
