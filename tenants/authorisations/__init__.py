"""What lets this deployment in at vendors that demand OAuth 2.0: its clients there, and what places hold."""
