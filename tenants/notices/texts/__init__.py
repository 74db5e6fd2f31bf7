"""The texts of notices about notices."""
