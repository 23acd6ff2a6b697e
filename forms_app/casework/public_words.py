"""Words that are to be published of issues, money and meetings: nobody's name, phone or letter in
them.
"""

from collections.abc import Iterable

from forms_app.casework.errors import NotPossible
from forms_app.issues.own_photos import are_residents
from forms_app.rules.folding import says_nothing
from forms_app.rules.public_notes import crossing
from forms_app.store.accounts import Account
from forms_app.store.models import Entry, Issue


def check_told(field: str, told: str, numbers: Iterable[str]) -> None:
    """Raises NotPossible beside `field` where somebody could be known from these words.

    `numbers` are the issues that they are about. In a transaction or out of one.
    """
    if says_nothing(told):
        raise NotPossible(field, "请用社区自己的话写一写，不写姓名和电话。")
    for account in Account.select(Account.username, Account.display_name):
        if crossing(told, (account.display_name, account.username), ()):
            raise NotPossible(field, "里面有电话、门牌，或者工作人员的名字，请删掉。")
    for issue in Issue.select().where(Issue.number.in_(list(numbers) or [""])):
        check_crossing(field, told, issue)


def check_crossing(field: str, told: str, issue: Issue) -> None:
    """Raises NotPossible beside `field` where the words tell who reported the issue, or in whose
    words.
    """
    contacts = (issue.reporter_name, issue.reporter_phone, issue.reporter_email)
    is_word = are_residents() | Entry.satisfaction.is_null(False)
    theirs = Entry.select(Entry.note).where(Entry.issue == issue, is_word)
    refused = crossing(
        told, contacts, [issue.description, issue.location, *(row.note for row in theirs)]
    )
    if refused:
        raise NotPossible(field, refused)
