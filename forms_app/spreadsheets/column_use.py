"""What becomes of each column of a sheet, and why, and what else is to be known of it: told before
anything is taken."""

from collections.abc import Mapping

from msgspec import Struct

from forms_app.community import Circle
from forms_app.rules.said import listed, said
from forms_app.spreadsheets.choices import Choices
from forms_app.spreadsheets.columns import COLOURED, COLUMNS
from forms_app.spreadsheets.judging import judge, personal, unused
from forms_app.spreadsheets.meanings import Meanings
from forms_app.spreadsheets.rows import NOT_CHOSEN
from forms_app.spreadsheets.sheets import Sheet

STATELESS = "没有一列写着办完没有，每一行都当作还没有办结，请核对。"


class Use(Struct, frozen=True):
    """One column as its owner knows it, what it is read as, and why."""

    letters: str
    heading: str
    example: str
    read_as: str
    reason: str


def used_columns(sheet: Sheet, choices: Choices) -> list[Use]:
    """Every column that has a heading or a value."""
    judged = judge(sheet.headers, sheet.rows)
    own = personal(sheet.headers, sheet.rows)
    why_not = unused(sheet.headers, sheet.rows, choices.columns)
    found = []
    for place, head in enumerate(sheet.headers):
        example = next((row.cells[place] for row in sheet.rows if row.cells[place]), "")
        if not head and not example:
            continue
        fields = [name for name, at in choices.columns.items() if at == place]
        labels = listed(said(COLUMNS[name].label) for name in fields)
        if fields:
            reasons = [
                judged[name].reason
                if name in judged and judged[name].place == place
                else said("是您选的")
                for name in fields
            ]
            is_kept_back = place in own and not choices.takes_contacts
            if is_kept_back and set(fields) <= {"reporter_name", "reporter_phone"}:
                reasons[:] = ["没有打勾，不导入"]
            found.append(_use(sheet, place, example, labels, reasons[0]))
        elif place in choices.left_out:
            reason = why_not.get(place, "") or NOT_CHOSEN
            found.append(_use(sheet, place, example, "不导入", reason))
        elif place in own and not choices.takes_contacts:
            reason = "像称呼、电话或者证件号，没有打勾就不导入"
            found.append(_use(sheet, place, example, "不导入", reason))
        else:
            reason = why_not.get(place, "") or "没有对应的项，原样保留"
            found.append(_use(sheet, place, example, "内部备注", reason))
    return found


def beside_rows(sheet: Sheet, columns: Mapping[str, int] | None = None) -> list[tuple[str, bool]]:
    """What is to be known of a sheet beside its rows, and whether it may be a mistake; `columns`
    are those that were chosen, if any were."""
    letters = listed(sheet.hidden_columns)
    place = columns.get("state") if columns else None
    is_by_colour = place is not None and sheet.headers[place] == COLOURED
    lines = (
        (sheet.forms, True, said(
            "这是一件一张的登记表，每张当作一行，共%(forms)s行，请核对。", forms=sheet.forms,
        )),
        (sheet.merged, False, said(
            "有%(merged)s处合并的格子，已经给里面每一行都填上同样的内容。", merged=sheet.merged,
        )),
        (sheet.hidden_rows, True, said(
            "有%(hidden_rows)s行在表里是隐藏的，也会导入。不想要，请先在表里删掉。",
            hidden_rows=sheet.hidden_rows,
        )),
        (sheet.hidden_columns, True, said(
            "%(letters)s列在表里是隐藏的，也照样读。", letters=letters,
        )),
        (sheet.formulas, True, said(
            "有%(formulas)s格公式没有算出结果，当作空的。在 Excel 里打开再保存一次，就有了。",
            formulas=sheet.formulas,
        )),
        (sheet.pictures, True, said(
            "这个文件里有%(pictures)s张图片，只导入文字；要留的图片，导入以后到问题的页面里上传。",
            pictures=sheet.pictures,
        )),
        (sheet.comments, True, said(
            "有%(comments)s条批注没有读；要留的话，请抄到一列里。",
            comments=sheet.comments,
        )),
        (columns is not None and not columns.keys() & {"state", "finished_at"}, True, STATELESS),
        (sheet.coloured and not is_by_colour, True, said(
            "有%(rows)s行涂了颜色，当作一列“%(column)s”；颜色要是说明办完没有，"
            "就把它选成“办理状态”。",
            rows=sheet.coloured, column=COLOURED,
        )),
        (sheet.stopped_after, True, said(
            "第%(row)s行下面是没有尽头的空行，没有再往下读。", row=sheet.stopped_after,
        )),
    )  # fmt: skip
    return [(sentence, is_warning) for is_so, is_warning, sentence in lines if is_so]


def lacks_channel(
    circle: Circle, sheet: Sheet, columns: Mapping[str, int], usual_day: str = ""
) -> bool:
    """Whether a row that may be a report says nothing of its channel that we know."""
    place = columns.get("channel")
    named = ("description",) if usual_day else ("description", "received_at")
    needed = [columns[name] for name in named if name in columns]
    if place is None:
        return True
    channel = Meanings(circle, {}).channel
    return any(
        not channel(row.cells[place]).code
        for row in sheet.rows
        if all(row.cells[p] for p in needed)
    )


def _use(sheet: Sheet, place: int, example: str, read_as: str, reason: str) -> Use:
    return Use(sheet.letters[place], sheet.headers[place], example, read_as, reason)
