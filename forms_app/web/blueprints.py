"""Which pages there are, whose they are, and which of them no cache may keep.

The folders say it: a file of views there is asked for by name nowhere.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from flask import Blueprint

from forms_app.web import answer, open311, residents, staff
from forms_app.web.staff import signing_in


def _found(folder: ModuleType) -> tuple[Blueprint, ...]:
    """The folder's own, whose views its files hold, and those that files have for themselves."""
    names = (one.name for one in iter_modules(folder.__path__))
    files = (folder, *(import_module(f"{folder.__name__}.{name}") for name in names))
    own = (vars(file).get("bp") for file in files)
    return tuple(dict.fromkeys(bp for bp in own if isinstance(bp, Blueprint)))


STAFF_PAGES = _found(staff)
PAGES = (*_found(residents), *STAFF_PAGES, answer.bp, *_found(open311))
STAFF = frozenset(room.name for room in STAFF_PAGES)
PRIVATE = frozenset(room.name for room in PAGES)

# Whoever is not signed in signs in where they are.
for room in STAFF_PAGES:
    room.register_error_handler(401, signing_in.unsigned)
