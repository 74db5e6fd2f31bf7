"""What waits for whoever looks, how recipients keep what they owe, and what an organisation has not set up yet."""
