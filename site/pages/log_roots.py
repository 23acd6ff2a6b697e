"""The months' roots of the log, as they were given out: whoever kept one can check by it."""

from collections.abc import Sequence

from forms_app.rules.merkle import Root
from pages import words
from pages.rendering import render


def parts(roots: Sequence[Root]) -> dict[str, str]:
    """The table of roots, newest month first and what was given out first above what came later."""
    rows = [
        (words.month_name(one.month), one.count, _in_eights(one.root))
        for one in sorted(roots, key=lambda one: one.month, reverse=True)
    ]
    return {"log_roots": render("log_roots.html", {"rows": rows})}


def _in_eights(root: str) -> list[str]:
    """The digits as a narrow screen breaks them."""
    return [root[start : start + 8] for start in range(0, len(root), 8)]
