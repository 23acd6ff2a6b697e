"""The forms of the earmarked funds: a line, a correction of one, and what is published of all."""

from collections.abc import Mapping, Sequence

from wtforms import BooleanField

from forms_app.queries import FundFacts
from forms_app.rules.funds import (
    CORRECTED,
    KINDS,
    RECEIPT_LETTERS,
    SPENDING_NEEDS,
    SPENT,
    TOLD_LETTERS,
    WORDS_LETTERS,
)
from forms_app.web.forms.base import SeenForm
from forms_app.web.forms.fields import amount_only, day, line, offered, pick, pick_shown
from forms_app.web.forms.told import told_each


class FundForm(SeenForm):
    kind = pick_shown("这一笔是", KINDS, "请选一种")
    on = day("哪天", "请写明哪天")
    amount = line("多少钱（元）", 20, "请写明多少钱", inputmode="decimal")
    words = line("用来做什么", WORDS_LETTERS, "请写明用来做什么")
    about = pick("为哪件事")
    number = line("问题编号", 20)
    item = pick("居民议事会同意的")
    decided = line("在哪里定的", WORDS_LETTERS)
    receipt = line("票据号", RECEIPT_LETTERS)
    is_another = BooleanField("核对过了，这是另外一笔")

    validate_amount = staticmethod(amount_only)

    def offer(self, things: Mapping[str, str], items: Mapping[str, str]) -> None:
        """What it may be for, by "project:3", and what meetings agreed to, by the items' keys."""
        self.item.choices = offered(items, "不是议事会定的（下面写在哪里定的）")
        choices = {"issue": "一件问题（下面填编号）", **things}
        self.about.choices = offered(choices, "不针对哪一件")

    def validate(self, extra_validators: object = None) -> bool:
        """What a spending alone needs is asked for with all the rest, not one after the other."""
        is_valid = super().validate(extra_validators)
        # Of a meeting's item it is known what it is for, and where it was decided.
        needs = {
            name: sentence
            for name, sentence in SPENDING_NEEDS.items()
            if name == "receipt" or not self.item.data
        }
        return (self.kind.data != SPENT or self.ask_for(needs)) and is_valid

    @property
    def item_id(self) -> int | None:
        """The item of a meeting that decided it."""
        return int(self.item.data) if self.item.data else None

    @property
    def is_about(self) -> str:
        """What it is for, as the book keeps it."""
        return f"issue:{self.number.data}" if self.about.data == "issue" else self.about.data or ""


class CorrectFundForm(SeenForm):
    entry = pick("更正哪一笔", required="请选择要更正的那一笔")
    right = line("应该是多少钱（元）", 20, "请写明应该是多少钱", inputmode="decimal")
    reason = line("为什么更正", WORDS_LETTERS, "请写明为什么更正")

    validate_right = staticmethod(amount_only)


def told_form(lines: Sequence[FundFacts]) -> type[SeenForm]:
    """A form with a field told_<key> for each line that is no correction."""
    labels = {one.id: f"第{one.place}笔公示时写什么" for one in lines if one.kind != CORRECTED}
    return told_each(labels, TOLD_LETTERS)
