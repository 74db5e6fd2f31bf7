"""All that these tests show as root holds for an ordinary user too."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

from wardship.core.database.embedded.account import ServerAccount

HERE = Path(__file__).parent


def interpreter(account: ServerAccount) -> Path:
    """One that the account can run: ours may lie in a closed home folder."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for place in (sys.executable, shutil.which(name, path="/usr/bin:/usr/local/bin")):
        if place and account.may_execute(Path(place)):
            return Path(place)
    pytest.skip(f"the account can run no {name} here")


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests have just run as an ordinary user")
def test_all_of_this_holds_for_an_ordinary_user():
    entry = pwd.getpwnam("nobody")
    account = ServerAccount(uid=entry.pw_uid, gid=entry.pw_gid)
    packages = Path(sysconfig.get_path("purelib"))
    if not (account.may_traverse(packages) and account.may_traverse(HERE)):
        pytest.skip("the account can't read the sources here")
    python = interpreter(account)
    with tempfile.TemporaryDirectory(prefix="ordinary-") as home:
        os.chown(home, account.uid, account.gid)
        # Another interpreter than ours finds our packages by this, in the processes that the tests start too.
        Path(home, "sitecustomize.py").write_text(f"import site\nsite.addsitedir({str(packages)!r})\n")
        result = subprocess.run(  # noqa: S603 - the test's own command
            [python, "-m", "pytest", HERE, f"--confcutdir={HERE}", f"--rootdir={HERE.parents[3]}",
             f"--deselect={HERE / Path(__file__).name}", f"--basetemp={home}/base", "-q"],
            cwd=home, env={"HOME": home, "PATH": "/usr/bin:/bin", "PYTHONPATH": home, "PYTHONDONTWRITEBYTECODE": "1"},
            user=account.uid, group=account.gid, extra_groups=[], capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    assert " passed" in result.stdout
