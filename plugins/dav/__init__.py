"""The WebDAV conversation that the address book and the calendar share (RFC 4918, RFC 4791, RFC 6352)."""
