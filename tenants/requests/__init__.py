"""What members ask about their data (requirements D1 to D10): submission, identity, decision, outcome."""
