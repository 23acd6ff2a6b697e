"""Which program runs on what, and whether what is installed is what this program needs."""

import hashlib
import platform
from collections.abc import Sequence

from forms_app import queries
from forms_app.doctor.finding import Facts, Finding, green, yellow
from forms_app.rules.said import said

LOCK = "requirements.lock"
INSTALLED = ".venv/.installed-requirements"  # as scripts/bootstrap.py leaves it


def look(facts: Facts) -> Sequence[Finding]:
    try:
        database = queries.database_version()
    except queries.DATABASE_ERRORS:
        database = "?"
    python = platform.python_version()
    found = green(said("Python %(python)s，%(database)s。", python=python, database=database))
    root = facts.settings.root
    installed, lock = root / INSTALLED, root / LOCK
    if not (installed.is_file() and lock.is_file()):
        return found
    if hashlib.sha256(lock.read_bytes()).hexdigest() not in installed.read_text():
        found += yellow("装好的软件不是这个版本的程序要的。", "停下服务，再运行一次scripts/start。")
    return found
