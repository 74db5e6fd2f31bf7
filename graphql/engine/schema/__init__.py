"""How a schema declares its fields, relations, pages and ids to the engine."""
