"""Tickets and passwords: how they are made, read back tolerantly, hashed and checked.

People choose passwords, so a slow hash guards them. We draw the codes ourselves (tickets, one-time
links): nobody guesses 60 bits, and a fast hash under a key of the server is as safe and costs a
hundredth. It knows nothing of rows or requests.
"""

import hashlib
import hmac
import re
import threading
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from forms_app.rules.folding import narrow

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_LETTERS = 12
PASSWORD_LETTERS = 10  # at least

# What people, keyboards and messengers put between the letters: blanks, dashes, dots, unseen marks.
_BETWEEN = re.compile(
    r"[\s_.·・\-\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\u2500\u30fc\u4e00\ufeff]"
)

_CODE = "hmac-sha256"
# What stands around a ticket that was pasted: words, quotes, an address; never half of a word.
_AROUND = re.compile(r"^[^0-9A-Za-z]+|[^0-9A-Za-z]+$")
# Between groups of four it may be any mark; the long vowel's and the word 一 look like a dash. Or
# its name.
_MARK = r"[\W_\u30fc\u4e00\u6760\u6a2a]"
_GAP = _MARK + "{1,3}"
_FOUR = r"[0-9A-TV-Za-tv-z]{4}"
_THREE_FOURS = f"{_FOUR}{_GAP}{_FOUR}{_GAP}{_FOUR}"
# Some say the two halves apart: 编号 260017，查询码 7K2M-9QXD-4TBN.
_INSIDE = re.compile(
    r"(?<![0-9A-Za-z])([0-9OoIiLl]{6,12})"
    rf"[^0-9A-Za-z]{{0,12}}({_THREE_FOURS}|{_FOUR * 3})(?!-?[0-9A-Za-z])"
)
_ENCODED = re.compile("%[0-9A-Fa-f]{2}")  # an address within another one

# OWASP's smallest Argon2id setting; two at a time, so that a rush cannot eat a 1 GB server.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_slots = threading.BoundedSemaphore(2)


def ticket_secret(server_key: str, form_key: str) -> str:
    """The secret of the issue that this form makes: 12 Crockford base-32 letters (60 bits).

    Derived rather than drawn, so that a double submit can show the same ticket again although
    only its hash is stored.
    """
    digest = hmac.digest(server_key.encode(), b"ticket:" + form_key.encode(), "sha256")
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(SECRET_LETTERS):
        number, rest = divmod(number, 32)
        letters.append(CROCKFORD[rest])
    return "".join(letters)


def offer_code(server_key: str, number: str, other: str) -> str:
    """What stands for the issue `other` where it is offered to the holder of `number`.

    A resident can neither read another's number from it nor offer one to themselves.
    """
    digest = hmac.digest(server_key.encode(), f"offer:{number}:{other}".encode(), "sha256")
    return digest.hex()[:24]


def browser_code(server_key: str, browser: str, about: str, day: str) -> str:
    """What stands for a browser where it rates a thing on a day; it fits no other thing or day."""
    told = f"browser:{browser}:{about}:{day}".encode("utf-8", "replace")
    return hmac.digest(server_key.encode(), told, "sha256").hex()[:32]


def known_name(server_key: str, browser: str, username: str) -> str:
    """What stands for a name in what this browser keeps of who signed in there."""
    told = f"known:{browser}:{username}".encode("utf-8", "replace")
    return hmac.digest(server_key.encode(), told, "sha256").hex()[:32]


def email_code(server_key: str, number: str, email: str) -> str:
    """What the letter to this address carries, by which it confirms that it is the right one."""
    told = f"email:{number}:{email}".encode()
    return hmac.digest(server_key.encode(), told, "sha256").hex()[:32]


def format_ticket(number: str, secret: str) -> str:
    """As residents see it: `260017-7K2M-9QXD-4TBN`."""
    return f"{number}-{spelled(secret)}"


def spelled(secret: str) -> str:
    """A secret in groups of four: `7K2M-9QXD-4TBN`."""
    return "-".join(secret[i : i + 4] for i in range(0, SECRET_LETTERS, 4))


def parse_code(typed: str) -> str | None:
    """The letters of a code of ours typed as tolerantly as a ticket, or None where it is none."""
    letters = _plain(narrow(typed))
    is_code = len(letters) == SECRET_LETTERS and not set(letters) - set(CROCKFORD)
    return letters if is_code else None


