"""The forms of an import: the file, how its columns are to be read, and the word to take it."""

from collections.abc import Mapping

from wtforms import BooleanField, FileField, ValidationError

from forms_app.web.forms.base import Form, OnceForm, offered, pick

CELL_LETTERS = 16


class UploadForm(Form):
    file = FileField("表格文件（.xlsx 或 .csv）", render_kw={"accept": ".xlsx,.xlsm,.csv,.txt"})


class SheetForm(Form):
    sheet = pick("用哪一张表")


class ColumnsForm(Form):
    """One select a field; what it offers are the columns of the file."""

    usual_community = pick("没有写社区的行，算哪个社区")
    usual_channel = pick("没有写渠道的行，算哪个渠道", required="请选一个渠道")
    takes_contacts = BooleanField("称呼和电话也导入：反映人同意过为办理这件事留下它们")
    takes_finished = BooleanField("表里写着已经办结的也导入，重新定级、办理、请反映人评价")


class ConfirmForm(OnceForm):
    take_good = BooleanField("先导入没有错误的行，有错误的行我下载下来，改好再导入")

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
