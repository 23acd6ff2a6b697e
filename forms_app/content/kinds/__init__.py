"""What the office may feed: one file a kind, each with its KIND; the file's name is its address."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from forms_app.content.kind import Kind

_FOUND = {
    file.name: import_module(f"{__name__}.{file.name}").KIND for file in iter_modules(__path__)
}
KINDS: Mapping[str, Kind] = dict(sorted(_FOUND.items(), key=lambda one: one[1].rank))
