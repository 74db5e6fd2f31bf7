"""Install and build what a goal of the Makefile needs, once, with the standard library alone."""
