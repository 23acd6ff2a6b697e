"""No text of the app is forgotten: catalogues say all there is to say, and nothing goes past them.

What is left in Chinese on purpose stands in CHINESE with its reason; a new file has to choose.
"""

import re
from fnmatch import fnmatch

import pytest

from scripts import catalogue
from scripts.catalogue import HAN, PYTHON, ROOT, SCRIPTS, TEMPLATES, TRANSLATIONS, files

LANGUAGES = sorted(folder.name for folder in TRANSLATIONS.iterdir())
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}|<[^>]*>")

TOLD_IN_CHINESE = "stored or sent as it is written, for readers whose language nobody knows"
OFFICE = "the office's own data, sheets and forms, in the official wording and layout"
OPERATOR = "said to the administrator on the server, whose handbook is in Chinese, too"

CHINESE = {
    "forms_app/notices/*": TOLD_IN_CHINESE,
    "forms_app/casework/imports.py": TOLD_IN_CHINESE,
    "forms_app/casework/retention.py": TOLD_IN_CHINESE,
    "forms_app/rules/elsewhere.py": TOLD_IN_CHINESE,
    "forms_app/queries/references.py": OPERATOR,
    "forms_app/queries/register_rows.py": OFFICE,
    "forms_app/spreadsheets/uploads.py": OFFICE,
    "forms_app/commands/tick.py": TOLD_IN_CHINESE,
    "forms_app/commands/nightly.py": TOLD_IN_CHINESE,
    "forms_app/radius/*": OFFICE,
    "forms_app/community/subdistrict_hints.py": TOLD_IN_CHINESE,
    "forms_app/demo.py": "the sample circle's story",
    "forms_app/community/*": OFFICE,
    "forms_app/spreadsheets/*": OFFICE,
    "forms_app/web/staff/receipts.py": OFFICE,
    "forms_app/spreadsheets/register_sheet.py": OFFICE,
    "forms_app/spreadsheets/month_csv.py": OFFICE,
    "forms_app/spreadsheets/register_export.py": OFFICE,
    "forms_app/issues/suggestions.py": OFFICE,
    "forms_app/issues/search_terms.py": OFFICE,
    "forms_app/walking/*": OPERATOR,
    "forms_app/commands/arguments.py": OPERATOR,
    "forms_app/commands/cli.py": OPERATOR,
    "forms_app/commands/*": OPERATOR,
    "forms_app/store/database.py": OPERATOR,
    "forms_app/notices/delivery.py": OPERATOR,
    "forms_app/publishing/*": OPERATOR,
    "forms_app/serve.py": OPERATOR,
    "forms_app/files/running_lock.py": OPERATOR,
    "forms_app/settings.py": OPERATOR,
    "forms_app/commands/upkeep.py": OPERATOR,
    "forms_app/web/languages.py": "a language is called by its own name",
    "forms_app/static/aloud.js": "reads Chinese aloud, and is left out of pages in English",
    "forms_app/static/near.js": "of the site's pages, which are in Chinese",
    "forms_app/static/*words.*.js": "made from the catalogue",
    "site/overrides/404.html": "a page of the site, which is in Chinese",
}


@pytest.mark.parametrize("code", LANGUAGES)
def test_everything_is_said_in_every_language(code: str) -> None:
    assert catalogue.untranslated(catalogue.brought_up_to_date(code)) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_catalogue_holds_nothing_that_is_said_no_more(code: str) -> None:
    now = {message.id for message in catalogue.brought_up_to_date(code)}
    assert [message.id for message in catalogue.known(code) if message.id not in now] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_the_app_reads_is_what_the_catalogue_says(code: str) -> None:
    path = catalogue.po_file(code)
    assert path.read_bytes() == catalogue.as_po(catalogue.known(code))
    assert path.with_suffix(".mo").read_bytes() == catalogue.as_mo(catalogue.known(code))
    for name in catalogue.WORDS:
        written = catalogue.words_file(name, code).read_bytes()
        assert written == catalogue.as_words(name, catalogue.known(code))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_keeps_every_value_and_every_tag(code: str) -> None:
    for message in catalogue.known(code):
        if message.id:
            singular = message.id[0] if message.pluralizable else message.id
            texts = message.string if message.pluralizable else (message.string,)
            for text in texts:
                assert sorted(PLACE.findall(text)) == sorted(PLACE.findall(singular)), singular


def test_english_has_no_chinese_in_it() -> None:
    found = [m.string for m in catalogue.known("en") if HAN.search("".join(m.string))]
    assert found == ["中文"]  # the link that leads back


@pytest.mark.parametrize("path", files(TEMPLATES), ids=lambda path: path.name)
def test_a_template_says_nothing_in_chinese_past_the_catalogue(path) -> None:  # type: ignore[no-untyped-def]
    assert catalogue.unmarked(path) == []


@pytest.mark.parametrize("path", files(TEMPLATES), ids=lambda path: path.name)
def test_nothing_but_our_own_words_is_trusted_as_html(path) -> None:  # type: ignore[no-untyped-def]
    assert catalogue.trusted(path) == []


@pytest.mark.parametrize("path", files(SCRIPTS), ids=lambda path: path.name)
def test_a_script_says_nothing_in_chinese_past_the_catalogue(path) -> None:  # type: ignore[no-untyped-def]
    assert catalogue.unmarked_in_script(path) == []


@pytest.mark.parametrize("path", files(PYTHON), ids=lambda path: path.stem)
def test_no_sentence_is_glued_so_that_it_cannot_be_looked_up(path) -> None:  # type: ignore[no-untyped-def]
    assert catalogue.python_texts(path)[1] == []


def test_every_file_that_says_something_is_translated_or_has_its_reason() -> None:
    known = {*files(PYTHON), *files(TEMPLATES), *files(SCRIPTS)}
    for path in [*(ROOT / "forms_app").rglob("*.py"), *(ROOT / "forms_app").rglob("*.html"),
                 *(ROOT / "forms_app" / "static").rglob("*.js"),
                 *(ROOT / "site" / "overrides").rglob("*.html")]:  # fmt: skip
        name = path.relative_to(ROOT).as_posix()
        if path in known or any(fnmatch(name, pattern) for pattern in CHINESE):
            continue
        if path.suffix == ".py":
            texts, glued = catalogue.python_texts(path)
            says = texts + glued
        elif path.suffix == ".js":
            says = catalogue.unmarked_in_script(path)
        else:
            says = catalogue.unmarked(path)
        assert says == [], f"{name}: translate it, or say in CHINESE why not"


def test_a_forgotten_text_is_found(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    template = tmp_path / "page.html"
    template.write_text(
        '<p>{{ _("说过了") }}</p><p title="{{ "没说" }}">也没说</p>{% trans %}说{% endtrans %}'
    )
    assert [place.rpartition(": ")[2] for place in catalogue.unmarked(template)] == [
        '"没说"', '">也没说</p>',
    ]  # fmt: skip
    template.write_text("{{ _(anybody) }}{{ _('说过了') }}")
    assert catalogue.trusted(template) == ["page.html:1"]
    module = tmp_path / "module.py"
    module.write_text('"""文档"""\nA = "说的"\nB = f"{A}粘的"\nrecord(note=f"{A}存的")\n')
    assert catalogue.python_texts(module) == (["说的"], ["module.py:3"])
