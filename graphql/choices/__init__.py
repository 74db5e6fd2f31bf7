"""The API of consents and objections."""
