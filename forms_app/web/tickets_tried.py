"""A ticket that somebody shows, in a form or in a header: whether it opens its issue, and what is
said where it does not. What was wrong counts as a guess.
"""

from datetime import datetime
from typing import Protocol

from forms_app.limits import TICKETS
from forms_app.rules.keys import CodeKey
from forms_app.web.request import code_key, this_moment
from forms_app.web.slowly import let_through, too_often, was_right

NOT_FOUND = "没有找到这个查询码，请对照纸条或截图再看一遍；补发过的，要用新的"
# Said of its form alone: it tells nobody whether there is such an issue.
NOT_WHOLE = (
    "查询码是四组：先是数字，再三组、每组四个。这一串不是，请对照着再写一遍；"
    "只有前面那串数字的，打社区值班电话，报它就能问"
)


class Opens(Protocol):
    """`casework.open_ticket`, or what opens it in a browser as well."""

    def __call__(
        self, code_key: CodeKey, number: str, secret: str, /, *, now: datetime, is_hurried: bool
    ) -> bool: ...


def why_shut(parsed: tuple[str, str] | None, opens: Opens) -> str:
    """ "" where the ticket (keys.parse_ticket) opens its issue, else the sentence to be read."""
    # Whoever has a ticket gets in, however much strangers of the same address have guessed.
    wait = too_often(TICKETS)
    if parsed is not None and opens(code_key(), *parsed, now=this_moment(), is_hurried=bool(wait)):
        if not wait:
            was_right(TICKETS)
        let_through()
        return ""
    return wait or (NOT_FOUND if parsed is not None else NOT_WHOLE)
