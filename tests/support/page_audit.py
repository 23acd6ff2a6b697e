"""What is wrong with a page as HTML, in words; a page without flaws gives an empty list."""

import hashlib
import re
from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                  "source", "track", "wbr"})  # fmt: skip
# What ends an open paragraph without a word from the parser.
BLOCKS = frozenset({"address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset",
                    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
                    "main", "nav", "ol", "p", "pre", "section", "table", "ul"})  # fmt: skip
LOADING = ("src", "srcset", "poster", "data", "background", "action", "formaction")
PHRASES = frozenset({"a", "label", "button", "span", "strong", "em", "summary"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
UNREAD = frozenset({"script", "style", "code", "pre"})
ELSEWHERE = re.compile(r"\s*([a-z]+:)?//|\s*(http|data|javascript):", re.IGNORECASE)
ABSENT = re.compile(r"\bNone\b|\bUndefined\b|\bTrue\b|\bFalse\b|\bnan\b|\{\{|\}\}|\{%|\bnull\b")
# A page that somebody opens; a board that renews itself takes over one without styles.
SHOWN = "/static/site.css"
# The scripts that leave a form as it is where there is no line to send it.
HELD = re.compile(r"/static/(press|report)\.js")
# A day as files keep it, where somebody reads; not in the hint how to type one, nor to the minute
# as administrators and exports say it.
ISO_DAY = re.compile(r"(?<!写成 )(?<![\w-])20\d\d-[01]\d-[0-3]\d\b(?! \d\d:)")


class _Audit(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.flaws: list[str] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.pointed: set[str] = set()
        self.labelled: set[str] = set()
        self.inputs: list[tuple[str, dict[str, str], bool]] = []
        self.headings: list[int] = []
        self.language = ""
        self.words: list[str] = []
        self.names: dict[str, list[str]] = {}
        self.sends: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if len(given) != len(attrs):
            self.flaws.append(f"<{tag}> has an attribute twice")
        self._nesting(tag)
        self._loads(tag, given)
        if tag == "html":
            self.language = given.get("lang", "")
        if tag in HEADINGS:
            self.headings.append(int(tag[1]))
        if "id" in given:
            self.ids.append(given["id"])
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            self.pointed |= set(given.get(name, "").split())
        if tag == "label":
            self.labelled.add(given.get("for", ""))
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            self.inputs.append((tag, given, "label" in self.open))
        if tag == "form" and given.get("method") == "post":
            self.sends.append(given.get("action", ""))
        if tag == "img" and "alt" not in given:
            self.flaws.append("an image without words")
        if tag == "th" and "scope" not in given:
            self.flaws.append("a table's heading without a scope")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            self.flaws.append(f"</{tag}>")
        elif not self.open or self.open[-1] != tag:
            self.flaws.append(f"</{tag}> where {self.open[-1:] or 'nothing'} is open")
            if tag in self.open:
                while self.open.pop() != tag:
                    pass
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if UNREAD.isdisjoint(self.open):
            self.words.append(data)

    def _nesting(self, tag: str) -> None:
        parent = self.open[-1] if self.open else ""
        if "p" in self.open and tag in BLOCKS:
            self.flaws.append(f"<{tag}> inside <p>")
        if tag in ("a", "button", "label", "form") and tag in self.open:
            self.flaws.append(f"<{tag}> inside <{tag}>")
        if parent in PHRASES and tag in BLOCKS and parent not in ("a", "summary"):
            self.flaws.append(f"<{tag}> inside <{parent}>")
        if tag == "li" and parent not in ("ul", "ol", "menu"):
            self.flaws.append(f"<li> inside <{parent}>")
        if parent in ("ul", "ol") and tag != "li":
            self.flaws.append(f"<{tag}> inside <{parent}>")
        if tag in ("dt", "dd") and parent not in ("dl", "div"):
            self.flaws.append(f"<{tag}> inside <{parent}>")

    def _loads(self, tag: str, given: dict[str, str]) -> None:
        addresses = [given[name] for name in LOADING if name in given]
        if tag in ("link", "use", "image") and given.get("rel") not in ("canonical", "alternate"):
            addresses.append(given.get("href", ""))
        self.flaws += [
            f"<{tag}> loads {address}" for address in addresses if ELSEWHERE.match(address)
        ]
        if given.get("href", "").lower().startswith("javascript:"):
            self.flaws.append("a link with a script")
        self.flaws += [f"<{tag} {name}>" for name in given if name == "style" or name[:2] == "on"]
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.flaws.append(f"<{tag}> within the page")


# What differs from one visit to the next, of hex digits and the like.
TOKENS = re.compile(r'(name="(?:csrf_token|form_key)" value=")[\w.-]*"')
_found: dict[bytes, list[str]] = {}


def flaws(html: str, *, inline_script: str = "", shows_cells: bool = False) -> list[str]:
    """Every flaw of the page; `inline_script` is the one that the policy allows by its hash.

    Where it `shows_cells` of a sheet, a day may stand as it does there.
    The same page is looked through once: a thousand are the one that says what one may not see.
    """
    if inline_script:
        html = html.replace(f"<script>{inline_script}</script>", "", 1)
    html = TOKENS.sub(r'\1"', html)
    key = hashlib.sha256(html.encode(errors="surrogatepass")).digest()
    if key not in _found:
        _found[key] = _flaws(html)
    return [one for one in _found[key] if not (shows_cells and ISO_DAY.search(one))]


def _flaws(html: str) -> list[str]:
    audit = _Audit()
    audit.feed(html)
    audit.close()
    found = list(audit.flaws)
    if not html.lstrip().lower().startswith("<!doctype html>"):
        found.append("no doctype")
    if audit.open:
        found.append(f"never closed: {audit.open}")
    if audit.language != "zh-CN":
        found.append(f"lang is {audit.language!r}")
    if audit.headings.count(1) != 1:
        found.append(f"{audit.headings.count(1)} h1")
    if "<title></title>" in html or "<title>" not in html:
        found.append("no title")
    found += [f"id {name} twice" for name in sorted(set(audit.ids)) if audit.ids.count(name) > 1]
    found += [f"points at no {name}" for name in sorted(audit.pointed - set(audit.ids))]
    for tag, given, is_wrapped in audit.inputs:
        named = given.get("id") in audit.labelled or is_wrapped or given.get("aria-label")
        if not named:
            found.append(f"<{tag} name={given.get('name')}> without a label")
    if audit.sends and SHOWN in html and not HELD.search(html):
        found.append(f"a form to {audit.sends[0]} that is lost without a line")
    words = " ".join(audit.words)
    found += [f"says {word}" for word in (*ABSENT.findall(words), *ISO_DAY.findall(words))]
    return found
