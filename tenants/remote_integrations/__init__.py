"""Integrations that vendors serve themselves: registered by an address, let in by the provider, followed."""
