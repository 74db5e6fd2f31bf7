"""The letters to people who are waited for."""
