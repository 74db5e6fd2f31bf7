"""The API of invitations."""
