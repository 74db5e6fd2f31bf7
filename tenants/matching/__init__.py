"""Find a person in texts: folding, word boundaries, contexts, and how certain a find is. Pure: it knows no table."""
