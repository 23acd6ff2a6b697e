"""The shorter ways by which pages are drawn say what Jinja's own would."""

import pytest
from markupsafe import Markup, escape

from forms_app.rules.said import said
from forms_app.web.templates import as_html
from tests.support.web import House


class Drawn:
    """A value that says itself how it looks as HTML, as a form's field does."""

    def __html__(self) -> str:
        return "<b>&</b>"


class Named(str):
    """A text that is more than one, and looks otherwise."""

    def __html__(self) -> str:
        return "<i>it</i>"


@pytest.mark.parametrize(
    "value",
    [
        *("", "桂园 12 栋", "a<b", "a>b", "a&b", "a'b", 'a"b', Markup("<p>&amp;</p>")),
        *(0, 3.5, None, True, Drawn(), Named("<"), said("最多%(most)s字<", most="<b>")),
    ],
)
def test_a_piece_is_escaped_just_as_markupsafe_does(value: object) -> None:
    assert as_html(value) == str(escape(value))


def test_macros_and_pieces_come_out_as_jinja_s_own(house: House) -> None:
    drawn = house.app.jinja_env.from_string(
        "{% macro one(a, b='<') %}{{ a }}{{ b }}{% endmacro %}"
        "{% macro around(a) %}{{ a }}{{ caller() }}{% endmacro %}"
        "{% set kept %}{{ given }}{% endset %}"
        "{{ one(given) }}|{{ one(b=given|safe, a=1) }}"
        "|{% call around('x') %}{{ given }}{% endcall %}"
        "|{{ kept }}|{% for each in [given] %}{{ one(each, loop.index) }}{% endfor %}"
    )
    with house.app.test_request_context("/"):
        assert drawn.render(given="<&") == ("&lt;&amp;&lt;|1<&|x&lt;&amp;|&lt;&amp;|&lt;&amp;1")


def test_a_macro_says_what_it_was_given_wrongly(house: House) -> None:
    one = "{% macro one(a) %}{{ a }}{% endmacro %}"
    with house.app.test_request_context("/"):
        for call in ("one(1, 2)", "one(1, b=2)", "one(1, a=2)"):
            drawn = house.app.jinja_env.from_string(f"{one}{{{{ {call} }}}}")
            with pytest.raises(TypeError, match="macro 'one'"):
                drawn.render()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_texts_of_ours_escape_their_values_and_themselves_stay(house: House, lang: str) -> None:
    with house.app.test_request_context("/", headers={"Cookie": f"lang={lang}"}):
        drawn = house.app.jinja_env.from_string(
            "{{ _('100%') ~ given }}|{{ _('<b>%(a)s</b>%(b)s', a=given, b=given | safe) }}"
            "|{{ _('<i>') ~ given }}"
        )
        assert drawn.render(given="<&") == "100%&lt;&amp;|<b>&lt;&amp;</b><&|<i>&lt;&amp;"
