"""`wardship schema` and `wardship openapi`: what the API offers, printed without a database."""

from __future__ import annotations

import json

import rich_click as click
from litestar import Litestar
from litestar.openapi import OpenAPIConfig

from wardship.app.application import routes
from wardship.app.deployment import DatabasePlace, make_services
from wardship.core.settings import load_settings
from wardship.graphql.api.schema import make_schema


@click.command()
def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    click.echo(make_schema().as_str())


@click.command()
def openapi() -> None:
    """Print the OpenAPI description of the routes beside GraphQL, as JSON."""
    nowhere = DatabasePlace({}, None, is_embedded=False)
    services = make_services(load_settings(), nowhere)
    described = Litestar(
        routes(services), openapi_config=OpenAPIConfig(title="Wardship", version="1"), logging_config=None
    )
    click.echo(json.dumps(described.openapi_schema.to_schema(), indent=2))
