"""Signed certificates of what was done for a request, verifiable offline (requirement D9)."""
