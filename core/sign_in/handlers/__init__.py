"""The HTTP endpoints under /auth, by deed: each parses, calls one deed, and maps its result."""
