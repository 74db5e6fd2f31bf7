"""The API of consents and objections."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.choices.model import ChoiceQueries
from wardship.graphql.choices.mutations import ChoiceMutations


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(ChoiceQueries,),
        mutations=(ChoiceMutations,),
    )
