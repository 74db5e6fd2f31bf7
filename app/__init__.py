"""The composition root: the application, the command line, the demonstration."""
