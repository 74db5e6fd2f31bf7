"""Deletions of members beyond the limit of a day: held until a second person approves or refuses them."""
