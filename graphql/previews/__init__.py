"""The API of what acts that can't be undone would do."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.previews.mutations import PreviewMutations


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(mutations=(PreviewMutations,))
