"""Groups filled by a rule: who is in them follows from proven addresses, the directory and profiles."""
