"""From a document to a plan and a program: whatever is worked out once for many requests."""
