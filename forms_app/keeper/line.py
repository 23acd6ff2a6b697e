"""The words between a keeper and its servers, and the server's end of their line."""

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum

# Where a server reads what it was handed: the descriptor of the line, then those of the sockets.
HANDED = "CIRCLE_HANDED"


class Word(StrEnum):
    """What is said on the line, one word each."""

    ALONE = "alone"  # a server: nobody may work beside me. The keeper: nobody does
    SERVING = "serving"  # a server: I take requests now
    LEAVE = "leave"  # the keeper: take no more, and end when those you have are answered
    LEAVE_SOON = "leave-soon"  # the same, and somebody waits for it


class Line:
    """The server's end. When the keeper is gone, the server ends at once."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._is_alone = threading.Event()
        self._leave: Callable[[bool], None] = lambda _is_soon: os._exit(0)

    def listen(self) -> None:
        threading.Thread(target=self._listen, daemon=True, name="keeper").start()

    def be_alone(self) -> None:
        """Waits until no other server of the keeper's runs."""
        self._say(Word.ALONE)
        self._is_alone.wait()

    def serving(self, leave: Callable[[bool], None]) -> None:
        """Says so; `leave` is called, once or twice, when another takes over: soon or in time."""
        self._leave = leave
        self._say(Word.SERVING)

    def _say(self, word: Word) -> None:
        self._line.sendall(f"{word}\n".encode())

    def _listen(self) -> None:
        # One that is killed before it has read what was said to it resets the line.
        with suppress(OSError), self._line.makefile() as lines:
            for said in lines:
                word = Word(said.strip())
                if word is Word.ALONE:
                    self._is_alone.set()
                else:
                    self._leave(word is Word.LEAVE_SOON)
        os._exit(0)


def handed() -> tuple[Line | None, list[socket.socket]]:
    """What this process was handed: the line to its keeper, and the sockets that listen."""
    numbers = [int(number) for number in os.environ.pop(HANDED, "").split()]
    if not numbers:
        return None, []
    for number in numbers:  # nobody that this process starts keeps the port
        os.set_inheritable(number, False)
    line, *sockets = (socket.socket(fileno=number) for number in numbers)
    return Line(line), sockets
