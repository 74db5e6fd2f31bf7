"""What organisations let vendors fetch, by OAuth 2.0: grants, tokens, the authorization server, and the data itself."""