def parse_ticket(typed: str) -> tuple[str, str] | None:
    """Number and secret of a ticket typed with any spaces, dashes and case, or None.

    O is read as 0, I and L as 1, full-width letters as their narrow twins. Also inside whatever
    was pasted: a sentence, quotes, an address with the ticket behind its `#`.
    """
    words = _ENCODED.sub(" ", narrow(typed))
    whole = _ticket(_AROUND.sub("", words))
    if whole is not None:
        return whole
    found = _INSIDE.search(words) or _INSIDE.search(re.sub(r"[\t\r\n]", "", words))
    if found is not None:
        return _ticket(re.sub(_MARK, "", "".join(found.groups())))
    letters = re.sub(_MARK, "", words)
    once = letters[: len(letters) // 2]
    return _ticket(once) if once * 2 == letters else None  # pasted once more behind itself


def _ticket(words: str) -> tuple[str, str] | None:
    letters = _plain(words)
    number, secret = letters[:-SECRET_LETTERS], letters[-SECRET_LETTERS:]
    if not re.fullmatch(r"[0-9]{6,12}", number) or any(c not in CROCKFORD for c in secret):
        return None
    return number, secret


def _plain(words: str) -> str:
    letters = _BETWEEN.sub("", words).upper()
    return letters.replace("O", "0").replace("I", "1").replace("L", "1")


def paper_serial(year: str, value: int) -> str:
    """The number of a paper form: `P26-000123-4`, its last digit a check of the others."""
    return f"P{year}-{value:06}-{_check_digit(f'{year}{value:06}')}"


def parse_paper_serial(typed: str) -> str | None:
    """The number of a paper form as it was printed, or None where a digit is wrong or missing."""
    letters = _BETWEEN.sub("", _AROUND.sub("", narrow(typed))).upper().removeprefix("P")
    digits = letters.replace("O", "0").replace("I", "1").replace("L", "1")
    if not re.fullmatch(r"[0-9]{9,12}", digits) or _check_digit(digits[:-1]) != digits[-1]:
        return None
    return f"P{digits[:2]}-{digits[2:-1]}-{digits[-1]}"


def _check_digit(digits: str) -> str:
    """ISO 7064, MOD 11,10: finds every wrong digit and nearly every pair that was swapped."""
    rest = 10
    for digit in digits:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return str((11 - rest) % 10)


def form_key_hash(form_key: str) -> str:
    """What is stored of a form's key; the key itself would give the ticket away."""
    return hashlib.sha256(form_key.encode()).hexdigest()


def hash_secret(secret: str) -> str:
    """A salted Argon2id hash of a password."""
    with _slots:
        return _hasher.hash(secret)


def matches(secret_hash: str, secret: str) -> bool:
    """Whether the secret is the hashed one."""
    try:
        with _slots:
            return _hasher.verify(secret_hash, secret)
    except (VerificationError, InvalidHashError):
        return False


# Of a password that was drawn and forgotten. Checked when the name is unknown, so that a wrong name
# takes as long as a wrong password. Spelled out: to make one at each start takes as long as Flask.
NOBODY_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$r3ATlkLZNPMpSY5WUm5tbw"
    "$LtgFq0g7mxMvAXLnpos7yFXKmakjmk0bOWFzB6snK2A"
)


@dataclass(frozen=True)
class CodeKey:
    """The server's own key, under which it keeps the codes that it drew."""

    key: str = field(repr=False)

    @property
    def name(self) -> str:
        """What tells this key from another, and nothing of it."""
        return hmac.digest(self.key.encode(), b"name", "sha256").hex()[:8]

    def hashed(self, secret: str) -> str:
        """What is stored of a code: `hmac-sha256$<the key's name>$<hex>`."""
        digest = hmac.digest(self.key.encode(), b"code:" + secret.encode(), "sha256")
        return f"{_CODE}${self.name}${digest.hex()}"

    def factor_secret(self, account_id: int, seed: str) -> bytes:
        """The 160 bits of an account's second factor; the database holds the seed alone."""
        told = f"factor:{account_id}:{seed}".encode("utf-8", "replace")
        return hmac.digest(self.key.encode(), told, "sha256")[:20]

    def opens(self, secret_hash: str, secret: str, *, is_hurried: bool = False) -> bool:
        """Whether the code is the hashed one; also where it was hashed as slowly as a password,
        but where there `is_hurried` no time for that.

        None at all is compared as long as a wrong one.
        """
        if secret_hash.startswith("$argon2"):
            return not is_hurried and matches(secret_hash, secret)
        return hmac.compare_digest(secret_hash.encode(), self.hashed(secret).encode())


def key_name(secret_hash: str) -> str:
    """The name of the key under which a code was hashed; "" where it was none."""
    kind, _, rest = secret_hash.partition("$")
    return rest.partition("$")[0] if kind == _CODE else ""
