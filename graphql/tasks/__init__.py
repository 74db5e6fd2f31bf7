"""The API of tasks for people."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.node import found_by
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.tasks.model import ObligationTask, TaskQueries
from wardship.graphql.tasks.mutations import TaskMutations
from wardship.tenants.tasks.tasks import tasks_by_ids


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(TaskQueries,),
        mutations=(TaskMutations,),
        extensions=(ObligationTask,),
        node_loaders={"ManualTask": found_by(tasks_by_ids)},
    )
