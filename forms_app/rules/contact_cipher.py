"""What seals a contact: XChaCha20-Poly1305, as libsodium does it.

Its nonces are long enough to be drawn at random for every text of an office's whole life. Loaded
by name, when the first contact is written or shown: most pages show none.
"""

import secrets

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

NONCE_BYTES = 24


def closed(text: bytes, belongs: bytes, key: bytes) -> bytes:
    """The text sealed with a key of 32 bytes; it opens only with what it `belongs` to."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(text, belongs, nonce, key)


def opened(sealed: bytes, belongs: bytes, key: bytes) -> bytes:
    """The text again. Raises ValueError where it is another key's, another place's, or damaged."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(rest, belongs, nonce, key)
    except (CryptoError, TypeError) as error:
        raise ValueError("not sealed with this key for this place") from error
