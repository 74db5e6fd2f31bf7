"""Organisations' own providers of sign-in: set up, tried, put in force, and what somebody reaches who comes by one."""
