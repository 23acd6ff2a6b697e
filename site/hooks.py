"""Hands what the makers made to MkDocs. The only file of the site that knows MkDocs."""

import json
import os
import re
import resource
import sys
from collections.abc import Iterator
from functools import cache, partial
from gettext import GNUTranslations
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, get_toc
from msgspec.structs import asdict

PROJECT = Path(__file__).resolve().parents[1]
# `mkdocs` started as a program of its own does not look for forms_app here.
sys.path.append(str(PROJECT))

from pages import Site, make_from, own_pages  # noqa: E402
from pages.folding import folded  # noqa: E402
from pages.own_pages import Drawn, Links  # noqa: E402
from pages.rendering import resolve  # noqa: E402
from pages.sources import read  # noqa: E402

from forms_app.community import Circle, DataRefused  # noqa: E402
from forms_app.community.shapes import IN_HANDBOOK  # noqa: E402
from forms_app.formats.office_text import PageFlaw  # noqa: E402
from forms_app.formats.phones import whole_phones  # noqa: E402
from forms_app.formats.phrases import in_phrases, phrases  # noqa: E402
from forms_app.formats.static_files import mark  # noqa: E402
from forms_app.radius.ledger import LedgerRefused  # noqa: E402

STATIC = PROJECT / "forms_app" / "static"
MARKER = re.compile(r"<!--\s*pages/(\S+?)\s*-->")
# A link of the page's own words to another page; parts and made pages are lists of links.
LINK_IN_WORDS = re.compile(r'<a href="(?![a-z]+:|#)([^"#]*+)([^"]*+)">')
# What is printed as a whole or read by whoever builds, and the home of elders' own.
WHOLE = ("index.md", "print/week/", "about/design-system")
END = "\n---\n"  # of a page's head
ELEMENT_ID = re.compile(r'\sid="([^"]+)"')


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Make the site from the community's data, and tell the theme what it shows on every page."""
    _bound()
    try:
        sources = read(os.environ, PROJECT)
        # Streets are read as they are drawn: both may find the data wanting.
        site = make_from(sources)
    except DataRefused as refused:
        raise PluginError(str(refused)) from refused
    except LedgerRefused as refused:
        raise PluginError(f"coverage.csv {refused}") from refused
    circle = sources.circle
    config.extra["site"] = site
    config.extra["circle"] = circle
    config.extra["public_url"] = sources.public_url
    config.extra["menu_pages"] = circle.menu_pages
    config.extra["circle_name"] = circle.name
    config.extra["masthead"] = circle.masthead
    config.extra["sample"] = circle.sample
    config.extra["hotlines"] = circle.hotlines
    config.extra["asset_versions"] = _asset_versions()
    _add_chapters(config, circle)
    if sources.public_url:
        config.site_url = f"{sources.public_url}/"
    else:
        # A map of the site is made of whole addresses.
        config.theme.static_templates.discard("sitemap.xml")
    return config


def _bound() -> None:
    """Whoever looks at a draft has its site made within bounds: SITE_BOUNDS is bytes of memory and
    seconds of the processor's time."""
    if os.environ.get("SITE_BOUNDS"):
        memory, seconds = map(int, os.environ["SITE_BOUNDS"].split())
        if sys.platform == "linux":  # elsewhere the address space knows no limit
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _add_chapters(config: MkDocsConfig, circle: Circle) -> None:
    """What the office has put behind the handbook, in the navigation."""
    own = [one.source for one in circle.own_pages if one.place == IN_HANDBOOK]
    for item in config.nav or []:
        for chapters in item.values() if isinstance(item, dict) else ():
            if isinstance(chapters, list) and "handbook/index.md" in chapters:
                chapters.extend(own)


def _asset_versions() -> dict[str, str]:
    # As the forms write them: a browser that comes from the site to a form has the style already.
    return {
        file.relative_to(STATIC).as_posix(): mark(file.read_bytes()) for file in _static_files()
    }


