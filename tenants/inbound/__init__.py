"""Calls from vendors: taken once, in order, and acted on as the connector that verified them says."""
