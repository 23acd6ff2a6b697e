"""The sockets that listen, one for each address that a host's name stands for."""

import errno
import socket
import time

BACKLOG = 1024  # so many wait while nobody takes them
# A server whose keeper was killed lets go of the port a moment later.
WAIT_SECONDS = 2.0
LOOK_AGAIN_SECONDS = 0.05
# A name may stand for addresses that this machine does not have.
NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def bind(host: str, port: int) -> list[socket.socket]:
    """Listens on every address of `host`, with one port for all; 0 stands for any that is free.

    Raises OSError where nobody can listen.
    """
    bound: list[socket.socket] = []
    missing: OSError | None = None
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    for family, _kind, _proto, _name, address in found:
        place = (address[0], bound[0].getsockname()[1] if bound else port, *address[2:])
        try:
            bound.append(_listening(family, place))
        except OSError as error:
            if error.errno not in NOT_HERE:
                raise
            missing = error
    if missing is not None and not bound:
        raise missing
    return bound


def cannot_listen(host: str, port: int, error: OSError) -> str:
    """The sentence that says so."""
    return f"无法在 {host} 的端口 {port} 上监听（{error.strerror}），请换一个 --port。"


def _listening(family: int, place: tuple[object, ...]) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        _bind(made, place)
        made.listen(BACKLOG)
    except BaseException:
        made.close()
        raise
    return made


def _bind(made: socket.socket, place: tuple[object, ...]) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            made.bind(place)
            return
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() >= until:
                raise
            time.sleep(LOOK_AGAIN_SECONDS)
