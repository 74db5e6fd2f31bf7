"""Erase a person from an organisation, by what the registry of personal data declares for each column."""
