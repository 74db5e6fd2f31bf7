"""The HTTP endpoints under /auth: each parses, calls one command, and maps its result."""
