"""What may flow and what may not: grants of the organisation; consents, objections and restrictions of members."""
