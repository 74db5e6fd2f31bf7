"""Accounts: a person, known by verified e-mail addresses, once across all organisations."""
