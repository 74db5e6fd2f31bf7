"""What `wardship plugin new` writes: a whole package that passes the conformance kit as it is."""
