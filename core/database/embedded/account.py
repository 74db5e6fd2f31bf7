"""The account that the server runs as: one's own, or as root an unprivileged one, because PostgreSQL refuses root."""

from __future__ import annotations

import os
import pwd
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from wardship.core.errors import WardshipError

# The first that exists serves: one made for us, one made for PostgreSQL, the one that every system has.
_CANDIDATES = ("wardship", "postgres", "nobody")


class NoServerAccountError(WardshipError):
    """No account of this machine can run the server."""

    code: ClassVar[str] = "EMBEDDED_NO_ACCOUNT"


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """The user and group that the server's processes and files belong to."""

    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Tell whether it is another account than the one that runs this process."""
        return self.uid != os.geteuid()

    def may_traverse(self, folder: Path) -> bool:
        """Tell whether the account may pass through a folder and all that lie above it."""
        return all(self._may(place, stat.S_IXOTH) for place in (folder, *folder.parents))

    def may_read(self, path: Path) -> bool:
        """Tell whether the account may read a file at its real place."""
        real = path.resolve()
        return self.may_traverse(real.parent) and self._may(real, stat.S_IROTH)

    def may_execute(self, path: Path) -> bool:
        """Tell whether the account may run a program at its real place."""
        real = path.resolve()
        return self.may_traverse(real.parent) and self._may(real, stat.S_IXOTH | stat.S_IROTH)

    def _may(self, path: Path, wanted: int) -> bool:
        """Tell whether the mode of a path grants all of `wanted` (bits of the class "others") to the account."""
        status = path.stat()
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return (status.st_mode >> shift) & wanted == wanted


def server_account(cluster: Path) -> ServerAccount:
    """Return the account for a cluster: its owner when it exists; else one's own; as root an unprivileged one.

    Raises:
        NoServerAccountError: root on a machine without a usable account, or an account without a name.
    """
    if os.geteuid() != 0:
        own_name()
        return ServerAccount(uid=os.geteuid(), gid=os.getegid())
    if sys.platform != "linux":
        raise NoServerAccountError(
            "Run Wardship as an ordinary user: as root the embedded PostgreSQL works on Linux only."
        )
    if cluster.is_dir():
        status = cluster.lstat()
        return ServerAccount(uid=status.st_uid, gid=status.st_gid)
    return _unprivileged_account()


def own_name() -> str:
    """Return the name of the account that runs this process.

    Raises:
        NoServerAccountError: the account has a number only; PostgreSQL refuses those.
    """
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise NoServerAccountError(
            f"Give user {os.geteuid()} a name (an entry in the password database): PostgreSQL needs one."
        ) from None


def _unprivileged_account() -> ServerAccount:
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return ServerAccount(uid=entry.pw_uid, gid=entry.pw_gid)
    raise NoServerAccountError(
        f"Add an account named {_CANDIDATES[0]}, or run Wardship as an ordinary user: "
        f"PostgreSQL refuses to run as root, and none of {', '.join(_CANDIDATES)} exists."
    )
