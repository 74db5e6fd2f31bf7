"""The one gate through which a member's data leaves, and the ledger of what left (requirement C3)."""
