"""Wardship's core: database, tenant scope, sign-in, keys, audit, mail, settings. It knows no feature."""
