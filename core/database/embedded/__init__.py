"""PostgreSQL inside the installation, for machines without a database server of their own."""

from wardship.core.database.embedded.account import NoServerAccountError
from wardship.core.database.embedded.binaries import BinariesMissingError
from wardship.core.database.embedded.cluster import ClusterVersionError, FolderInUseError, InitialisationFailedError
from wardship.core.database.embedded.folder import FolderNotOursError, FolderUnusableError, StartTimeoutError
from wardship.core.database.embedded.roles import (
    DATABASE,
    ROLE_OWNER,
    ROLE_SERVE,
    ROLE_SUPERUSER,
    ProvisioningFailedError,
)
from wardship.core.database.embedded.runtime import NoRuntimeFolderError
from wardship.core.database.embedded.server import EmbeddedPostgres, ServerFailedError

__all__ = [
    "DATABASE",
    "ROLE_OWNER",
    "ROLE_SERVE",
    "ROLE_SUPERUSER",
    "BinariesMissingError",
    "ClusterVersionError",
    "EmbeddedPostgres",
    "FolderInUseError",
    "FolderNotOursError",
    "FolderUnusableError",
    "InitialisationFailedError",
    "NoRuntimeFolderError",
    "NoServerAccountError",
    "ProvisioningFailedError",
    "ServerFailedError",
    "StartTimeoutError",
]
