"""Why a move is not made: each error is one fact, for the person who pressed and for the web."""

from forms_app.rules.said import said


class CaseError(Exception):
    """A fact that stops a move: an HTTP status and a sentence that anybody may read."""

    status = 422
    sentence = "这一步现在不能办理。"

    def __init__(self, sentence: str | None = None) -> None:
        self.sentence = sentence or self.sentence
        super().__init__(self.sentence)


class IssueUnknown(CaseError):
    status = 404
    sentence = "没有找到这个问题，或者它不在您的查看范围内。"


class NotAllowed(CaseError):
    status = 403
    sentence = "您的角色不能办理这一步。"


class StaleCase(CaseError):
    status = 409
    sentence = "刚刚有同事先办了一步，情况已经变了。您写的内容还在，请看过最新进展再决定。"


class GoesOnElsewhere(StaleCase):
    """Its resident took it back, and the work goes on under another number."""

    def __init__(self, number: str) -> None:
        super().__init__(
            said(
                "这一件的反映人撤回了，同一件事在问题 %(number)s 接着办。"
                "您写的内容还在，请到那一件去办。",
                number=number,
            )
        )


class AlreadyMade(CaseError):
    """The same form was pressed before: what it asked for is done."""

    status = 409
    sentence = "这一步刚才已经办好了。"


class NotPossible(CaseError):
    """What was asked for does not fit; `field` names the input at fault."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)
