"""The made pages, by path: read like a dictionary, held in a fraction of their length."""

from pages import Site
from pages.texts import Texts


def test_they_are_read_as_they_were_put_in() -> None:
    texts = Texts((f"{n}.md", f"第{n}页") for n in range(3))
    assert dict(texts) == {"0.md": "第0页", "1.md": "第1页", "2.md": "第2页"}
    assert (len(texts), "1.md" in texts, "3.md" in texts) == (3, True, False)


def test_a_page_is_held_in_a_third_of_its_bytes(site: Site) -> None:
    assert isinstance(site.pages, Texts)
    held = sum(map(len, site.pages._kept.values()))
    assert held * 3 < sum(len(text.encode()) for text in site.pages.values())
