"""The form about an account: how it signs in, what it is, and where."""

from typing import TypedDict

from forms_app.community import Circle
from forms_app.issues.access import PLACE_OF
from forms_app.queries.facts import AccountFacts
from forms_app.rules.names import name_order
from forms_app.rules.steps import ACCOUNT_ROLES, CONTENT_ROLES, ROLE_LABELS, Role
from forms_app.web.forms.base import Form
from forms_app.web.forms.fields import line, offered, offered_communities, pick

_MISSING = {
    "community_id": "这个角色要选社区",
    "organization_id": "这个角色要选单位",
    "subdistrict_id": "有几个街道，这个角色要选是哪一个",
}


class Place(TypedDict, total=False):
    """Where an account belongs; what its role has not is left out."""

    community_id: str
    organization_id: str
    subdistrict_id: str


class AccountForm(Form):
    """`username` is asked of a new account alone: what has been done is known by it."""

    display_name = line("称呼", 40, "请填写称呼", autocomplete="off")
    username = line(
        "登录用的名字", 40, "请填写登录用的名字", autocomplete="off", autocapitalize="none"
    )
    role = pick("做什么", required="请选择做什么")
    community_id = pick("社区")
    organization_id = pick("单位")
    subdistrict_id = pick("街道")
    email = line("邮箱", 100, autocomplete="off", inputmode="email")

    def offer(self, circle: Circle, *, is_sample: bool = False) -> None:
        """Fills the choices; while a sample is looked at, nobody of the office's belongs to it."""
        roles = CONTENT_ROLES if is_sample else ACCOUNT_ROLES
        labels = {role.value: ROLE_LABELS[role] for role in roles}
        self.role.choices = offered(labels, "请选择")
        names = {one.id: one.name for one in circle.communities.values()}
        self.community_id.choices = offered_communities(circle, names, "不属于社区")
        units = sorted(circle.departments.values(), key=lambda one: name_order(one.name))
        self.organization_id.choices = offered({u.id: u.name for u in units}, "不属于单位")
        if circle.has_several_subdistricts:
            streets = {one.id: one.name for one in circle.subdistricts.values()}
            self.subdistrict_id.choices = offered(streets, "不属于街道")
        else:
            del self.subdistrict_id

    def show(self, account: AccountFacts) -> None:
        """Puts in what the account is; a place that there is no more is shown as none."""
        for name in ("display_name", "role", "community_id", "organization_id", "email"):
            self[name].data = getattr(account, name)
        if "subdistrict_id" in self:
            self.subdistrict_id.data = account.subdistrict_id

    def validate(self, extra_validators: object = None) -> bool:
        """The role, too, has the place that it needs."""
        is_valid = super().validate(extra_validators)
        needed = PLACE_OF.get(self.role.data, "")
        may_be_all = self.role.data == Role.SUPERVISOR
        if needed in self and not may_be_all and not self[needed].data:
            self.refuse(needed, _MISSING[needed])
            is_valid = False
        return is_valid

    def place(self) -> Place:
        """Where the account belongs."""
        column = PLACE_OF.get(self.role.data)
        found = Place()
        if column == "community_id":
            found["community_id"] = self.community_id.data
        elif column == "organization_id":
            found["organization_id"] = self.organization_id.data
        elif column == "subdistrict_id" and column in self:
            found["subdistrict_id"] = self.subdistrict_id.data
        return found
