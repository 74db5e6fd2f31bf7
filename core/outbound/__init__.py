"""Requests that leave this machine: to which addresses they may go."""
