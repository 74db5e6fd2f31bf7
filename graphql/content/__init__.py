"""The API of shared content."""
