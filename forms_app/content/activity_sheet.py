"""Activities as rows of a spreadsheet: as the form says them, and as people keep a programme.

A row with a key is the whole of an activity. One without, on a single day, is one time of it: of
the activity of that name and place, or, with its likes, of a new one.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from forms_app.community import ACTIVITY_CATEGORIES, Circle
from forms_app.community.values import Unreadable
from forms_app.content.activity_columns import PLAIN_FIELDS, cells_of, columns_of
from forms_app.content.activity_times import TIMES, RowTimes, apart
from forms_app.content.inputs import folded, many
from forms_app.content.kind import Kind
from forms_app.content.listing import Record, Value
from forms_app.content.plan import FIELDS, ONCE, Plan, fields_of, plan_of
from forms_app.content.shape import Cells, Column, Fault, Read
from forms_app.content.sheet import KEY_LABEL, fresh_name, too_long
from forms_app.radius.occurrences import programme

YEARS_COUNTED = 2


class ActivityShape:
    """How activities are written in a sheet."""

    def columns(self, kind: Kind, circle: Circle) -> tuple[Column, ...]:  # noqa: ARG002
        return columns_of(circle)

    def cells(self, kind: Kind, values: Mapping[str, Value], circle: Circle) -> dict[str, str]:  # noqa: ARG002
        return cells_of(values, circle)

    def read(
        self,
        kind: Kind,
        rows: Iterable[tuple[int, Cells]],
        known: Mapping[str, Record],
        circle: Circle,
        today: date,
    ) -> Read:
        return _Reader(kind, known, circle, today).read(rows)


ACTIVITIES = ActivityShape()


class _Reader:
    """One sheet being read."""

    def __init__(
        self, kind: Kind, known: Mapping[str, Record], circle: Circle, today: date
    ) -> None:
        self._kind, self._known, self._circle, self._today = kind, known, circle, today
        self._found = Read()
        self._starts: dict[str, set[datetime]] = {}
        self._named: dict[tuple[str, str], list[str]] = {}
        for uid, record in known.items():
            self._named.setdefault(_called(record.values), []).append(uid)
        self._fresh: dict[tuple[object, ...], str] = {}

    def read(self, rows: Iterable[tuple[int, Cells]]) -> Read:
        for row, cells in rows:
            self._row(row, cells)
        return self._found

    def _row(self, row: int, cells: Cells) -> None:
        key = cells.get(KEY_LABEL, "").strip()
        if key and key not in self._known:
            self._refuse(row, KEY_LABEL, f"没有编号「{key}」", "新加的行编号空着，由系统来编")
            return
        times = [self._fits(row, one, cells.get(one, ""), most) for one, most in TIMES.items()]
        tells_when = all(times)
        if not key and tells_when:
            cells = apart(cells)
        values = self._plain(row, cells)
        names = self._named.get(_called(values), []) if not key else [key]
        before = self._known[names[0]].values if len(names) == 1 else {}
        faults = len(self._found.faults)
        times_of = RowTimes(row, cells, self._today, self._found.faults)
        when = times_of.when(before) if tells_when else None
        for label in ("叫什么", "在哪里"):
            if not (values.get(PLAIN_FIELDS[label][0]) or before.get(PLAIN_FIELDS[label][0])):
                self._refuse(row, label, "没有填", "这一格必须填")
        lists = times_of.lists() if tells_when else {}
        if when is None or len(self._found.faults) > faults:
            return
        last = when.plan.ends_on or when.plan.starts_on
        if when.plan.how == ONCE or when.plan.ends_on:
            self._found.newest = max(self._found.newest or last, last)
        else:
            self._found.newest = date.max
        if not key and when.is_one_time and not lists:
            self._one_time(row, values, when.plan, names, before)
        else:
            self._whole(row, names[0] if len(names) == 1 else "", values | lists, when.plan, before)

    def _whole(
        self,
        row: int,
        uid: str,
        values: Mapping[str, Value],
        plan: Plan,
        before: Mapping[str, Value],
    ) -> None:
        """The row is all of an activity."""
        uid = uid or fresh_name(self._kind, f"{values.get('summary')} {row}")
        if uid in self._found.wanted:
            said = f"和第 {self._found.rows[uid]} 行是同一个活动"
            self._refuse(row, "叫什么", said, "去掉一行，或者改成不一样的名称")
            return
        is_same = plan == plan_of(before)
        timing: Mapping[str, Value] = (
            {name: before.get(name, "") for name in FIELDS} if is_same else fields_of(plan)
        )
        if values.get("status") == "CONFIRMED" and not before.get("status"):
            values = {**values, "status": ""}
        self._keep(row, uid, {**before, **values, **timing, "uid": uid})

    def _one_time(
        self,
        row: int,
        values: Mapping[str, Value],
        plan: Plan,
        names: list[str],
        before: Mapping[str, Value],
    ) -> None:
        """The row is one time of an activity that is there, or of a new one."""
        at = plan.starts_on
        written = f"{at} {plan.begins:%H:%M}" if plan.begins else f"{at}"
        if len(names) == 1:
            uid = names[0]
            is_known = self._is_held(uid, plan)
            now = self._found.wanted.get(uid, dict(before))
            if not is_known and written not in many(now.get("rdate", "")):
                now = {**now, "rdate": tuple(sorted({*many(now.get("rdate", "")), written}))}
            self._found.wanted[uid] = now
            self._found.rows.setdefault(uid, row)
            return
        likes = (*_called(values), values.get("category", ""), plan.length, plan.begins is None)
        uid = self._fresh.get(likes, "")
        if not uid:
            uid = fresh_name(self._kind, f"{likes}")
            self._fresh[likes] = uid
            self._keep(row, uid, {**values, **fields_of(plan), "uid": uid})
            return
        held = self._found.wanted[uid]
        times = {str(held["dtstart"]), written, *many(held.get("rdate", ""))}
        earliest, *rest = sorted(times)
        self._found.wanted[uid] = {**held, "dtstart": earliest, "rdate": tuple(rest)}

    def _keep(self, row: int, uid: str, values: dict[str, Value]) -> None:
        if not values.get("category"):
            self._refuse(
                row, "哪一类", "没有填", f"写{'、'.join(ACTIVITY_CATEGORIES.values())}之一"
            )
        self._found.wanted[uid] = values
        self._found.rows[uid] = row

    def _is_held(self, uid: str, plan: Plan) -> bool:
        if uid not in self._circle.activities:
            return False
        if uid not in self._starts:
            first = self._today - timedelta(days=366)
            last = self._today + timedelta(days=366 * YEARS_COUNTED)
            held = programme(
                [self._circle.activities[uid]], self._circle.clocks.calendar,
                self._circle.school_terms, first, last,
            ).occurrences  # fmt: skip
            self._starts[uid] = {one.start.replace(tzinfo=None) for one in held}
        return datetime.combine(plan.starts_on, plan.begins or time()) in self._starts[uid]

    def _plain(self, row: int, cells: Cells) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for label, (name, given) in PLAIN_FIELDS.items():
            if label not in cells:
                continue
            text = values[name] = cells[label].strip()
            if not self._fits(row, label, text, given.letters):
                continue
            try:
                values[name] = given.read(text, self._circle, self._today) if text else ""
            except Unreadable as refused:
                self._refuse(row, label, refused.problem, refused.remedy)
        return values

    def _fits(self, row: int, label: str, text: str, most: int) -> bool:
        fault = too_long(row, label, text, most)
        if fault is not None:
            self._found.faults.append(fault)
        return fault is None

    def _refuse(self, row: int, label: str, problem: str, remedy: str) -> None:
        self._found.faults.append(Fault(row, label, problem, remedy))


def _called(values: Mapping[str, Value]) -> tuple[str, str]:
    return folded(str(values.get("summary", ""))), str(values.get("location_id", ""))
