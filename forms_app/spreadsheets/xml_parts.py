"""The XML in a zipped workbook, read as it comes: never as a whole, never with its own entities."""

import zipfile
from collections.abc import Mapping
from typing import NoReturn
from xml.parsers import expat

from forms_app.spreadsheets.raw import Budget, chunks
from forms_app.spreadsheets.sheets import BAD_FILE, FileRefused

Attributes = Mapping[str, str]


class Handler:
    """What hears of a part's elements; names come without their namespace."""

    def start(self, name: str, attributes: Attributes) -> None: ...
    def text(self, words: str) -> None: ...
    def end(self, name: str) -> None: ...


def parse(archive: zipfile.ZipFile, part: str, handler: Handler, budget: Budget) -> None:
    """Sends a part through a handler. Raises FileRefused where it is no sound XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def first(name: str, attributes: Attributes) -> None:
        has_prefix = ":" in name
        parser.StartElementHandler = started if has_prefix else handler.start
        parser.EndElementHandler = ended if has_prefix else handler.end
        started(name, attributes)

    def started(name: str, attributes: Attributes) -> None:
        handler.start(name[name.rfind(":") + 1 :], attributes)

    def ended(name: str) -> None:
        handler.end(name[name.rfind(":") + 1 :])

    parser.StartElementHandler = first
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        with archive.open(part) as file:
            for piece in chunks(file, budget):
                parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FileRefused(BAD_FILE) from error


def local(attributes: Attributes, name: str) -> str:
    """An attribute by its name without a namespace; "" where it is not there."""
    if name in attributes:
        return attributes[name]
    return next((v for key, v in attributes.items() if key.rpartition(":")[2] == name), "")


def _no_doctype(*_declared: object) -> NoReturn:
    raise FileRefused(BAD_FILE)
