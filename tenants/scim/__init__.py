"""SCIM 2.0 (RFC 7643, RFC 7644) for directories: the protocol is scim2-server's, storage and rules are ours."""

import inspect
from pathlib import Path

# pydantic seeks the docstrings of the library's models in the frames above. For each frame of the import system, whose
# files are none, `inspect` would look through every module that is loaded, a second at each start.
for _name in ("importlib._bootstrap", "importlib._bootstrap_external"):
    _file = f"<frozen {_name}>"
    inspect.modulesbyfile.update({_file: _name, str(Path(_file).absolute()): _name})
