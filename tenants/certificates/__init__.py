"""Signed certificates of what was done for a request (requirement D9) or about an integration, verifiable offline."""
