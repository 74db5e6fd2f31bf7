"""Personal access tokens: what programs show in place of a session."""
