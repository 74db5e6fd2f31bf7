"""Organisations that become part of another: offered by one owner, accepted by another, announced, and carried out."""
