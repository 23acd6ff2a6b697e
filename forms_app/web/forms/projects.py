"""The forms of what recurs: a project or a question made of it, changed, and done."""

from forms_app.community import Circle
from forms_app.rules.projects import (
    KINDS,
    MEASURES_LETTERS,
    PROJECT,
    PROJECT_NEEDS,
    RESULT_LETTERS,
    TITLE_LETTERS,
    fen_of,
)
from forms_app.web.forms.base import OnceForm, SeenForm
from forms_app.web.forms.fields import amount_only, day, line, offered, paragraph, pick


class _Said(OnceForm):
    """What both forms ask: what, by whom, how, for how much, until when."""

    title = line("要办什么", TITLE_LETTERS, "请用一句话写明")
    lead = pick("谁牵头")
    measures = paragraph("怎么办", MEASURES_LETTERS)
    budget = line("预计用多少钱（元）", 20, inputmode="decimal")
    due_on = day("哪天以前办完")

    def offer(self, circle: Circle, community_id: str) -> None:
        """Who may lead: the community and the departments; who does already, in any case."""
        names = {community_id: circle.unit_name(community_id) or community_id}
        names |= {one.id: one.name for one in circle.departments.values()}
        if self.lead.data and self.lead.data not in names:
            names[self.lead.data] = circle.unit_name(self.lead.data) or self.lead.data
        self.lead.choices = offered(names, "请选择")

    @property
    def budget_fen(self) -> int:
        """In fen; 0 where nothing was written."""
        return fen_of(self.budget.data or "0") or 0

    validate_budget = staticmethod(amount_only)


class OpenProjectForm(_Said):
    kind = pick("立专项，还是请手册回答", KINDS, "请选择立专项，还是请手册回答")

    def validate(self, extra_validators: object = None) -> bool:
        """What a project alone needs is asked for with all the rest, not one after the other."""
        is_valid = super().validate(extra_validators)
        return (self.kind.data != PROJECT or self.ask_for(PROJECT_NEEDS)) and is_valid


class ChangeProjectForm(SeenForm, _Said):
    """The same on what there is."""


class FinishProjectForm(SeenForm):
    result = paragraph("办成了什么", RESULT_LETTERS, "请写明办成了什么", rows=3)
