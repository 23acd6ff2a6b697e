"""The index behind the register's search: one row of terms an issue, written by casework alone.

SQLite keeps it in FTS5, contentless and without positions; PostgreSQL as text vectors under a GIN
index. Both hold the same terms, so that both find the same issues. Casework writes it rather than
triggers: a trigger could not split a text into pairs, and the database trusts no functions of ours.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import peewee
from peewee import SQL, Expression, Field, ModelCompoundSelectQuery

from forms_app.issues.search_terms import asked, estate_term, spellings, terms
from forms_app.store.database import proxy
from forms_app.store.models import Issue

Words: TypeAlias = Iterable[tuple[str, Iterable[str]]]

NEWEST = 100  # issues with one of many words

# The columns of an issue that are searched; a resident's name and phone never are.
SEARCHED = frozenset({"number", "description", "location", "initial_opinion", "estate_id"})


def keep(issue_id: int, number: str, texts: Iterable[str], estate_id: str) -> None:
    """Puts an issue's terms into the index, in the place of those it had.

    The number is also found without its year.
    """
    words = " ".join(terms(number, number[2:], *texts, estate_id=estate_id))
    mark = _mark()
    column = "rowid" if _is_sqlite() else "id"
    value = mark if _is_sqlite() else f"array_to_tsvector(string_to_array({mark}, ' '))"
    proxy.execute_sql(f"DELETE FROM issue_search WHERE {column} = {mark}", (issue_id,))  # noqa: S608
    proxy.execute_sql(
        f"INSERT INTO issue_search ({column}, terms) VALUES ({mark}, {value})",  # noqa: S608
        (issue_id, words),
    )


def forget_terms() -> None:
    """Empties the index."""
    proxy.execute_sql("DELETE FROM issue_search")


def has_words(issue_id: "Field[int]", words: Words) -> Expression:
    """The condition that an issue has every word, in its own texts or as the name of its estate.

    `words` pairs each word with the ids of the estates whose names contain it.
    """
    found = SQL(f"({_found()})", (_question(words),))
    condition: Expression = issue_id.in_(found)
    return condition


def has_words_between(
    issue_id: "Field[int]", words: Words, stretches: Sequence[tuple[int, int]]
) -> Expression:
    """The same of issues whose ids lie in one of these stretches, their ends included: of all the
    others the index is not read.
    """
    key = "rowid" if _is_sqlite() else "id"
    found = " UNION ALL ".join(
        f"{_found()} AND {key} BETWEEN {int(first)} AND {int(last)}" for first, last in stretches
    )
    values = [_question(words)] * len(stretches)
    condition: Expression = issue_id.in_(SQL(f"({found})", values))
    return condition


def has_beginnings(words: Words) -> bool:
    """Whether one of the words may go on."""
    return any(begins for word, _ in words for _, begins in asked(word))


def first_with(words: Words, limit: int) -> list[int]:
    """The ids of so many of the issues that have every word, in no order."""
    rows = proxy.execute_sql(f"{_found()} LIMIT {int(limit)}", (_question(words),)).fetchall()
    return [key for (key,) in rows]


def first_with_among(words: Words, issue_ids: "ModelCompoundSelectQuery", limit: int) -> list[int]:
    """The ids of so many of these issues that have every word: both in the order of their ids, so
    that the database goes along the two at once.
    """
    sql, values = issue_ids.sql()
    asked = f"{_found()} INTERSECT SELECT * FROM ({sql}) AS own LIMIT {int(limit)}"  # noqa: S608
    rows = proxy.execute_sql(asked, [_question(words), *values]).fetchall()
    return [key for (key,) in rows]


def count_with(words: Words, condition: Expression, limit: int) -> int:
    """How many issues have every word and fulfil a condition, at most so many: one after another
    as the index has them, until there are enough.
    """
    key = SQL("issue_search.rowid" if _is_sqlite() else "issue_search.id")
    sql, values = Issue.select(Issue.id).where(Issue.id == key, condition).sql()
    some = f"{_found()} AND EXISTS ({sql}) LIMIT {int(limit)}"
    asked = f"SELECT COUNT(1) FROM ({some}) AS found"  # noqa: S608
    [(count,)] = proxy.execute_sql(asked, [_question(words), *values]).fetchall()
    return int(count)


def _found() -> str:
    if _is_sqlite():
        return "SELECT rowid FROM issue_search WHERE issue_search MATCH ?"
    return "SELECT id FROM issue_search WHERE terms @@ %s::tsquery"


def _question(words: Words) -> str:
    both = " AND " if _is_sqlite() else " & "
    either = " OR " if _is_sqlite() else " | "
    parts = []
    for word, estate_ids in words:
        own = [
            f"({both.join(_term(term, begins) for term, begins in asked(one))})"
            for one in spellings(word)
        ]
        places = [_term(estate_term(estate_id), False) for estate_id in estate_ids]
        parts.append(f"({either.join([*own, *places])})")
    return both.join(parts)


def newest(words: Sequence[str]) -> tuple[int, list[list[int]]]:
    """The newest id of all, and for each of the words the newest issues that have it.

    At most NEWEST of each, from the newest on; one question, however many words.
    """
    both = " AND " if _is_sqlite() else " & "
    one = (
        "SELECT rowid FROM issue_search WHERE issue_search MATCH ? ORDER BY rowid DESC"
        if _is_sqlite()
        else "SELECT id FROM issue_search WHERE terms @@ %s::tsquery ORDER BY id DESC"
    )
    several = "".join(
        f" UNION ALL SELECT {place}, found.* FROM ({one} LIMIT {NEWEST}) AS found"  # noqa: S608
        for place in range(len(words))
    )
    values: list[object] = []
    for word in words:
        values.append(both.join(_term(term, begins) for term, begins in asked(word)))
    last = 0
    found: list[list[int]] = [[] for _ in words]
    rows = proxy.execute_sql(f"SELECT -1, MAX(id) FROM issue{several}", values)  # noqa: S608
    for place, issue_id in rows.fetchall():
        if place < 0:
            last = issue_id or 0
        else:
            found[place].append(issue_id)
    return last, found


def _term(term: str, begins: bool) -> str:
    # Terms hold letters, digits and an id's marks only: nothing in them could end the quotes.
    if _is_sqlite():
        return f'"{term}"*' if begins else f'"{term}"'
    return f"'{term}':*" if begins else f"'{term}'"


def _is_sqlite() -> bool:
    return isinstance(proxy.obj, peewee.SqliteDatabase)


def _mark() -> str:
    return "?" if _is_sqlite() else "%s"
