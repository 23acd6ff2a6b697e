"""The figures of pages, one line each: JSON for programs, or columns for the eye (`--table`).

It knows neither pages nor what was measured on them.
"""

import json
from collections.abc import Mapping

NAME = 34  # letters; the longest name has 33
Figure = str | int | float | None


class Lines:
    """Writes every line as soon as it is known; the first one heads the columns."""

    def __init__(self, *, as_table: bool) -> None:
        self.as_table = as_table
        self.headings: list[str] = []

    def say(self, name: str, figures: Mapping[str, Figure | dict[str, int]]) -> None:
        """One line; figures within a figure are columns of their own."""
        if not self.as_table:
            print(json.dumps({"name": name, **figures}, ensure_ascii=False), flush=True)
            return
        flat: dict[str, Figure] = {}
        for heading, figure in figures.items():
            if isinstance(figure, dict):
                flat |= {f"{heading}: {part}": each for part, each in figure.items()}
            else:
                flat[heading] = figure
        if list(flat) != self.headings:
            self.headings = list(flat)
            print("\n" + "  ".join(["name".ljust(NAME), *self.headings]))
        cells = (self._cell(heading, figure) for heading, figure in flat.items())
        print("  ".join([name.ljust(NAME), *cells]), flush=True)

    @staticmethod
    def _cell(heading: str, figure: Figure) -> str:
        words = "–" if figure is None else str(figure)
        return words.ljust(len(heading)) if isinstance(figure, str) else words.rjust(len(heading))
