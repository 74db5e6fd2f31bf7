"""What every noun of the API is made with: context, commands, refusals, identifiers, and the schema composed of all."""
