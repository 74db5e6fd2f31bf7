"""Tasks: what only a person can do at a vendor, and what follows when it was done."""
