"""A file of age's for a passphrase that is derived in no time: pyrage opens it as any other.

Deriving takes a second or two on purpose. How slow it is stands in the file itself, and pyrage lets
nobody choose it; what the product writes is tried once, in tests/backups/test_encryption.py.
"""

import hmac
import os
from base64 import b64encode
from hashlib import scrypt

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"age-encryption.org/v1"
LOG_N = 2


def encrypt(plain: bytes, passphrase: str) -> bytes:
    """As `pyrage.passphrase.encrypt`, for less than 64 KiB; the format is age-encryption.org/v1."""
    file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    derived = scrypt(
        passphrase.encode(), salt=VERSION + b"/scrypt" + salt, n=2**LOG_N, r=8, p=1, dklen=32
    )
    wrapped = ChaCha20Poly1305(derived).encrypt(bytes(12), file_key, None)
    header = b"%s\n-> scrypt %s %d\n%s\n---" % (VERSION, _told(salt), LOG_N, _told(wrapped))
    mac = hmac.digest(_expanded(file_key, b"", b"header"), header, "sha256")
    last = bytes(11) + b"\x01"  # the first piece is the last one
    sealed = ChaCha20Poly1305(_expanded(file_key, nonce, b"payload")).encrypt(last, plain, None)
    return header + b" " + _told(mac) + b"\n" + nonce + sealed


def log_n(sealed: bytes) -> int:
    """How slow the passphrase of such a file is to try: 2 to the power of this."""
    return int(sealed.partition(b"-> scrypt ")[2].split()[1])


def _told(content: bytes) -> bytes:
    return b64encode(content).rstrip(b"=")


def _expanded(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, purpose).derive(secret)
