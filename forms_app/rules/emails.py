"""What an e-mail address looks like, whoever leaves or sets one."""

import re

# Whether it exists, only a letter can tell; this catches what is no address at all, and none that
# no letter could be written to: dots stand between others (RFC 5322, 3.2.3).
_EMAIL = re.compile(r"[A-Za-z0-9_%+-]+(\.[A-Za-z0-9_%+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def is_email(text: str) -> bool:
    """Whether the text is one address and nothing else."""
    return _EMAIL.fullmatch(text) is not None
