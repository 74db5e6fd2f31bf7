"""The API of grants, and of the consents and objections of members."""
