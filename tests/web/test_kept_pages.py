"""The report's form is drawn once: the same for everybody but for the keys of each."""

import gzip
import os

import pytest

from forms_app.web.kept_pages import FieldMissing, KeptPages
from tests.support.web import House, form_on, without_tokens

GZIP = {"Accept-Encoding": "gzip"}


def test_everybody_gets_the_same_page_with_keys_of_their_own(house: House) -> None:
    pages = [house.visitor().get("/issues/new") for _ in range(3)]
    assert len({without_tokens(page.text) for page in pages}) == 1
    for name in ("csrf_token", "form_key"):
        assert len({form_on(page, "/issues/new").value(name) for page in pages}) == 3


def test_a_kept_page_is_the_same_compressed(house: House) -> None:
    visitor = house.visitor()
    plain = visitor.get("/issues/new")
    zipped = visitor.get("/issues/new", headers=GZIP)
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert without_tokens(gzip.decompress(zipped.data).decode()) == without_tokens(plain.text)
    assert len(zipped.data) < len(plain.data) / 2


def test_each_reader_gets_it_in_their_own_version(house: House) -> None:
    visitor = house.visitor()
    chinese = visitor.get("/issues/new").text
    visitor.get("/language?to=en&back=")
    english = visitor.get("/issues/new").text
    visitor.get("/elder?on=1&back=")
    elder = visitor.get("/issues/new").text
    assert ('lang="zh-CN"' in chinese, 'lang="en"' in english) == (True, True)
    assert ('class="elder"' in elder, 'class="elder"' in english) == (True, False)
    assert without_tokens(house.visitor().get("/issues/new").text) == without_tokens(chinese)


def test_what_a_link_carries_is_on_its_own_page_alone(house: House) -> None:
    for _ in range(2):  # whoever of the two came first
        carried = house.visitor().get("/issues/new?description=路灯坏了").text
        plain = house.visitor().get("/issues/new").text
        assert ("路灯坏了" in carried, "路灯坏了" in plain) == (True, False)


def test_what_the_office_changes_is_on_the_next_page(house: House) -> None:
    before = house.visitor().get("/issues/new").text
    file = house.settings.community_dir / "circle.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("0797-0000-101", "0797-0000-199"), encoding="utf-8")
    os.utime(file, (1, 1))
    house.app.extensions["circle"]._look_at = 0
    after = house.visitor().get("/issues/new").text
    assert ("0797-0000-199" in before, "0797-0000-199" in after) == (False, True)
    assert "0797-0000-101" not in after


def test_a_page_that_lacks_a_field_is_not_kept(house: House) -> None:
    pages = KeptPages()
    with house.app.test_request_context("/"), pytest.raises(FieldMissing):
        pages.page(house.circle, "key", ["token"], lambda: "<p>no such field</p>")
