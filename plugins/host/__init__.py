"""The host's side of the contract: finds integrations, calls them, and bounds the harm that one of them can do."""
