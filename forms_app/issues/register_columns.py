"""Which columns somebody wants the register's list to have: read from an address and back again.

The issue itself always stands there. No database and no web.
"""

from collections.abc import Iterable
from urllib.parse import urlencode

COLUMNS: dict[str, str] = {
    "clock": "时限",
    "grade": "类级",
    "place": "地点",
    "step": "步骤",
    "lead": "主办",
    "channel": "来源渠道",
    "received": "收集时间",
    "category": "类别",
    "extensions": "延期次数",
}
USUAL = ("clock", "grade", "place", "step")
NAME = "show"  # in the address, once for each


def read_columns(given: Iterable[str]) -> tuple[str, ...]:
    """The columns of an address in the list's own order; the usual ones where it names none."""
    wanted = set(given)
    return tuple(name for name in COLUMNS if name in wanted) or USUAL


def columns_address(columns: tuple[str, ...]) -> str:
    """The part of the register's address that asks for these columns; "" for the usual ones."""
    return "" if columns == USUAL else urlencode([(NAME, name) for name in columns])


def whole_address(conditions: str, columns: tuple[str, ...]) -> str:
    """The query of an address with conditions (Filters.address) and columns."""
    return "&".join(part for part in (conditions, columns_address(columns)) if part)
