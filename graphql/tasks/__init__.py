"""The API of tasks for people."""
