"""The catalogues: what is said already of all there is to say, in each language.

They carry neither places nor dates: two people's changes then merge.
"""

import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from scripts.texts import ROOT, WORDS, everything, forms_of, script_texts

TRANSLATIONS = ROOT / "forms_app" / "translations"

# The same texts give the same bytes whenever they are written.
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


def po_file(code: str) -> Path:
    return TRANSLATIONS / code / "LC_MESSAGES" / "messages.po"


def known(code: str) -> Catalog:
    """The catalogue of a language as it lies there; an empty one where there is none."""
    path = po_file(code)
    if not path.exists():
        return Catalog(locale=code)
    with path.open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def brought_up_to_date(code: str) -> Catalog:
    """Everything there is to say, with what was translated of it; what is said no more is gone."""
    old, new = known(code), Catalog(locale=code, project="ten-minute-circle", fuzzy=False)
    for message in everything():
        before = old.get(forms_of(message)[0])
        is_same_kind = before is not None and isinstance(before.id, tuple) == isinstance(
            message, tuple
        )
        new.add(message, before.string if before is not None and is_same_kind else None)
    return new


def as_po(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalogue, width=0, sort_output=True, omit_header=True)
    count = catalogue.num_plurals
    head = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalogue.locale}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: nplurals={count}; plural={catalogue.plural_expr};\\n"\n\n'
    )
    return head.encode() + out.getvalue().strip() + b"\n"


def as_mo(catalogue: Catalog) -> bytes:
    out = BytesIO()
    plain = read_po(BytesIO(as_po(catalogue)), locale=str(catalogue.locale))
    plain.creation_date = plain.revision_date = UNDATED
    write_mo(out, plain)
    return out.getvalue()


def words_file(name: str, code: str) -> Path:
    return ROOT / "forms_app" / "static" / f"{name}.{code}.js"


def as_words(name: str, catalogue: Catalog) -> bytes:
    """What some of the scripts say, as a script that stands before them."""
    texts = sorted({text for path in WORDS[name] for text in script_texts(path)})
    words = {text: message.string for text in texts if (message := catalogue.get(text))}
    written = json.dumps(words, ensure_ascii=False, indent=1)
    said = f"window.translations = Object.assign(window.translations || {{}}, {written});\n"
    return f"// Written by scripts/translate.\n{said}".encode()


def untranslated(catalogue: Catalog) -> list[str]:
    """The first forms of what has no translation yet, or a doubtful one."""
    return [
        forms_of(message.id)[0]
        for message in catalogue
        if message.id and (message.fuzzy or not all(forms_of(message.string)))
    ]


def bring_up_to_date(code: str) -> list[str]:
    """Writes a language's catalogue anew, and returns what is still untranslated."""
    catalogue = brought_up_to_date(code)
    path = po_file(code)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_po(catalogue))
    path.with_suffix(".mo").write_bytes(as_mo(catalogue))
    for name in WORDS:
        words_file(name, code).write_bytes(as_words(name, catalogue))
    return untranslated(catalogue)
