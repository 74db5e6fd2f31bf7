"""The life of an organisation: founded, suspended, resumed, left, opened again, closed."""
