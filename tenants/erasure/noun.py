"""What the noun `erasure` registers."""
