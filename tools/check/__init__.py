"""The checks of `make check`: what a reviewer need not look for."""
