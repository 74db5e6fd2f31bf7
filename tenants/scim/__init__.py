"""SCIM 2.0 (RFC 7643, RFC 7644) for directories: the protocol is scim2-server's, storage and rules are ours."""
