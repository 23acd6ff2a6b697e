"""A house at a port of its own, for a real browser: its clock is the test's, and starting it takes
no process.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from forms_app.front import Front, listen
from forms_app.keeper.sockets import bind
from forms_app.serve import largest_below
from forms_app.web.bodies import TOO_LARGE
from tests.support.running import ROOT, Running
from tests.support.web import House


@contextmanager
def served(house: House) -> Iterator[Running]:
    """The house as something that runs, without a log; its threads end with it."""
    own = bind("127.0.0.1", 0)
    front = Front(partial(largest_below, house.app, ""), TOO_LARGE, secure=False)
    server = listen(house.app, front, own)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield Running(ROOT, house.settings.data, own[0].getsockname()[1], Path(os.devnull))
    finally:
        server.close()
        thread.join(10)
