"""The provider's own people: who has which role, given and taken."""
