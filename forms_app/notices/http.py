"""One POST to an address that the office named, or a stranger: no redirects, no surprises, never
for long.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from msgspec import Struct

from forms_app.rules.waking import is_public_address

TIMEOUT_SECONDS = 10.0  # without a byte
LONGEST_SECONDS = 30.0  # for whoever sends one now and then
LONGEST_ANSWER = 64 * 1024
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # IPv4 as seen through NAT64
# All that is handed out of IPv6 for the public net (RFC 4291, 2.4). Beside it lie forms of IPv4 and
# nets of one's own of which not every Python knows that they are.
_HANDED_OUT = ipaddress.ip_network("2000::/3")
_OF_PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")


class AddressRefused(Exception):
    """The address must not be called; the text says why, without the address's secrets."""


class NotConnected(Exception):
    """Nothing was sent: the receiver could not be reached."""


class NoAnswer(Exception):
    """It was sent, at least in part, and no answer came."""


class Answer(Struct, frozen=True):
    status: int
    headers: Mapping[str, str]
    body: bytes


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    inside: Collection[str],
    file: str = "notify.yml",
    method: str = "POST",
) -> Answer:
    """Sends the body and returns the answer, whatever its status; a redirect is an answer too.

    A name that stands for a private or loopback address is refused unless it is in `inside`; an
    address written as numbers was meant; `file` is where `inside` is written. Raises
    AddressRefused, NotConnected, NoAnswer.
    """

    def check(host: str, addresses: Collection[str]) -> None:
        if not _is_meant(host) and host not in inside:
            for address in addresses:
                if not is_public(ipaddress.ip_address(address)):
                    raise AddressRefused(f"{host} 指向内网地址，要用就写进 {file} 的 inside")

    return _exchange(url, body, headers, check, method)


def post_to_stranger(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """The same to an address that a stranger named: by HTTPS, to a name that stands for public
    addresses alone, whatever the office allows its own. Raises AddressRefused for any other.
    """
    if not is_public_address(url):
        raise AddressRefused("这个地址不能用")

    def check(_host: str, addresses: Collection[str]) -> None:
        if not all(is_public(ipaddress.ip_address(address)) for address in addresses):
            raise AddressRefused("这个地址指向内网")

    return _exchange(url, body, headers, check)


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether it lies in the public net, also where it carries another one inside."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address not in _HANDED_OUT:
            return False
    elif address in _OF_PROTOCOLS:
        return False
    return address.is_global and not address.is_multicast


def _exchange(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    check: Callable[[str, Collection[str]], None],
    method: str = "POST",
) -> Answer:
    """`check` is given the name and what it stands for, and may raise AddressRefused."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    # Connected here, to the very address that was checked: the name is not looked up again.
    connection.sock = _connected(host, port, check)
    try:
        if parts.scheme == "https":
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
    except OSError as error:
        connection.close()
        raise NotConnected(_reason(error)) from error
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    shown_port = "" if parts.port is None else f":{parts.port}"
    shown_host = f"[{host}]" if ":" in host else host
    # Where an answer lasts until the line ends, the connection knows it no more while it is read.
    line = connection.sock
    try:
        with ended_after(LONGEST_SECONDS, lambda: line):
            told = {**headers, "Host": shown_host + shown_port}
            connection.request(method, path, body or None, told)
            response = connection.getresponse()
            answer = response.read(LONGEST_ANSWER)
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, answer)
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(_reason(error)) from error
    finally:
        connection.close()


@contextmanager
def ended_after(seconds: float, line: Callable[[], socket.socket | None]) -> Iterator[None]:
    """A block whose line is cut after so many seconds, however much still trickles in."""

    def cut() -> None:
        found = line()
        if found is not None:
            with suppress(OSError):  # it has just ended by itself
                found.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _connected(
    host: str, port: int, check: Callable[[str, Collection[str]], None]
) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # the other where no name can be written so
        raise NotConnected(f"找不到主机 {host}") from error
    check(host, [str(address[0]).partition("%")[0] for *_, address in found])
    last: OSError | None = None
    for *_, address in found[:2]:
        try:
            return socket.create_connection(
                (str(address[0]), int(address[1])), timeout=TIMEOUT_SECONDS
            )
        except OSError as error:
            last = error
    raise NotConnected(_reason(last)) from last


def _is_meant(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _reason(error: BaseException | None) -> str:
    if isinstance(error, TimeoutError):
        return "等了太久没有回应"
    if isinstance(error, ssl.SSLError):
        return "证书不对或加密连接失败"
    if isinstance(error, ConnectionRefusedError):
        return "对方没有在接收"
    return f"连接中断（{type(error).__name__}）"
