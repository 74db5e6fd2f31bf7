"""What an act that can't be undone would do, in numbers, and the act exactly as it was previewed."""
