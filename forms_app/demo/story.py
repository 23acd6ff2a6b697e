"""What the sample circle has lived through: issues in every step, ratings, assessments, funds."""

from datetime import timedelta

from forms_app import casework
from forms_app.demo import records
from forms_app.demo.teller import Teller, days, hours
from forms_app.issues.access import Actor, resident
from forms_app.rules.keys import format_ticket
from forms_app.rules.steps import Role
from forms_app.store.models import Issue


class Story(Teller):
    """The issues of the sample, and what its offices have on record beside them."""

    def tell(self) -> None:
        """Every step, a failed C, a failed B, a second round, and enough closed ones to count."""
        new = self.report("楼道灯不亮，晚上看不清台阶。", "street_light", timedelta(minutes=4))
        self.report("小区门口积水，下雨就过不去。", "drainage", timedelta(minutes=14))
        self.opined("电动车堵住消防通道。", "fire_lane", hours(3))
        self.classified("广场舞音响太大，孩子写不了作业。", "noise", hours(6), "C", 2)
        self.classified("老楼外墙掉砖，下面是人行道。", "property_service", hours(5), "A", 1)
        self.summoned("烧烤摊油烟飘进窗户，多次说过没有用。", "cooking_fumes", days(1), "B")
        leaning = self.handled("路灯杆歪了，怕倒。", "street_light", days(1), "C")
        self.handled("工地夜里施工，震得睡不着。", "dust", days(3), "B", progress=True)
        self.escalated("下水道总堵，社区通过两次，没几天又堵。", "drainage", days(12), "C")
        number = self.escalated("安置房产权证迟迟办不下来。", "relocation", days(26), "B")
        self.refer_up(number)
        to_judge = self.resolved("楼上漏水，物业一直没修。", "property_service", days(4), "C")
        self.tickets = tuple(format_ticket(n, self.secrets[n]) for n in (new, to_judge))
        self.second_round("垃圾桶没人清，味道很大。", "rubbish", days(9))
        number = self.resolved("僵尸车占着车位三个月。", "parking", days(20), "C")
        self.shelve(number, days(20))
        number = self.report("社保卡丢了，怎么补办。", "other", days(6))
        self.transfer(number, days(6))
        first = self.handled("健身器材的螺丝松了。", "other", days(2), "C")
        second = self.report("健身器材晃得厉害，孩子在上面玩。", "other", days(2) - hours(3))
        casework.merge(
            self.circle, self.leader, second, 1, into=first, now=self.at(days(2) - hours(4))
        )
        number = self.report("隔壁装修吵，已经停了。", "noise", days(8))
        casework.withdraw(
            self.circle, resident(number), number, None, "已经不吵了。",
            now=self.at(days(8) - hours(5)),
        )  # fmt: skip
        self.opined("水表箱的盖子丢了。", "other", days(1), after=timedelta(minutes=25))
        self.next_door()
        for place in range(CLOSED_ISSUES):
            text, category = _CLOSED[place % len(_CLOSED)]
            ago = days(75 - 2 * place)
            number = self.resolved(text, category, ago, "C")
            if place % 6 == 0:
                ago = self.done_again(number, ago - days(2))
            satisfaction = (5, 5, 4, 4, 3)[place % 5]
            self.verdict(number, ago - days(2), satisfaction, "", may_tell=place % 4 == 1)
            if place % 4 == 1:
                self.tell_publicly(number, ago - days(2), publishes=place + 4 < CLOSED_ISSUES)
        for text in ("路灯杆倾斜，刮风时晃得怕人。", "门口那根路灯杆要倒了。"):
            self.also_met(leaning, text, hours(5))
        self.come_again()
        self.declined("沿街雨棚的铁皮松了，刮风哗哗响。", "dust", days(2))
        self.reported("人行道塌了一块，怕人踩空。", "drainage", days(2))
        records.rate(self)
        records.assess(self)
        records.keep_books(self, leaning)
        casework.find_topics(self.circle, now=self.present)

    def come_again(self) -> None:
        """One matter that many bring over a season, the last before this month began."""
        if not any(estate.id == _RECURRING_AT for estate in self.estates):
            return
        for place, (ago, text, category) in enumerate(_RECURRING):
            told = days(ago)
            number = self.resolved(text, category, told, "C", estate_id=_RECURRING_AT)
            if place % 4 == 0:
                told = self.done_again(number, told - days(2))
            self.verdict(number, told - days(2), (4, 3, 5)[place % 3], "")

    def also_met(self, number: str, text: str, ago: timedelta) -> None:
        """A neighbour of the same estate reports the same, sees the offer and joins."""
        known = Issue.get(Issue.number == number)
        same = self.report(text, known.category, ago, estate_id=known.estate_id)
        casework.join(
            self.circle, resident(same), same, None, into=number,
            now=self.at(ago - timedelta(minutes=1)),
        )  # fmt: skip

    def next_door(self) -> None:
        """The other communities' issues: enough to be counted, each with its first answer."""
        if all(estate.community_id == self.leader.community_id for estate in self.estates):
            return
        for place, text in enumerate(_NEXT_DOOR):
            ago = days(place) + timedelta(minutes=9)
            number = self.report(text, "other", ago, at_home=False)
            there = Issue.get(Issue.number == number).community_id
            leader = Actor(Role.COMMUNITY_LEADER, self.leader.name, community_id=there)
            self.move(
                casework.opine, leader, number, ago - timedelta(minutes=5),
                text="收到，下午去看，看过以后给您回话。",
            )  # fmt: skip


