"""What a connection may cost before, while and after it asks: the protocols of the HTTP server, with bounds."""
