"""A resident who could not be reached on TRIED_DAYS, or to whom no way was left."""

from typing import Any

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.rules.said import said
from forms_app.rules.told_by import TRIED_DAYS
from forms_app.rules.worktime import local_day
from forms_app.web.forms.fields import day, line
from forms_app.web.staff.move import MoveForm, StaffMove


class ShelveForm(MoveForm):
    tried_on_1 = day("第一次联系日期", "请填写日期")
    how_1 = line("第一次怎么联系的", 100, "请写明怎么联系的")
    tried_on_2 = day("第二次联系日期", "请填写日期")
    how_2 = line("第二次怎么联系的", 100, "请写明怎么联系的")
    tried_on_3 = day("第三次联系日期", "请填写日期")
    how_3 = line("第三次怎么联系的", 100, "请写明怎么联系的")

    @classmethod
    def suggested(cls, case: queries.Case) -> dict[str, object]:
        """The tries in the call log, one a day."""
        in_vain = [entry for entry in case.calls if entry.asked_at is None]
        days = {local_day(entry.made_at): entry.asked_how for entry in in_vain}
        known: dict[str, object] = {}
        for place, (tried_on, how) in enumerate(sorted(days.items())[-TRIED_DAYS:], 1):
            known |= {f"tried_on_{place}": tried_on, f"how_{place}": how}
        return known

    def offer(self, _circle: Circle, case: queries.Case) -> None:
        tries = [
            f"{name}_{place}" for place in range(1, TRIED_DAYS + 1) for name in ("tried_on", "how")
        ]
        if case.goes_untried and not any(self[name].data for name in tries):
            for name in tries:
                del self[name]

    def said(self, _case: queries.Case) -> dict[str, Any]:
        if "how_1" not in self:
            return {"attempts": []}
        return {
            "attempts": [
                (self.tried_on_1.data, self.how_1.data),
                (self.tried_on_2.data, self.how_2.data),
                (self.tried_on_3.data, self.how_3.data),
            ]
        }


def _hint(case: queries.Case) -> str:
    if case.goes_untried:
        return "反映人没有留下联系方式，请评价以后一直没有回音，可以直接转为待联系；以后仍可评价。"
    return said(
        "在%(days)s个不同的日子都联系不上，才能转为待联系；反映人以后仍可评价。"
        "联系记录里有的，已经填在下面。",
        days=TRIED_DAYS,
    )


MOVE = StaffMove(casework.shelve, ShelveForm, title="转为待联系", hint=_hint)
