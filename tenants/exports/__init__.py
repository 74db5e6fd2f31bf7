"""Copies of what is held on a person: gathered by the registry, redacted, encrypted, expiring (requirement D10)."""
