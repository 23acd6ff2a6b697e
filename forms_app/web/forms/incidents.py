"""The forms of what hits many at once: to open one, to tell of it, to end it."""

from collections.abc import Mapping

from wtforms import BooleanField

from forms_app.community import Circle
from forms_app.rules.incidents import KINDS, TITLE_LETTERS, TOLD_LETTERS
from forms_app.web.forms.base import OnceForm, SeenForm
from forms_app.web.forms.fields import (
    NUMBER_LETTERS,
    line,
    moment,
    offered,
    offered_communities,
    paragraph,
    pick,
    pick_many,
)


class OpenIncidentForm(OnceForm):
    kind = pick("是什么", KINDS, "请选择是哪一种", empty="请选择")
    title = line("一句话说明", TITLE_LETTERS, "请用一句话写明是什么事")
    community_id = pick("社区", required="请选择社区")
    is_wide = BooleanField("整个街道都受影响")
    estate_ids = pick_many("只影响这些小区（不选就是整个社区）")
    told = paragraph("现在知道的情况", TOLD_LETTERS, "请写明现在知道的情况", rows=3)
    expected_at = moment("预计什么时候结束（不知道就空着）")
    number = line("已经有居民反映的，填问题编号", NUMBER_LETTERS, inputmode="numeric")

    def offer(self, circle: Circle, communities: Mapping[str, str], *, may_be_wide: bool) -> None:
        """The communities that its writer may open one for, and their estates."""
        # Where there is only one, there is nothing to choose.
        empty = "请选择" if len(communities) > 1 else ""
        self.community_id.choices = offered_communities(circle, communities, empty)
        self.estate_ids.choices = [
            choice
            for community_id in communities
            for choice in offered(
                {
                    estate.id: estate.name
                    for estate in circle.estates.values()
                    if estate.community_id == community_id
                }
            )
        ]
        if not may_be_wide:
            del self.is_wide


class IncidentForm(SeenForm):
    """Something done with an incident as its maker last saw it."""


class TellForm(IncidentForm):
    told = paragraph("现在的情况", TOLD_LETTERS, "请写明现在的情况", rows=3)
    expected_at = moment("预计什么时候结束（不知道就空着）")


class EndForm(IncidentForm):
    last = paragraph("最后说一句（可以不写）", TOLD_LETTERS, rows=2)
