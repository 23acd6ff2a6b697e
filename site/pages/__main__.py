"""Writes what the makers make to a folder, so that any generator can build the site from it."""

import os
import sys
from pathlib import Path

from forms_app.community import DataRefused
from forms_app.radius.ledger import LedgerRefused
from pages import make_from
from pages.sources import read

PROJECT = Path(__file__).resolve().parents[2]


def write(out: Path) -> int:
    """Write pages, calendar files and parts (`parts/NAME.html`); the number of files written."""
    sources = read(os.environ, PROJECT)
    site = make_from(sources)
    contents = {
        **{path: text.encode() for path, text in site.pages.items()},
        **{f"parts/{name}.html": html.encode() for name, html in site.parts.items()},
        **site.files,
    }
    for path, content in contents.items():
        file = out / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return len(contents)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("用法：python -m pages 输出文件夹", file=sys.stderr)
        return 2
    try:
        written = write(Path(arguments[0]))
    except (DataRefused, LedgerRefused) as refused:
        print(refused, file=sys.stderr)
        return 1
    print(f"已写出{written}个文件")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
