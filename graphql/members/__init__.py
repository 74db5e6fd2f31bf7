"""The API of members and their roles."""