_NEXT_DOOR = (
    "公园的长椅断了一条腿。",
    "路口的指示牌被树挡住了。",
    "活动室的门锁坏了。",
    "楼道里堆着旧家具。",
    "篮球架的网破了。",
    "雨水口堵了，积着水。",
)
CLOSED_ISSUES = 30
_CLOSED = (
    ("单元门口的灯坏了。", "street_light"),
    ("垃圾桶满了没人清。", "rubbish"),
    ("电动车堵在楼道口。", "fire_lane"),
    ("路灯一闪一闪。", "street_light"),
    ("花坛边堆着装修垃圾。", "rubbish"),
    ("井盖松动，车一压就响。", "drainage"),
)
# Days ago: longer than a month, for a month's topics are of what came before it began. The tenth
# only has the place in common with the rest; the last is of the same matter and says none of its
# words, so that somebody has to find it.
_RECURRING_AT = "lingxiu"
_RECURRING = (
    (113, "3栋的电梯又停了，我妈八十多岁，从六楼走下来歇了三回。", "elevator"),
    (106, "坐电梯到四楼猛地一抖，往下掉了一截，吓得我腿软。", "elevator"),
    (98, "电梯门夹人，昨天夹住孩子的书包，按开门键没有反应。", "elevator"),
    (91, "我家在5栋，这个月电梯坏了四次，修一次管两天。", "elevator"),
    (84, "电梯按钮按了不亮，要使劲捅好几下才肯走。", "property_service"),
    (77, "昨晚下班被关在电梯里二十分钟，紧急电话没有人接。", "elevator"),
    (70, "电梯停用的纸贴了一个星期，推轮椅的人怎么出门？", "elevator"),
    (63, "电梯一开动就咔咔响，轿厢也晃，是不是该检修了。", "elevator"),
    (56, "轿厢里的年检标志过期两个月了，电梯还在用，谁来管。", "elevator"),
    (49, "电梯口的墙上贴满小广告，刚铲掉又有人来贴。", "elevator"),
    (42, "物业说配件要等，电梯又停了三天，买菜提上九楼要命。", "elevator"),
    (38, "天天爬十一楼，膝盖受不了，到底哪天能修好。", "other"),
)
