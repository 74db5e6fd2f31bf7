"""`wardship schema` and `wardship openapi`: what the API offers, printed without a database."""

from __future__ import annotations

import json

import rich_click as click
from litestar import Litestar

from wardship.app.application import openapi_configuration, routes
from wardship.app.cli.bootstrap import begin
from wardship.app.deployment import make_services
from wardship.graphql.server.schema import make_schema


@click.command()
def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    click.echo(make_schema().as_str())


@click.command()
def openapi() -> None:
    """Print the OpenAPI description of the routes beside GraphQL, as JSON."""
    services = make_services(begin())
    described = Litestar(routes(services), openapi_config=openapi_configuration(), logging_config=None)
    click.echo(json.dumps(described.openapi_schema.to_schema(), indent=2))
