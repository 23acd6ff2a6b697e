"""A sentence that remembers how it was put together, so that a page can say it in another language.

Sentences are written in Chinese where the facts are known, and stay Chinese in the database and in
notices. Only a page knows its reader's language: `languages.translated` puts the values into the
other language's template.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast


class Said(str):
    """The Chinese sentence; `template` with `%(name)s`, and the `values` that stand in it."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]


def said(template: str, **values: object) -> Said:
    """The template filled in; a value that is itself `Said` is put into the other language, too.

    What was said already stays as it is.
    """
    if isinstance(template, Said) and not values:
        return template
    sentence = Said(template % values if values else template)
    sentence.template, sentence.values = template, values
    return sentence


class Named(str):
    """What the office calls something; `english` is what it is called in English.

    No catalogue knows the office's names: they come with the name in another language, or stay.
    """

    __slots__ = ("english",)

    english: str


def named(name: str, english: str) -> str:
    """The name, with what it is called in English where that is known."""
    if not english:
        return name
    known = Named(name)
    known.english = english
    return known


def listed(parts: Iterable[str], between: str = "%(before)s、%(one)s") -> str:
    """The parts one after another, each in the other language if it is `Said`; "" for none.

    Half and half: a sentence within a sentence for each of thousands could be said by nobody.
    """
    found = list(parts)
    while len(found) > 1:
        last = found[-1:] * (len(found) % 2)
        pairs = zip(found[::2], found[1::2], strict=False)
        found = [*(said(between, before=before, one=one) for before, one in pairs), *last]
    return found[0] if found else ""


def to_json(sentence: str) -> object:
    """What `from_json` makes the same sentence of, in another process."""
    if not isinstance(sentence, Said):
        return sentence
    values = {
        name: to_json(value) if isinstance(value, str) else value
        for name, value in sentence.values.items()
    }
    return {"template": sentence.template, "values": values}


def from_json(packed: Any) -> str:
    """The sentence that `to_json` had packed; anything else as it is."""
    if not isinstance(packed, dict):
        return cast(str, packed)
    values = {name: from_json(value) for name, value in packed["values"].items()}
    return said(packed["template"], **values)
