"""Measures Wardship side by side with what it is compared to: `make bench`, described in docs/benchmarks.md."""
