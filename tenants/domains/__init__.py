"""Domains that organisations claim: what may be claimed, its proof by DNS, and how long a claim holds."""
