"""What the kit needs for an integration that its vendor serves: its document, its own calls, and messages by others."""
