"""walks.csv as it lies on the disk: rows taken out and put in, everything else left as it was.

A spreadsheet program's byte-order mark, line ends, column order and quoting stay.
"""

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path

from msgspec import Struct

from forms_app.community import Walk
from forms_app.community.separators import separated
from forms_app.files.durable import replace_files
from forms_app.rules.os_words import why
from forms_app.walking.refusal import WalksRefused

FILE = "walks.csv"
MARK = b"\xef\xbb\xbf"


class Sheet(Struct, frozen=True):
    """walks.csv when it was read. `lines` are its rows as text, with the ends of their lines."""

    path: Path
    before: bytes
    columns: tuple[str, ...]
    separator: str
    heading: str  # the row of their names and whatever stands above it
    lines: tuple[tuple[str, Mapping[str, str]], ...]

    @property
    def line_end(self) -> str:
        """What its lines end with."""
        return "\r\n" if self.heading.endswith("\r\n") else "\n"

    @property
    def network_count(self) -> int:
        """How many rows were computed on a map."""
        return sum(_is_network(cells) for _line, cells in self.lines)

    def with_walks(self, walks: Iterable[Walk], *, drop_network: bool = False) -> bytes:
        """The file's new content, the walks behind what was there."""
        kept = [line for line, cells in self.lines if not (drop_network and _is_network(cells))]
        added = StringIO()
        writer = csv.writer(added, delimiter=self.separator, lineterminator=self.line_end)
        for walk in walks:
            cells = _cells(walk)
            writer.writerow([cells.get(column, "") for column in self.columns])
        text = self.heading + "".join(kept)
        if not text.endswith("\n"):
            text += self.line_end
        mark = MARK if self.before.startswith(MARK) else b""
        return mark + (text + added.getvalue()).encode()


def read_sheet(folder: Path) -> Sheet:
    """walks.csv of data/community, which `records.load` has found to be without errors."""
    path = folder / FILE
    before = path.read_bytes()
    above, separator, text = separated(before.decode("utf-8-sig"))
    separator = separator or ","
    physical = StringIO(text, newline="").readlines()
    reader = csv.reader(iter(physical), delimiter=separator)
    rows: list[tuple[str, list[str]]] = []
    taken = 0
    for cells in reader:
        rows.append(("".join(physical[taken : reader.line_num]), cells))
        taken = reader.line_num
    first = next(number for number, (_text, cells) in enumerate(rows) if any(map(str.strip, cells)))
    columns = tuple(name.strip() for name in rows[first][1])
    return Sheet(
        path,
        before,
        columns,
        separator,
        above + "".join(line for line, _cells_ in rows[: first + 1]),
        tuple(
            (line, dict(zip(columns, (cell.strip() for cell in cells), strict=False)))
            for line, cells in rows[first + 1 :]
        ),
    )


def write(sheet: Sheet, content: bytes, others: Mapping[Path, bytes]) -> None:
    """Puts the new walks.csv, and other files with it, in the place of the old ones.

    Raises WalksRefused, with every old file in its place, where somebody has saved walks.csv in
    the meantime or the folder cannot be written to.
    """
    try:
        if sheet.path.read_bytes() != sheet.before:
            raise WalksRefused(f"{FILE} 刚刚被别人改过，这次没有写入；请再运行一次。")
        # walks.csv comes last: what points to nothing yet is no harm, minutes without streets are.
        replace_files({**others, sheet.path: content})
    except OSError as error:
        name = error.filename or sheet.path
        raise WalksRefused(
            f"写不进 {name}（{why(error)}），请检查文件夹的权限和磁盘空间。"
        ) from None


def _is_network(cells: Mapping[str, str]) -> bool:
    return cells.get("basis") == "network"


def _cells(walk: Walk) -> dict[str, str]:
    return {
        "estate_id": walk.estate_id,
        "entrance": walk.entrance,
        "venue_id": walk.venue_id,
        "minutes": f"{walk.minutes:g}",
        "pace": walk.pace,
        "stairs": str(walk.stairs),
        "basis": walk.basis,
        "measured_on": walk.measured_on.isoformat(),
    }
