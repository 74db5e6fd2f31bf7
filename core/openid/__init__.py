"""A client of OpenID providers: their documents and keys, the code flow, and whom a provider vouches for."""
