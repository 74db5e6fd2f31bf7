"""What the noun `sign_in` registers."""

from collections.abc import Sequence

from litestar import Router

from wardship.core.nouns import Deployment, DeploymentSweeps, Tables, hookimpl
from wardship.core.sign_in.routes import sign_in_router
from wardship.core.sign_in.sessions import sweep_sign_in
from wardship.core.sign_in.tables import (
    PasswordCredential,
    RecoveryCode,
    SessionRow,
    SignInAttempt,
    SignInLink,
    TotpCredential,
)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return PasswordCredential, TotpCredential, RecoveryCode, SessionRow, SignInLink, SignInAttempt


@hookimpl
def wardship_sweeps() -> DeploymentSweeps:
    """Return what removes sign-ins that are over."""
    return (sweep_sign_in,)


@hookimpl
def wardship_routes(services: Deployment) -> Sequence[Router]:
    """Return the routes below `/auth`."""
    return (sign_in_router(services),)
