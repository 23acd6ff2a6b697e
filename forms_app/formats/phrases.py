"""A heading in phrases: a browser breaks it between them, and within one only where that is longer
than the line. What ends a phrase stands in it, so that no line begins with a comma.

`word-break: keep-all` would do the first by itself, but what is longer than a line it breaks
anywhere.
"""

import re

from markupsafe import Markup

_PHRASE = re.compile(r"[（“「《]?[^，。；：、！？（“「《]+[，。；：、！？”」』）》]*|.", re.DOTALL)
_SPAN = '<span class="phrase">%s</span>'
_HEADING = re.compile(r"(<h1\b[^>]*>)(.*?)(?=</h1>)", re.DOTALL)
_WORDS = re.compile(r"(?<=>)[^<>]+(?=<|$)")


def phrases(text: str) -> Markup:
    """A text, or HTML without elements, with each of its phrases in a span."""
    return Markup(_spans(str(Markup.escape(text))))  # noqa: S704 (it was escaped)


def in_phrases(html: str) -> str:
    """A page with its first-level headings so."""
    return _HEADING.sub(
        lambda found: found[1] + _WORDS.sub(lambda one: _spans(one[0]), f">{found[2]}")[1:], html
    )


def _spans(words: str) -> str:
    found = _PHRASE.findall(words)
    return "".join(_SPAN % one for one in found) if len(found) > 1 else words
