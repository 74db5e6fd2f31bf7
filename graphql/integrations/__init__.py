"""The API of integrations: what is available, what is installed, what was shared, what is owed."""
