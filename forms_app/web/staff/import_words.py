"""Words of a sheet that are no names of ours: the form that asks what they mean."""

from collections.abc import Mapping

from forms_app import casework
from forms_app.issues.access import Actor
from forms_app.rules.said import said
from forms_app.spreadsheets.known_rows import Prepared
from forms_app.spreadsheets.meanings import offered as offered_for
from forms_app.web.forms.base import Form
from forms_app.web.forms.imports import word_field, words_form
from forms_app.web.request import current_circle

MOST_WORDS = 30  # of a kind that are asked about
WORD_LETTERS = 20


def asked_words(ready: Prepared) -> dict[str, list[str]]:
    """The words to ask about, those that stand there most first."""
    return {
        kind: sorted(words, key=lambda word: (-words[word][1], word))[:MOST_WORDS]
        for kind, words in ready.reading.words.items()
    }


def are_open(ready: Prepared, meanings: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether somebody has still to say what words of the state mean: nothing is taken before."""
    return not meanings.get("state", {}).keys() >= set(asked_words(ready).get("state", ()))


def words_form_of(ready: Prepared, actor: Actor) -> type[Form]:
    """A form with a field for each word to ask about, and what it may mean."""
    within = casework.communities_of(current_circle(), actor)
    labels = {
        kind: {
            word: said(
                "%(label)s“%(word)s”（%(count)s行）",
                label=ready.reading.label(kind),
                word=word[:WORD_LETTERS],
                count=ready.reading.words[kind][word][1],
            )
            for word in words
        }
        for kind, words in asked_words(ready).items()
    }
    return words_form(
        labels, {kind: offered_for(kind, current_circle(), within) for kind in labels}
    )


def meant(ready: Prepared) -> dict[str, str]:
    """By the name of its field, the code that each word most likely means."""
    words = ready.reading.words
    return {
        word_field(kind, word): words[kind][word][0].code
        for kind, asked in asked_words(ready).items()
        for word in asked
    }


def are_changed(ready: Prepared, sent: Mapping[str, str]) -> bool:
    """Whether what was sent says of a word something else than the rows were read by."""
    return any(sent.get(field, code) != code for field, code in meant(ready).items())
