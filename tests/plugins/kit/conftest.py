"""What `plugin new` writes, as the integration that is right: samples make one thing of it wrong."""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

import pytest

from wardship.plugins.kit.scaffold.writing import write_scaffold
from wardship.plugins.kit.target import Settings, load_file, named_settings


class Right(NamedTuple):
    """The scaffold's module, and what runs its vendor."""

    module: ModuleType
    vendor: Settings


@pytest.fixture(scope="session")
def right(tmp_path_factory: pytest.TempPathFactory) -> Right:
    folder = write_scaffold("acme", tmp_path_factory.mktemp("desk"))
    return Right(load_file(folder / "acme_wardship.py"), named_settings("tests/vendor_server.py:running", folder))
