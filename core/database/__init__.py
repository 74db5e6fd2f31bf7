"""PostgreSQL: the engine, tenant transactions, the registry of personal data and migrations."""
