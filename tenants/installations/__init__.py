"""Installations of integrations: what was declared, approved and filled in, and in what state each is."""
