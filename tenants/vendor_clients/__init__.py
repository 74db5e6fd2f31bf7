"""Clients of vendors: what fetches data for an integration, owned by an account that the provider knows as a vendor."""
