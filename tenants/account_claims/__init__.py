"""Accounts at a domain that an organisation holds: its policy, and the claim to each, which the person answers."""
