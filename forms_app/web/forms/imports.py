"""The forms of an import: the file, how its columns are to be read, and the word to take it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    SelectField,
    StringField,
    ValidationError,
)

from forms_app.rules.said import said
from forms_app.spreadsheets.row_choices import named_rows
from forms_app.spreadsheets.sheets import LARGEST_FILE, MOST_ROWS
from forms_app.web.forms.base import Form, OnceForm
from forms_app.web.forms.fields import day, line, offered, pick, pick_many

CELL_LETTERS = 16
_ROW_LETTERS = 2000
_UNREAD_ROWS = "看不懂是哪些行。请写行号，例如 3、5-8"
ACCEPTED = ".xlsx,.xlsm,.xls,.et,.ods,.csv,.txt"


class UploadForm(Form):
    largest = said(
        "最大%(megabytes)s MB、%(rows)s行。", megabytes=LARGEST_FILE // 1024**2, rows=MOST_ROWS
    )

    file = FileField("表格文件（.xlsx、.xls、.et、.ods 或 .csv）", render_kw={"accept": ACCEPTED})

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        # What comes is no text of the form's: who reads it refuses none.
        self.file.flags.required = True

    def refuse_size(self) -> None:
        sentence = "文件超过%(megabytes)s MB。请只留需要的行和列，另存再试。"
        self.refuse("file", said(sentence, megabytes=LARGEST_FILE // 1024**2))


class ColumnsForm(Form):
    """One select a field; what it offers are the columns of the file."""

    left_out = pick_many("不导入的列")
    usual_community = pick("没有写社区的行，算哪个社区")
    usual_channel = pick("没有写渠道的行，算哪个渠道")
    usual_day = day("没有写时间的行，算哪一天收到")
    takes_contacts = BooleanField("称呼和电话也导入：反映人同意过为办理这件事留下它们")
    takes_finished = BooleanField("表里写着已经办结的也导入，重新定级、办理、请反映人评价")

    rows_out = line("不导入的行", _ROW_LETTERS)
    rows_in = line("照样导入的行", _ROW_LETTERS)

    asks_channel = True  # unless every row has its own

    def validate_usual_channel(self, field: BooleanField) -> None:
        if self.asks_channel and not field.data:
            raise ValidationError("请选一个渠道")

    def validate_rows_out(self, field: StringField) -> None:
        if named_rows(field.data or "") is None:
            raise ValidationError(_UNREAD_ROWS)

    def validate_rows_in(self, field: StringField) -> None:
        self.validate_rows_out(field)

    def validate_received_at(self, field: SelectField) -> None:
        if not field.data and not self.usual_day.data:
            raise ValidationError("请选择是哪一列；表里没有，就在下面写算哪一天收到")


class ConfirmForm(OnceForm):
    sheet = HiddenField()
    take_good = BooleanField(
        "先导入没有错误的行，有错误的行我下载下来，改好再导入", render_kw={"form": "choices"}
    )

    def validate_take_good(self, field: BooleanField) -> None:
        if self.has_faults and not field.data:
            raise ValidationError("有错误的行不会导入。请打勾表示知道，或者取消，改好表格再来")

    has_faults = False


def column_fields(fields: Mapping[str, tuple[str, bool]]) -> type[ColumnsForm]:
    """The form with a select for each field: name → (label, whether it must be chosen)."""
    selects = {
        name: pick(label, required="请选择是哪一列" if required else "")
        for name, (label, required) in fields.items()
    }
    return type("ColumnsOfFileForm", (ColumnsForm,), selects)


def offer_columns(form: ColumnsForm, names: Mapping[str, bool], columns: Mapping[int, str]) -> None:
    """Fills the selects `names` (→ whether it must be chosen) with the file's columns."""
    for name, required in names.items():
        form[name].choices = offered(columns, "请选择" if required else "表里没有")


def word_field(kind: str, word: str) -> str:
    """The name of the field that asks what a word of a sheet means."""
    return f"{kind}-{hashlib.sha256(word.encode()).hexdigest()[:12]}"


def words_form(
    words: Mapping[str, Mapping[str, str]], meanings: Mapping[str, Mapping[str, str]]
) -> type[Form]:
    """A select for each word: kind → word → label, and kind → code → what it may mean."""
    selects = {}
    for kind, labels in words.items():
        for word, label in labels.items():
            select = pick(label)
            # How far a matter has come is one of two.
            empty = "" if kind == "state" else "不对应，原来的字写进内部备注"
            select.kwargs["choices"] = offered(meanings[kind], empty)
            selects[word_field(kind, word)] = select
    return type("WordsForm", (Form,), selects)
