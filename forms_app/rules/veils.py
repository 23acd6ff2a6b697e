"""What is shown of a resident where only a likeness is to be confirmed: never all of it.

PURE.
"""

from forms_app.rules.folding import fold

HIDDEN = "**"
SHOWN_DIGITS = 2


def veiled_name(name: str) -> str:
    """Its first letter, of most names the surname, and two stars for any rest: 张阿姨 → 张**."""
    text = name.strip()
    return f"{text[0]}{HIDDEN}" if text else ""


def veiled_phone(phone: str) -> str:
    """The last two digits; "" where there are not more than twice as many to hide."""
    digits = [letter for letter in fold(phone) if letter.isdecimal()]
    return "".join(digits[-SHOWN_DIGITS:]) if len(digits) > 2 * SHOWN_DIGITS else ""
