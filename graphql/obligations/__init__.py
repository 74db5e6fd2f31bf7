"""The API of obligations: what is and was owed at installations."""
