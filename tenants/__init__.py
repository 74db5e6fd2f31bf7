"""The domain, one folder per noun."""
