"""What hands do with a page, drawn from a seed: find a form, fill it in as somebody would."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from forms_app.rules.steps import OPEN_STEPS
from forms_app.store.models import Issue
from tests.support.web import House, PageForm, Visitor, forms_on

NEWEST = 60  # issues among which one is chosen


@dataclass(frozen=True)
class Hands:
    """Of whoever is there, at the house's hour."""

    house: House
    dice: random.Random

    def some_issue(self) -> Issue:
        """One of the sample's, at every step, or one that came in meanwhile."""
        return self.dice.choice(list(Issue.select().order_by(Issue.id).limit(NEWEST)))

    def some_open_issue(self) -> Issue:
        """One that is not at its end, as long as there are any."""
        going_on = Issue.select().where(Issue.step.in_(OPEN_STEPS)).order_by(Issue.id.desc())
        return self.dice.choice(list(going_on.limit(NEWEST)) or [self.some_issue()])

    def form(self, visitor: Visitor, page: str, *beginnings: str) -> PageForm | None:
        """A form of the page that posts to where one of these begins. A page that stumbles raises
        AssertionError.
        """
        answer = visitor.get(page)
        assert answer.status_code < 500, f"{page} stumbled"
        if answer.status_code != 200:
            return None
        forms = []
        for form in forms_on(answer):
            form.action = form.action or page
            if form.method == "post" and form.action.startswith(beginnings):
                forms.append(form)
        return self.dice.choice(forms) if forms else None

    def filled(self, form: PageForm, words: str = "两边一起按的。") -> Mapping[str, list[str]]:
        """As somebody would: one of what can be chosen, and a few words where there is room."""
        fields = {name: form.sent.getlist(name) for name in form.sent}
        for name in form.names - {"csrf_token", "form_key", "version"}:
            options = [value for value in form.options(name) if value]
            if len(options) > 1 or name not in fields:
                fields[name] = [self.dice.choice(options)] if options else ["y"]
            elif not fields[name][0]:
                soon = self.house.now + timedelta(days=self.dice.randint(1, 9))
                is_time = name.endswith(("_by", "_at", "_on", "until", "due"))
                fields[name] = [f"{soon:%Y-%m-%dT%H:%M}" if is_time else words]
        return fields
