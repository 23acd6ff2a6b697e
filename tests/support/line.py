"""A line to a started product that can be cut, and led to another version of it: the address that a
browser knows stays the same.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# Run before a page's own scripts: a browser that never tells that the line is back, because it
# believes that it had one all along, as on Wi-Fi that leads nowhere.
NO_SIGN_OF_A_LINE = """
  Object.defineProperty(navigator, "onLine", { get: () => true });
  Object.defineProperty(navigator, "connection", { value: undefined });
  addEventListener("online", (event) => event.stopImmediatePropagation());
"""


class Line:
    """Passes bytes on, from a port of its own to `to`, as long as it is whole."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.is_cut = False
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.is_cut = True
        self.drop()

    def mend(self) -> None:
        self.is_cut = False

    def drop(self) -> None:
        """Ends what is open; the next request opens anew."""
        for end in list(self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return  # closed
            if self.is_cut:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                near.close()  # between two versions
                continue
            self._open |= {near, far}
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(source, target), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while content := source.recv(65536):
                target.sendall(content)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
        self._open.discard(source)
        source.close()


@contextmanager
def line(to: int) -> Iterator[Line]:
    opened = Line(to)
    try:
        yield opened
    finally:
        opened.close()
