"""The caller's own account, as a call in an organisation reaches it."""
