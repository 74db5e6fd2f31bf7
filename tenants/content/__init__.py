"""What members share in their groups: posts that mention people, and files by reference (requirement B6)."""
