"""Accounts as an organisation meets them; their tables are the core's, in ``core/accounts`` and ``core/sign_in``."""
