"""A short secret, locked with words, as a file of age's for a passphrase (age-encryption.org/v1).

How slow the words are to try is the same wherever it is made, and stands in the file. pyrage times
the machine instead, for a moment: what an idle or a fast one had locked (with a gigabyte of memory)
a busy or a slow one refused to open, as if the words were wrong.
"""

import hmac
import os
import re
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

LOG_N = 18  # 2 to the power of this: age's own, 256 MB for less than a second
MOST_LOG_N = 22  # age opens no more either
_VERSION = b"age-encryption.org/v1"
_HEAD = re.compile(
    rb"age-encryption\.org/v1\n-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)\n"
    rb"([A-Za-z0-9+/]{43})\n--- ([A-Za-z0-9+/]{43})\n"
)
_NONCE = 16
_LAST = bytes(11) + b"\x01"  # the first piece, of less than 64 KiB, is the last one


class NotOpened(ValueError):
    """These words do not open it, or it is damaged."""


class TooMuchMemory(ValueError):
    """This machine has less memory than the words take to try. `megabytes` says how much."""

    def __init__(self, megabytes: int) -> None:
        super().__init__(megabytes)
        self.megabytes = megabytes


def lock(plain: bytes, passphrase: str) -> bytes:
    """The secret, less than 64 KiB, as a file that nothing but the passphrase opens."""
    file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(_NONCE)
    wrapped = ChaCha20Poly1305(_derived(passphrase, salt, LOG_N)).encrypt(bytes(12), file_key, None)
    head = b"%s\n-> scrypt %s %d\n%s\n---" % (_VERSION, _told(salt), LOG_N, _told(wrapped))
    mac = hmac.digest(_expanded(file_key, b"", b"header"), head, "sha256")
    sealed = ChaCha20Poly1305(_expanded(file_key, nonce, b"payload")).encrypt(_LAST, plain, None)
    return head + b" " + _told(mac) + b"\n" + nonce + sealed


def unlock(locked: bytes, passphrase: str) -> bytes:
    """The secret, whichever age locked it. Raises NotOpened and TooMuchMemory."""
    found = _HEAD.match(locked)
    if found is None or int(found[2]) > MOST_LOG_N:
        raise NotOpened("no file of age's for a passphrase")
    nonce, sealed = locked[found.end() :][:_NONCE], locked[found.end() + _NONCE :]
    try:
        salt, wrapped, mac = _heard(found[1]), _heard(found[3]), _heard(found[4])
        derived = _derived(passphrase, salt, int(found[2]))
        file_key = ChaCha20Poly1305(derived).decrypt(bytes(12), wrapped, None)
        head = locked[: found.start(4) - 1]
        if not hmac.compare_digest(
            hmac.digest(_expanded(file_key, b"", b"header"), head, "sha256"), mac
        ):
            raise NotOpened("its head was changed")
        return ChaCha20Poly1305(_expanded(file_key, nonce, b"payload")).decrypt(_LAST, sealed, None)
    except InvalidTag as error:
        raise NotOpened("other words, or damaged") from error


def _derived(passphrase: str, salt: bytes, log_n: int) -> bytes:
    try:
        scrypt = Scrypt(_VERSION + b"/scrypt" + salt, 32, n=2**log_n, r=8, p=1)
        return scrypt.derive(passphrase.encode())
    except MemoryError as error:
        raise TooMuchMemory(128 * 8 * 2**log_n // 2**20) from error


def _told(content: bytes) -> bytes:
    return b64encode(content).rstrip(b"=")


def _heard(text: bytes) -> bytes:
    """What these letters say, which no others may say as well. Raises NotOpened."""
    content = b64decode(text + b"=" * (-len(text) % 4))
    if _told(content) != text:
        raise NotOpened("its letters were changed")
    return content


def _expanded(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, purpose).derive(secret)
