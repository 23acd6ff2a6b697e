"""In which language a page is drawn: Chinese as it is written, others from `translations/`.

Chinese unless the reader chose another by the link on the page. What the browser prefers is not
asked: many a phone here speaks English to somebody who reads Chinese.
"""

from collections.abc import Callable, Mapping
from gettext import GNUTranslations
from typing import cast
from urllib.parse import quote

from flask import Flask, g, request
from flask_babel import Babel, get_translations
from markupsafe import Markup
from msgspec import Struct

from forms_app.rules.said import Named, Said


class Language(Struct, frozen=True):
    """`name` as its readers call it, `tag` for HTML, `locale` for the catalogue."""

    name: str
    tag: str
    locale: str


SOURCE = "zh"
LANGUAGES: Mapping[str, Language] = {
    SOURCE: Language("中文", "zh-CN", "zh_Hans_CN"),
    "en": Language("English", "en", "en"),
}
COOKIE = "lang"


def speak(app: Flask) -> None:
    """Lets the app's pages speak every language."""
    Babel(
        app,
        default_locale=LANGUAGES[SOURCE].locale,
        default_translation_directories="translations",
        locale_selector=lambda: LANGUAGES[language()].locale,
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.filters["translated"] = translated
    # Flask-Babel's own ask for the catalogue at each text: that took as long as all the rest.
    app.jinja_env.globals.update(_=_marked, gettext=_marked, ngettext=_marked_count)


def _marked(text: str, **values: object) -> Markup:
    """What a template marks, in the reader's language: our own HTML, its values escaped."""
    found = Markup(in_readers_language(text))  # noqa: S704
    return found % values if values else found


def in_readers_language(text: str) -> str:
    """A text as it is written in a template, in the reader's language."""
    return text if language() == SOURCE else _catalogue().gettext(text)


def _marked_count(singular: str, plural: str, num: int, **values: object) -> Markup:
    """The same where something is counted, by the other language's own rule."""
    found = singular if language() == SOURCE else _catalogue().ngettext(singular, plural, num)
    return Markup(found) % {"num": num, **values}  # noqa: S704


def language() -> str:
    """The code of the language that this request's page is drawn in."""
    known = g.get("language")
    if known is None:
        chosen = request.cookies.get(COOKIE, "")
        known = g.language = chosen if chosen in LANGUAGES else SOURCE
    return cast(str, known)


def speak_as_asked(code: str | None) -> None:
    """Draws this request's page in the language that its own address names, if it names one."""
    if code in LANGUAGES:
        g.language = code


def _catalogue() -> GNUTranslations:
    """What is said in the reader's language, found once a request."""
    known = g.get("catalogue")
    if known is None:
        known = g.catalogue = get_translations()
    return cast(GNUTranslations, known)


def depends_on_choice() -> bool:
    """Whether this request's answer was drawn after asking for the reader's language."""
    return "language" in g


def other_language(here: str) -> dict[str, str]:
    """The link from the page at `here` to itself in the other language."""
    code = next(code for code in LANGUAGES if code != language())
    return {
        "href": f"language?to={code}&back={quote(here)}",
        "name": LANGUAGES[code].name,
        "tag": LANGUAGES[code].tag,
    }


def translated(text: str) -> str:
    """A Chinese sentence of ours in the reader's language; any other text as it is."""
    if not text or language() == SOURCE:
        return text
    if isinstance(text, Named):
        return text.english
    if isinstance(text, Said):
        values = {
            name: translated(value) if isinstance(value, Said | Named) else value
            for name, value in text.values.items()
        }
        found = _catalogue().gettext(text.template)
        return found % values if values else found
    return _catalogue().gettext(text)


def spoken(words: Callable[..., object]) -> Callable[..., object]:
    """A filter of words.py whose sentences come in the reader's language."""

    def said_to_reader(*arguments: object, **named: object) -> object:
        result = words(*arguments, **named)
        return translated(result) if isinstance(result, Said) else result

    return said_to_reader


def as_written() -> Markup:
    """The attribute of an element whose text stays in the language it was written in."""
    tag = LANGUAGES[SOURCE].tag
    return Markup("") if language() == SOURCE else Markup(' lang="{}"').format(tag)
