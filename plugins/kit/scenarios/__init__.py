"""What the kit does with an integration, scenario by scenario, and what it looks at in each."""
