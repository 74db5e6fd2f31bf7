"""Roles that wait until somebody has proven an address: the owner's of a new organisation, and the staff's."""
