"""The bounds of a request's variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from wardship.graphql.engine.errors import EngineError, LimitExceededError
from wardship.graphql.engine.limits import Limits


def check_variables(variables: Mapping[str, Any], limits: Limits) -> None:
    """Refuse variables that are too large or too deep.

    Raises:
        LimitExceededError: they are.
        EngineError: they hold what JSON can't.
    """
    if not variables:
        return
    level: list[Any] = [variables]
    for _ in range(limits.variables_depth):
        level = [child for value in level for child in _children(value)]
        if not level:
            break
    else:
        raise LimitExceededError(
            f"The variables nest more than {limits.variables_depth} deep: flatten them.", code="VARIABLES_DEPTH_LIMIT"
        )
    try:
        size = len(orjson.dumps(variables))
    except TypeError as error:
        raise EngineError(f"The variables aren't JSON: {error}.", code="BAD_USER_INPUT") from error
    if size > limits.variables_bytes:
        raise LimitExceededError(
            f"The variables are {size} bytes long, but at most {limits.variables_bytes} are allowed.",
            code="VARIABLES_SIZE_LIMIT",
        )


def _children(value: Any) -> list[Any]:  # noqa: ANN401 (any JSON value)
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []
