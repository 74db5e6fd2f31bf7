"""GraphQL over HTTP and over WebSocket, and the Litestar route that serves both."""
