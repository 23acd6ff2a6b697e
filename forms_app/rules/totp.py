"""The six digits of a second factor: time-based one-time passwords, RFC 6238 over RFC 4226.

Twenty lines of the standard library, as every telephone's program knows them: SHA-1, six digits,
half a minute each. It knows neither accounts nor rows; the moment is an argument.
"""

import base64
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

from forms_app.rules.folding import narrow

SECONDS = 30
DIGITS = 6
NEAR = 1  # steps that a clock may be off
FAR = 40  # steps within which we can tell how far it is off: twenty minutes


def step_of(now: datetime) -> int:
    """The number of the half minute."""
    return int(now.timestamp()) // SECONDS


def code_of(secret: bytes, step: int) -> str:
    """What the telephone shows in this half minute."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def cleaned_code(typed: str) -> str:
    """The digits of what was typed, with blanks and full-width figures allowed; "" for no code."""
    digits = "".join(narrow(typed).split())
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else ""


def matching_step(secret: bytes, code: str, now: datetime, near: int = NEAR) -> int | None:
    """The half minute that shows this code, of those around now; None for none of them."""
    here, found = step_of(now), None
    # All are compared, whichever it is: how long it takes tells nothing.
    for step in range(here - near, here + near + 1):
        if hmac.compare_digest(code_of(secret, step).encode(), code.encode()):
            found = step
    return found


def minutes_off(secret: bytes, code: str, now: datetime) -> int:
    """By how many minutes the telephone's clock is fast, or slow (below 0); 0 where nobody knows.

    Only for whoever is shown the secret at the same moment: a guesser would learn from it which
    code is to come.
    """
    step = matching_step(secret, code, now, FAR)
    steps = 0 if step is None else step - step_of(now)
    # Rounded away from nothing: whoever is refused is off by a minute at least.
    return (steps + (steps > 0)) // 2 if steps >= 0 else -((1 - steps) // 2)


def grouped(secret: bytes) -> str:
    """The secret as people type it, in groups of four letters and figures."""
    letters = base64.b32encode(secret).decode()
    return " ".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def address(secret: bytes, circle: str, username: str) -> str:
    """What the square for the telephone's camera says: `otpauth://totp/…`.

    The circle is named once: Chinese takes nine letters a character, and the square grows with it.
    """
    asked = {"secret": base64.b32encode(secret).decode(), "issuer": circle}
    return f"otpauth://totp/{quote(username)}?{urlencode(asked, quote_via=quote)}"
