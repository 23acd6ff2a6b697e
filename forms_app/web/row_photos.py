"""A form of several rows, each with one photo: what came waits for its row until all are right."""

from collections.abc import Sequence

from flask import request

from forms_app.files.photos import PhotoRefused, Taken
from forms_app.web.forms.base import OnceForm
from forms_app.web.forms.photos import RowPhoto
from forms_app.web.photos import UNREACHABLE, not_looked_at, photos, taking_long

ONE_A_ROW = "一行只放一张照片，多出来的没有收。"


def stage_row_photos(form: OnceForm, rows: Sequence[RowPhoto]) -> dict[str, str]:
    """Takes the photo that came with each row, in the place of the one that came before; what is
    wrong with others, by the names of their fields.

    `row.staged` is what is there of each, whatever else the form is refused for.
    """
    chosen = {
        row.key: files
        for row in rows
        if (files := [one for one in request.files.getlist(row.photos.name) if one.filename])
    }
    refused: dict[str, str] = {}
    try:
        unwanted = request.form.getlist("unwanted_photos")
        for row in rows:
            row.staged = photos().staged(row.key)
            _unstage(row, [one for one in row.staged if one.key in unwanted])
    except OSError:
        for row in rows:
            row.staged, row.may_go_without = (), True
            if row.key in chosen and "without_photos" not in request.form:
                refused[row.photos.name] = UNREACHABLE
        return refused
    names = {row.key: row.photos.name for row in rows}
    refused |= {names[key]: ONE_A_ROW for key, files in chosen.items() if len(files) > 1}
    held_back = not_looked_at(form, len(chosen)) if chosen else ""
    if held_back:
        return {names[key]: held_back for key in chosen}
    streams = [(key, files[0].stream) for key, files in chosen.items()]
    found = photos().stage_each(streams, took=taking_long)
    came = dict(zip(chosen, found, strict=True))
    for row in rows:
        new = came.get(row.key)
        if isinstance(new, PhotoRefused):
            refused[row.photos.name] = new.sentence
        elif new is not None:
            _unstage(row, [one for one in row.staged if one.key != new.key])
            row.staged = [new]
    return refused


def _unstage(row: RowPhoto, gone: Sequence[Taken]) -> None:
    for one in gone:
        photos().unstage(row.key, one.key)
    row.staged = [one for one in row.staged if one not in gone]
