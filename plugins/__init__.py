"""Integrations with third parties: the contract, its host, and those that ship."""
