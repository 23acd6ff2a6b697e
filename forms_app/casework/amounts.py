"""Amounts that a page brings: a bound in one place, whatever they are for."""

from forms_app.casework.errors import NotPossible
from forms_app.rules.projects import MOST_FEN


def check_amount(field: str, fen: int) -> None:
    """Raises NotPossible for less than nothing, and for more than anybody has."""
    if not 0 <= fen <= MOST_FEN:
        raise NotPossible(field, "钱数请写成 1234.50 这样，不能是负数。")
