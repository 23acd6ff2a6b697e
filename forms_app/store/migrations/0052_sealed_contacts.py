"""Residents' names, telephones and addresses are sealed; the key lies outside of the database.

Its name is kept, so that another key is told from it before anything is written.
"""

from typing import Any

from forms_app.rules.contact_keys import NO_KIND, same_email, same_phone
from forms_app.rules.phones import kind_of
from forms_app.store.contacts import keys

# A frozen copy of models.Issue's columns.
_SAME = {
    "reporter_name": lambda _: "",
    "reporter_phone": same_phone,
    "reporter_email": same_email,
    "confirmed_email": same_email,
}
_AT_ONCE = 500


def _sealed(name: str, text: str) -> str:
    kind = kind_of(text).value if name == "reporter_phone" else NO_KIND
    return keys().seal(text, f"issue.{name}", _SAME[name](text), kind)


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    columns, anything = ", ".join(_SAME), " OR ".join(f"{name} != ''" for name in _SAME)
    changes = ", ".join(f"{name} = {db.param}" for name in _SAME)
    last, page = 0, [()]
    while page:
        page = db.execute_sql(
            f"SELECT id, {columns} FROM issue WHERE id > {db.param} AND ({anything}) "  # noqa: S608
            f"ORDER BY id LIMIT {_AT_ONCE}",
            (last,),
        ).fetchall()
        for key, *texts in page:
            sealed = [
                _sealed(name, text) if text else "" for name, text in zip(_SAME, texts, strict=True)
            ]
            db.execute_sql(f"UPDATE issue SET {changes} WHERE id = {db.param}", (*sealed, key))  # noqa: S608
            last = key
    if last:
        db.execute_sql(
            f"INSERT INTO counter (name, value) VALUES ({db.param}, 0)",  # noqa: S608
            (f"contact key {keys().names[0]}",),
        )
