"""Every page's words, for the search, beside the site where no address leads."""

import json
from pathlib import Path

from forms_app.formats.page_text import read_page

# Questions with their answers: each is found by itself. Activities: each has its time.
OF_SECTIONS = "handbook/questions/"
IN_TIME = "calendar/"


def write_search(fresh: Path) -> int:
    """Writes every page's words beside the site, where no address leads; returns their number."""
    site = fresh / "site"
    pages = []
    for file in sorted(site.rglob("*.html")):
        path = file.relative_to(site).as_posix()
        if path == "404.html" or _is_sheet(path):
            continue
        words = read_page(file.read_text(encoding="utf-8"))
        row: dict[str, object] = {
            "url": path.removesuffix("index.html"), "title": words.title, "text": words.text,
        }  # fmt: skip
        if words.sections and path.startswith(OF_SECTIONS):
            row["sections"] = [section._asdict() for section in words.sections]
        if words.moment and path.startswith(IN_TIME):
            row["moment"] = words.moment
        pages.append(row)
    content = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    (fresh / "search.json").write_text(content, encoding="utf-8")
    return len(pages)


def known_pages(release: Path) -> int | None:
    """How many pages a release's words tell of; None where its file is not whole."""
    try:
        return len(json.loads((release / "search.json").read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _is_sheet(path: str) -> bool:
    """Whether it is a poster or card: its words stand on the page it was made from."""
    return path.startswith("print/") and path not in ("print/index.html", "print/duties/index.html")
