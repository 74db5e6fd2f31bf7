"""The API of the organisation itself and of the caller in it."""
