"""The API of requests from members."""
