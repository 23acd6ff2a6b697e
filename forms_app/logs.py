"""What the server's log holds: what happened and where, and nothing that anybody typed.

The message of an error may quote a resident ("invalid literal … '139…'"), so a traceback has its
files, lines, functions and classes only. Whoever starts a process calls `keep_values_out`.
"""

import errno
import logging
import re
import sys
import threading
import traceback
from typing import Any

from forms_app.store.faults import DATABASE_ERRORS, told

# One line a request.
REQUESTS = "circle.requests"

# Of waitress's messages the words before the first sign of a path, an address or an error.
_PLAIN = re.compile(r"[\w ,]*")
# As a traceback says it when one error came while another was handled.
_THEN = "\n\nthen:\n\n"


def trace(error: BaseException) -> str:
    """The traceback without the messages; errors that led to this one come first."""
    parts = ["".join([*traceback.format_tb(e.__traceback__), _kind(e)]) for e in _chain(error)]
    return _THEN.join(reversed(parts))


def _chain(error: BaseException) -> list[BaseException]:
    found = [error]
    while True:
        last = found[-1]
        earlier = last.__cause__ or (None if last.__suppress_context__ else last.__context__)
        if earlier is None or any(earlier is one for one in found):
            return found
        found.append(earlier)


def _kind(error: BaseException) -> str:
    if isinstance(error, DATABASE_ERRORS):
        return told(error)
    name = type(error).__qualname__
    if type(error).__module__ != "builtins":
        name = f"{type(error).__module__}.{name}"
    code = errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None
    return f"{name} {code}" if code else name


class WithoutValues(logging.Formatter):
    """A line of the log, and below it the traceback without messages."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name.partition(".")[0] == "waitress":
            plain = _PLAIN.match(record.getMessage())
            said = {"msg": plain[0].strip() if plain else "", "args": ()}
            record = logging.makeLogRecord(record.__dict__ | said)
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        return trace(ei[1])


def keep_log() -> None:
    """The log of a server on standard error: warnings, and a line a request."""
    handler = logging.StreamHandler()
    handler.setFormatter(WithoutValues("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler])
    logging.getLogger(REQUESTS).setLevel(logging.INFO)
    keep_values_out()


def keep_values_out() -> None:
    """What ends a process or a thread of ours is told without its message, too."""
    sys.excepthook = lambda _kind, error, _traceback: _tell(error)
    threading.excepthook = lambda ended: _tell(ended.exc_value)


def _tell(error: BaseException | None) -> None:
    if error is not None:
        print(trace(error), file=sys.stderr)