def _static_files() -> list[Path]:
    return [file for file in STATIC.rglob("*") if file.is_file()]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what was made and the shared static files; leave out what the theme would add."""
    site: Site = config.extra["site"]
    for file in list(files):
        if file.src_uri.startswith("assets/") or file.src_uri == "sitemap.xml":
            files.remove(file)
    # Of a page what stands at its head: the rest is drawn as it is written (on_page_context).
    heads = ((path, text.partition(END)[0] + END) for path, text in site.pages.items())
    made: Iterator[tuple[str, str | bytes]] = chain(heads, site.files.items())
    for path, content in made:
        # Not in the navigation: drawn in full on every page, it would grow quadratically.
        files.append(
            File.generated(config, path, content=content, inclusion=InclusionLevel.NOT_IN_NAV)
        )
    for file_path in _static_files():
        path = f"static/{file_path.relative_to(STATIC).as_posix()}"
        files.append(File.generated(config, path, abs_src_path=str(file_path)))
    _lay_office_pages(files, config)
    return files


def _lay_office_pages(files: Files, config: MkDocsConfig) -> None:
    """Puts the office's pages beside the product's and its chapters over them, and tells, where
    SITE_TOLD names a file for it, what of them does not stand there as it was written."""
    site: Site = config.extra["site"]
    circle: Circle = config.extra["circle"]
    shipped = {file.src_uri for file in files}
    office = {
        one.source: one
        for one in circle.pages.values()
        # A chapter that the product brings no more is not one; an own page never hides a page.
        if (one.source in shipped) != one.is_own
    }
    made = {file.src_uri: file.url for file in files if file.is_documentation_page()}
    made |= {source: one.address for source, one in office.items()}
    addresses = {*made.values(), *(file.url for file in files)}
    links = Links(made, addresses, config.extra["public_url"])
    drawn = {source: own_pages.draw(one, links, site.parts) for source, one in office.items()}
    config.extra["office_pages"] = drawn
    for source, one in drawn.items():
        old = files.get_file_from_path(source)
        if old is not None:
            files.remove(old)
        is_shown = old is not None or office[source].place == IN_HANDBOOK
        inclusion = InclusionLevel.INCLUDED if is_shown else InclusionLevel.NOT_IN_NAV
        files.append(File.generated(config, source, content=one.front, inclusion=inclusion))
    told = {f"pages/{source}": one.told for source, one in drawn.items() if one.told}
    for page in circle.pages.values():
        if page.source not in drawn:
            problem = "系统自己有这个网址的页面" if page.is_own else "手册里已经没有这一章"
            told[page.file] = (PageFlaw(0, f"{problem}，这一页没有上网", "换个名字，或者去掉"),)
    if os.environ.get("SITE_TOLD"):
        rows = [{"file": file, **asdict(one)} for file, every in told.items() for one in every]
        Path(os.environ["SITE_TOLD"]).write_text(json.dumps(rows, ensure_ascii=False))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Keep what was made away from Markdown, which would read the data's own characters."""
    site: Site = config.extra["site"]
    is_made = page.file.src_uri in site.pages or page.file.src_uri in config.extra["office_pages"]
    return "" if is_made else markdown


def on_page_content(html: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """The page with its made parts in it. Raises PluginError for a marker that nothing makes.

    One that is made as a whole is drawn when it is written: all pages are read before the first.
    """
    site: Site = config.extra["site"]
    path = page.file.src_uri
    return "" if path in site.pages else _drawn(html, page, config)


def on_page_context(context: Context, page: Page, config: MkDocsConfig, **_: object) -> Context:
    """The content of a page that is made as a whole."""
    site: Site = config.extra["site"]
    path = page.file.src_uri
    if path in site.pages:
        page.content = _drawn(site.pages[path].partition(END)[2].strip(), page, config)
    return context


def on_post_page(output: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Lets go of what was drawn as the page was written."""
    site: Site = config.extra["site"]
    if page.file.src_uri in site.pages:
        page.content = ""
    return output


def _drawn(html: str, page: Page, config: MkDocsConfig) -> str:
    site: Site = config.extra["site"]
    path = page.file.src_uri
    office: Drawn | None = config.extra["office_pages"].get(path)
    if office is not None:
        html = office.html
        page.toc = get_toc(_nested(office))
    if path not in site.pages:
        if page.canonical_url and not page.is_homepage:
            html = LINK_IN_WORDS.sub(partial(_for_paper, page.canonical_url), html)
        html = MARKER.sub(lambda marker: _part(site, marker[1], path), html)
    if path == "handbook/index.md":
        html += own_pages.chapters(config.extra["circle"])
    if not path.startswith(WHOLE):
        html = folded(html, "Open: ") if page.meta.get("lang") == "en" else folded(html)
    # Links to headings inside made parts are checked like any other.
    page.present_anchor_ids = (page.present_anchor_ids or set()) | set(ELEMENT_ID.findall(html))
    for item in page.toc:
        _trust(item)
    html = whole_phones(in_phrases(html))
    return Markup(html)  # noqa: S704 (Markdown's output and the makers', which escape the data)


def _nested(office: Drawn) -> list[Any]:
    """The headings of the second level, which are what a page's contents show."""
    return [
        {"level": one.level, "id": one.id, "name": escape(one.text), "children": []}
        for one in office.headings
        if one.level == 2
    ]


def _for_paper(here: str, link: re.Match[str]) -> str:
    """The link with the address that is printed after it, without https://."""
    address = urljoin(here, link[1]).partition("://")[2]
    return f'<a href="{link[1]}{link[2]}" data-address="{address}">'


def _part(site: Site, name: str, path: str) -> str:
    if name not in site.parts:
        known = "、".join(sorted(site.parts))
        raise PluginError(f"{path}：没有叫 {name} 的内容；可用的有 {known}")
    return resolve(site.parts[name], path)


def _trust(item: AnchorLink) -> None:
    item.title = Markup(item.title)  # noqa: S704 (HTML already, as Markdown made it)
    for child in item.children:
        _trust(child)


@pass_context
def _gettext(context: Context, text: str) -> str:
    """A text of the frame in the language of the page that it is drawn around."""
    page: Page | None = context.get("page")
    language = page.meta.get("lang") if page else None
    return text if language is None else _catalogue(str(language)).gettext(text)


@cache
def _catalogue(language: str) -> GNUTranslations:
    path = PROJECT / "forms_app" / "translations" / language / "LC_MESSAGES" / "messages.mo"
    with path.open("rb") as file:
        return GNUTranslations(file)


def on_env(env: Environment, **_: object) -> Environment:
    """Titles and descriptions come from the community's data: the theme must escape them.

    The frame speaks the page's language (`lang` in its front matter), Chinese as a rule.
    """
    env.autoescape = True
    env.add_extension("jinja2.ext.i18n")
    env.extend(newstyle_gettext=True)
    env.filters["phrases"] = phrases
    env.globals.update(_=_gettext, gettext=_gettext)
    return env
