"""What an organisation's directory says of people and groups, and what follows from it: by tokens of its own."""
