"""What programs of others ask: what can be reported, a report, how one stands. GeoReport v2.

Whoever asks is known by a ticket or by nothing: here no cookie is read and none is set, and no
other site's page may read an answer or send a report in its visitor's name.
"""

from collections.abc import Callable, MutableMapping
from typing import Any

from flask import Blueprint

PREFIX = "/open311/v2"
ENDINGS = ("json", "xml")

bp = Blueprint("open311", __name__, url_prefix=PREFIX)


def is_of_programs(path: str) -> bool:
    """Whether what is asked at this address is answered to programs, also what is wrong with it."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def address(path: str, method: str = "GET") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Has a view answer at this address, which ends in how it is to be written."""
    return bp.route(
        f"{path}.<any({','.join(ENDINGS)}):ending>",
        methods=[method],
        provide_automatic_options=False,
    )


@bp.url_value_preprocessor
def leave_out_ending(_endpoint: str | None, values: MutableMapping[str, Any] | None) -> None:
    """Views tell records; how these are written, `writing` reads from the address."""
    if values is not None:
        values.pop("ending", None)
