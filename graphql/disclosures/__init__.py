"""The API of the ledger: who received what of whom."""
