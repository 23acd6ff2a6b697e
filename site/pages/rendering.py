"""Draws the makers' Jinja templates and gives every page its front matter and relative links.

It knows no generator: what it returns is HTML that any of them can take, with `ROOT` standing
for the way back to the site's root until the page that carries it is known.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from forms_app.radius.coverage import percent
from forms_app.rules.dates import full_date
from pages import english_words, times, words

# What a page loads that tells minutes from somebody's own estate.
NEAR_SCRIPTS = ("device.js", "estate.js", "near.js")

# The same part may stand on pages of different depth, and the site may live under a path prefix.
ROOT = "%root%/"

_FOLDER = Path(__file__).resolve().parents[1]
_TEMPLATES = Environment(
    # Icons and drawings are the frame's, too.
    loader=FileSystemLoader([_FOLDER / "pages" / "templates", _FOLDER / "overrides"]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=False,
)


def link(path: str) -> Markup:
    """The address of a path below the site's root, such as `services/elder-meals/`."""
    return Markup(ROOT) + path  # noqa: S704 (a constant; `path` is escaped)


def rating_link(kind: str, identifier: str) -> Markup:
    """Where a service, activity or venue is rated."""
    return link(f"ratings/new?about={kind}:{identifier}")


# In single quotes in an attribute, as it is read.
_TEMPLATES.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
_TEMPLATES.globals.update(link=link, rating_link=rating_link)
_TEMPLATES.filters.update(
    day=words.day,
    day_with_year=words.day_with_year,
    full_date=full_date,
    minutes_down=words.minutes_down,
    minutes_up=words.minutes_up,
    whole_minutes=words.whole_minutes,
    month=words.month,
    week=words.week,
    weekday=words.weekday,
    seven_days=words.seven_days,
    clock=words.clock,
    begins=times.begins,
    lasts=times.lasts,
    change=times.change,
    was=times.was,
    share=words.share,
    percent=percent,
    count=words.count,
    number=words.number,
    phone_link=words.phone_link,
    phone_digits=words.phone_digits,
    paragraphs=words.paragraphs,
    en_day=english_words.day,
    en_date=english_words.full_date,
    en_lasts=english_words.lasts,
    en_change=english_words.change,
)


def render(template: str, values: Mapping[str, object]) -> Markup:
    """A template's HTML without blank lines, which would end an HTML block in Markdown."""
    text = _TEMPLATES.get_template(template).render(values)
    lines = (line for line in text.split("\n") if line.strip())
    return Markup("\n".join(lines))  # noqa: S704 (the template escaped what it was given)


def file_of(address: str) -> str:
    """The file of the text of a page with this address: `done/x.md` of `done/x/`."""
    return f"{address.removesuffix('/')}.md"


def page(
    title: str,
    description: str,
    body: str,
    parents: Sequence[tuple[str, str]] = (),
    wide: bool = False,
    scripts: Sequence[str] = (),
    styles: Sequence[str] = (),
    lang: str = "",
) -> str:
    """A page's text: front matter, then HTML. `parents` are (path, title) from the top down.

    `scripts` and `styles` are names of files in static/ that this page loads; `lang` is what its
    frame speaks where that is not Chinese.
    """
    front: dict[str, object] = {
        "title": title,
        "description": " ".join(description.split()),
        "parents": [{"path": path, "title": name} for path, name in parents],
    }
    if lang:
        front["lang"] = lang
    if wide:
        front["wide"] = True
    if scripts:
        front["scripts"] = list(scripts)
    if styles:
        front["styles"] = list(styles)
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items()]
    return "\n".join(("---", *lines, "---", "", body, ""))


def resolve(text: str, path: str) -> str:
    """The text with its links made relative to the page at `path`, such as `services/x.md`."""
    parts = PurePosixPath(path).with_suffix("").parts
    depth = len(parts) - (parts[-1] == "index")
    return text.replace(ROOT, "../" * depth or "./")
