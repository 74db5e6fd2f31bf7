"""The text of what an organisation is told of looks at its members' data."""
