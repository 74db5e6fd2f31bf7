"""Limitations: what of a right is withheld or kept, and why. Pure: they say what is named, others act on it."""
