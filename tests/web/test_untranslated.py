"""No text of the app is forgotten: catalogues say all there is to say, and nothing goes past them.

A new file is translated, or stands among what stays Chinese with its reason.
"""

import re
from itertools import chain

import pytest

from scripts import catalogue, texts
from scripts.catalogue import TRANSLATIONS
from scripts.texts import HAN, PYTHON, ROOT, SCRIPTS, STAYS_CHINESE, TEMPLATES, WORDS

LANGUAGES = sorted(folder.name for folder in TRANSLATIONS.iterdir())
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}|<[^>]*>")


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
    for name in WORDS:
        written = catalogue.words_file(name, code).read_bytes()
        assert written == catalogue.as_words(name, catalogue.known(code))


def test_a_residents_page_gets_what_its_scripts_say() -> None:
    # Listed without their ending, they were taken for the staff's: English pages spoke Chinese.
    said = {path.name for path in WORDS["words"]}
    assert {"report.js", "draft.js", "photos.js", "keep.js"} <= said
    assert "board.js" not in said


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_keeps_every_value_and_every_tag(code: str) -> None:
    for message in catalogue.known(code):
        if message.id:
            singular = message.id[0] if message.pluralizable else message.id
            written = message.string if message.pluralizable else (message.string,)
            for text in written:
                assert sorted(PLACE.findall(text)) == sorted(PLACE.findall(singular)), singular


def test_english_has_no_chinese_in_it() -> None:
    found = [m.string for m in catalogue.known("en") if HAN.search("".join(m.string))]
    assert found == ["中文"]  # the link that leads back


def test_a_template_says_nothing_in_chinese_past_the_catalogue() -> None:
    assert [place for path in TEMPLATES for place in texts.unmarked(path)] == []


def test_nothing_but_our_own_words_is_trusted_as_html() -> None:
    assert [place for path in TEMPLATES for place in texts.trusted(path)] == []


def test_a_script_says_nothing_in_chinese_past_the_catalogue() -> None:
    assert [place for path in SCRIPTS for place in texts.unmarked_in_script(path)] == []


def test_no_sentence_is_glued_so_that_it_cannot_be_looked_up() -> None:
    assert [place for path in PYTHON for place in texts.python_texts(path)[1]] == []


def test_whatever_stays_chinese_is_there_and_says_something() -> None:
    for pattern in chain(*STAYS_CHINESE.values()):
        says = [HAN.search(path.read_text(encoding="utf-8")) for path in ROOT.glob(pattern)
                if path.is_file()]  # fmt: skip
        assert any(says), pattern


def test_a_forgotten_text_is_found(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(texts, "ROOT", tmp_path)
    template = tmp_path / "page.html"
    template.write_text(
        '<p>{{ _("说过了") }}</p><p title="{{ "没说" }}">也没说</p>{% trans %}说{% endtrans %}'
    )
    assert [place.rpartition(": ")[2] for place in texts.unmarked(template)] == [
        '"没说"', '">也没说</p>',
    ]  # fmt: skip
    template.write_text("""{{ _("长的话，"\n  "分两行") }}""")
    assert texts.unmarked(template) == []
    assert texts.template_texts(template) == ["长的话，分两行"]
    template.write_text("{{ _(anybody) }}{{ _('说过了') }}")
    assert texts.trusted(template) == ["page.html:1"]
    module = tmp_path / "module.py"
    module.write_text('"""文档"""\nA = "说的"\nB = f"{A}粘的"\nrecord(note=f"{A}存的")\n')
    assert texts.python_texts(module) == (["说的"], ["module.py:3"])
