"""What becomes of each column of a sheet, and why: told before anything is taken."""

from collections.abc import Mapping

from msgspec import Struct

from forms_app.community import Circle
from forms_app.rules.said import listed, said
from forms_app.spreadsheets.choices import Choices
from forms_app.spreadsheets.columns import COLUMNS
from forms_app.spreadsheets.judging import judge, personal, unused
from forms_app.spreadsheets.meanings import Meanings
from forms_app.spreadsheets.sheets import Sheet


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
            reason = why_not.get(place, "") or "您选了不导入"
            found.append(_use(sheet, place, example, "不导入", reason))
        elif place in own and not choices.takes_contacts:
            reason = "像称呼、电话或者证件号，没有打勾就不导入"
            found.append(_use(sheet, place, example, "不导入", reason))
        else:
            reason = why_not.get(place, "") or "没有对应的项，原样保留"
            found.append(_use(sheet, place, example, "内部备注", reason))
    return found


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
