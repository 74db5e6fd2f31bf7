"""What those who decide on recoveries of accounts are told."""
