"""Sign-in in two steps, sessions, and who is behind a request."""
