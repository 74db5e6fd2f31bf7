"""The API of tasks for people."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.tasks.model import ObligationTask, TaskQueries, load_manual_task
from wardship.graphql.tasks.mutations import TaskMutations


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(TaskQueries,),
        mutations=(TaskMutations,),
        extensions=(ObligationTask,),
        node_loaders={"ManualTask": load_manual_task},
    )
