"""Views: lists of the console as somebody has filtered and ordered them, kept by a name, and shared by some."""
