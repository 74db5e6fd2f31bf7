"""The GraphQL server: the schema put together, and the endpoints that serve it over HTTP and WebSocket."""
