"""What `wardship plugin new --remote` writes: a server for Node.js that passes the conformance kit as it is."""
