"""Invitations to an organisation, by e-mail and for one address only."""
