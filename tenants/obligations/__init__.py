"""What is owed to whom by when at each integration: queued, leased, called, settled, proven (requirement C4)."""
