"""One test for many rows that share what takes long to make: it tells of every wrong one."""

from collections.abc import Callable, Iterable


def each(rows: Iterable[tuple[object, ...]], holds: Callable[..., None]) -> None:
    """Asks `holds` of every row; fails once, with each row of which it did not hold and why."""
    wrong = []
    for row in rows:
        try:
            holds(*row)
        except AssertionError as error:
            wrong.append(f"{row}: {error}")
    assert not wrong, "\n\n".join(wrong)
