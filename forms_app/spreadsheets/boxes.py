"""What was ticked of the choices that are printed in a cell: ☑满意 □基本满意 □不满意."""

from forms_app.rules import late
from forms_app.spreadsheets.columns import BOXES, TICKS

_BOX = f"[{''.join(BOXES)}]"
_TICK = f"[{''.join(TICKS)}]"
_CHOICE = late.compile(rf"({_BOX}|{_TICK})\s*([^\s、,，;；/{''.join(BOXES | TICKS)}]+)")


def ticked(cell: str) -> str:
    """The choices that have a tick before them, of a cell with empty boxes; any other cell as it
    is."""
    if BOXES.isdisjoint(cell):
        return cell
    return " ".join(words for mark, words in _CHOICE.findall(cell) if mark in TICKS)
