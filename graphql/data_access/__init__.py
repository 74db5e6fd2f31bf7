"""The API of who looked at or changed whose data."""
