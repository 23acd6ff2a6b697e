"""A house at a port of its own, for a real browser: its clock is the test's, and starting it takes
no process.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forms_app.front import Front, listen
from forms_app.keeper.sockets import bind
from forms_app.serve import largest_below
from forms_app.web.bodies import TOO_LARGE
from tests.support.running import ROOT, Running
from tests.support.web import House

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@contextmanager
def listening(page: "WSGIApplication", front: Front) -> Iterator[Any]:
    """The server of a page, at a port of its own, which its first part knows (`effective_port`)."""
    server = listen(page, front, bind("127.0.0.1", 0))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server.servers[0]
    finally:
        server.close()
        thread.join(10)


@contextmanager
def served(house: House) -> Iterator[Running]:
    """The house as something that runs, without a log; its threads end with it."""
    front = Front(partial(largest_below, house.app, ""), TOO_LARGE, secure=False)
    with listening(house.app, front) as server:
        yield Running(ROOT, house.settings.data, server.effective_port, Path(os.devnull))
