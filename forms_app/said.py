"""A sentence that remembers how it was put together, so that a page can say it in another language.

Sentences are written in Chinese where the facts are known, and stay Chinese in the database and in
notices. Only a page knows its reader's language: `languages.translated` puts the values into the
other language's template.
"""

from collections.abc import Iterable, Mapping


class Said(str):
    """The Chinese sentence; `template` with `%(name)s`, and the `values` that stand in it."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]


def said(template: str, **values: object) -> Said:
    """The template filled in; a value that is itself `Said` is put into the other language, too."""
    sentence = Said(template % values if values else template)
    sentence.template, sentence.values = template, values
    return sentence


def listed(parts: Iterable[str], between: str = "%(before)s、%(one)s") -> str:
    """The parts one after another, each in the other language if it is `Said`; "" for none."""
    whole = ""
    for one in parts:
        whole = said(between, before=whole, one=one) if whole else one
    return whole
