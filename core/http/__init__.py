"""What every route shares: problem documents, request identifiers, and the credentials that a request shows."""
