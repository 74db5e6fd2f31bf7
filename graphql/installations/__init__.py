"""The API of installations: which integrations there are, and which are installed."""
