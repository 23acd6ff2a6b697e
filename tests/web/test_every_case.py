"""Each case of the sample as each of the staff: the moves that it offers and takes from them."""

import re

import pytest

from forms_app import queries
from forms_app.issues.access import actor_of
from forms_app.rules.procedure import MOVES
from forms_app.rules.steps import STEPS, Step
from forms_app.store.accounts import Account
from forms_app.web.staff.moves import STAFF_MOVES
from tests.support.every_page import CASE_ROLES
from tests.support.page_audit import flaws
from tests.support.web import House, actions_on, main_of

pytestmark = pytest.mark.slow


# Whoever works on it may talk to its resident, or write down what they said.
TALKING = {"ask", "reply", "note", "contact", "reissue"}
LISTENING = {"reply", "note", "contact", "reissue"}

# The sample issues, by what they say, and the moves that procedure.md gives each role on each.
# A role that is not named may look, if its reach goes so far, and make no move.
CASES: dict[str, dict[str, set[str]]] = {
    "楼道灯不亮": {  # collected, without an opinion
        "worker": {"opine", "settle", *TALKING},
        "community_leader": {
            "opine",
            "settle",
            "classify",
            "transfer",
            "merge",
            "separate",
            "correct",
            *TALKING,
        },
        "street_leader": {"urge", "correct", *LISTENING},
        "supervisor": {"urge"},
    },
    "广场舞音响": {  # classified C
        "collector": {"reply"},
        "worker": {"claim", *TALKING},
        "community_leader": {
            "assign",
            "extend",
            "transfer",
            "merge",
            "separate",
            "correct",
            *TALKING,
        },
        "street_leader": {"urge", "extend", "correct", *LISTENING},
        "supervisor": {"urge"},
    },
    "下水道总堵": {  # classified B, after C failed
        "worker": TALKING,
        "community_leader": {
            "summon",
            "extend",
            "transfer",
            "merge",
            "separate",
            "correct",
            *TALKING,
        },
        "street_leader": {"urge", "extend", "correct", *LISTENING},
        "supervisor": {"urge"},
    },
    "老楼外墙掉砖": {  # classified A
        "worker": TALKING,
        "community_leader": {"transfer", "merge", "separate", "correct", *TALKING},
        "street_leader": {"summon", "extend", "correct", *LISTENING},
        "supervisor": {"urge"},
    },
    "烧烤摊油烟": {  # responding B
        "worker": TALKING,
        # A partner that was called, too, has no account: its caller writes its answer down.
        "community_leader": {
            "urge",
            "answer",
            "decline",
            "plan",
            "summon",
            "extend",
            "escalate",
            "transfer",
            "merge",
            "separate",
            "correct",
            *TALKING,
        },
        "responder": {"answer", "decline", "ask", "note"},
        "street_leader": {"urge", "extend", "escalate", "correct", *LISTENING},
        "bob": {"answer", "decline", "ask", "note"},
        "supervisor": {"urge"},
    },
    "路灯杆歪了": {  # handling C
        "worker": {"progress", "resolve", *TALKING},
        "community_leader": {
            "urge",
            "progress",
            "extend",
            "escalate",
            "transfer",
            "merge",
            "separate",
            "correct",
            *TALKING,
        },
        "street_leader": {"urge", "extend", "escalate", "correct", *LISTENING},
        "supervisor": {"urge"},
    },
    "工地夜里施工": {  # handling B
        "collector": {"reply"},
        "worker": TALKING,
        "community_leader": {
            "urge",
            "progress",
            "replan",
            "extend",
            "escalate",
            "transfer",
            "merge",
            "separate",
            "correct",
            *TALKING,
        },
        "responder": {"progress", "resolve", "decline", "ask", "note"},
        "street_leader": {"urge", "extend", "escalate", "correct", *LISTENING},
        "bob": {"progress", "decline", "ask", "note"},
        "supervisor": {"urge"},
    },
    "雨棚的铁皮松了": {  # handling B, of which its lead says that it is another's
        "worker": TALKING,
        "community_leader": {
            "urge",
            "progress",
            "replan",
            "extend",
            "escalate",
            "transfer",
            "merge",
            "separate",
            "correct",
            *TALKING,
        },
        "responder": {"progress", "resolve", "decline", "ask", "note"},
        "street_leader": {"rule", "urge", "extend", "escalate", "correct", *LISTENING},
        "bob": {"progress", "decline", "ask", "note"},
        "supervisor": {"urge"},
    },
    "安置房产权证": {  # handling A, referred up
        "worker": TALKING,
        "community_leader": {"merge", "separate", "correct", *TALKING},
        "responder": {"progress", "resolve", "decline", "ask", "note"},
        "street_leader": {
            *("urge", "progress", "replan", "extend", "explain", "transfer", "correct"),
            *TALKING,
        },
        "district_office": {"urge", "progress", "replan", "explain", "transfer", *TALKING},
        "bob": {"progress", "decline", "ask", "note"},
        "supervisor": {"urge"},
    },
    "人行道塌了一块": {  # reported B
        "worker": {"relay", *TALKING},
        "community_leader": {
            "urge",
            "relay",
            "send_back",
            "escalate",
            "separate",
            "correct",
            *TALKING,
        },
        "responder": {"resolve", "ask", "note"},
        "street_leader": {"urge", "escalate", "correct", *LISTENING},
        "bob": {"ask", "note"},
        "supervisor": {"urge"},
    },
    "楼上漏水": {  # evaluating
        "worker": LISTENING,
        "community_leader": {"urge", "evaluate", "shelve", "separate", "correct", *LISTENING},
        "street_leader": {"urge", "evaluate", "correct", *LISTENING},
        "supervisor": {"urge"},
    },
    "僵尸车占着车位": {  # shelved
        "worker": LISTENING,
        "community_leader": {"evaluate", "separate", "correct", *LISTENING},
        "street_leader": {"evaluate", "correct", *LISTENING},
    },
    "社保卡丢了": {  # transferred
        "worker": {"note", "contact", "reissue"},
        "community_leader": {"correct", "note", "contact", "reissue"},
        "street_leader": {"reopen", "correct", "note", "contact", "reissue"},
    },
    "健身器材晃得": {  # merged
        "collector": {"reply"},
        "worker": LISTENING,
        "community_leader": {"reopen", "correct", *LISTENING},
        "street_leader": {"reopen", "correct", *LISTENING},
    },
    "隔壁装修吵": {  # withdrawn
        "worker": {"note", "reissue"},
        "community_leader": {"correct", "note", "reissue"},
        "street_leader": {"reopen", "correct", "note", "reissue"},
    },
    "井盖松动": {  # closed, longer ago than it may come back
        "worker": {"note", "reissue"},
        "community_leader": {"correct", "note", "reissue"},
        "street_leader": {"correct", "note", "reissue"},
    },
}

MOVE_NAMES = [name for name in dict.fromkeys(move.name for move in MOVES) if name in STAFF_MOVES]


def test_the_sample_has_an_issue_at_every_step(house: House) -> None:
    numbers = [house.number(words) for words in CASES]
    # What came in a flood the sample has none of: its page is tried in staff/test_setting_aside.
    steps = {step.value for step in STEPS if step is not Step.SET_ASIDE}
    assert {house.issue(number).step for number in numbers} == steps


@pytest.mark.parametrize("words", CASES)
def test_a_case_offers_each_role_its_moves_and_refuses_the_others(house: House, words: str) -> None:
    number = house.number(words)
    for name in [*CASE_ROLES, "bob", "carol", "erin", "frank"]:
        visitor = house.staff(name)
        page = visitor.get(f"/staff/issues/{number}")
        offered = CASES[words].get(name, set())
        actor = actor_of(Account.get(Account.username == name), house.circle)
        at = queries.Moment(house.circle.clocks, house.now)
        found = queries.case(actor, number, at)
        if found is None:
            assert page.status_code == 404, name
            assert offered == set(), name
        else:
            assert page.status_code == 200, name
            assert flaws(page.text) == [], name
            assert set(found.moves) == offered, name
            prefix = f"/staff/issues/{number}/"
            shown = [a.removeprefix(prefix) for a in actions_on(page)]
            assert sorted(shown) == sorted(found.moves)
            # What is due first, and nothing else lies open.
            due = found.due(actor, house.now)
            assert shown[:1] == ([due] if due else shown[:1]), name
            assert re.findall(r'id="move-(\w+)" open', page.text) == ([due] if due else []), name
            if not offered:
                assert "现在不等您办" in main_of(page)
        for move in MOVE_NAMES:
            answer = visitor.post(f"/staff/issues/{number}/{move}")
            expected = 422 if move in offered else 404 if found is None else 403
            assert answer.status_code == expected, (name, move)
    assert visitor.post(f"/staff/issues/{number}/nonsense").status_code == 404


def test_nobody_in_another_community_or_unit_sees_a_case(house: House) -> None:
    number = house.number("烧烤摊油烟")
    for name in ("carol", "erin", "frank", "collector", "admin", "editor"):
        page = house.staff(name).get(f"/staff/issues/{number}")
        assert page.status_code in (403, 404), name
        assert "烧烤摊" not in page.text, name


HERE, ABOVE = "金桂社区（示例）", "黄金岭街道（示例）"
# Who reads whose move is next, at each step; what waits for nobody says no more than its step does.
TURNS: dict[str, dict[str, str]] = {
    "楼道灯不亮": {
        "worker community_leader": "现在轮到您：初步意见。",
        "street_leader supervisor": f"现在轮到{HERE}：初步意见。",
    },
    "广场舞音响": {
        "community_leader": "现在轮到您：交办。",
        "collector worker street_leader supervisor": f"现在轮到{HERE}：交办。",
    },
    "老楼外墙掉砖": {
        "street_leader": "现在轮到您：号召。",
        "worker community_leader supervisor": f"现在轮到{ABOVE}：号召。",
    },
    "烧烤摊油烟": {
        # Whoever writes an answer down for a unit is not who is to answer.
        "community_leader": "现在轮到区公管处、区住建局、区交警大队：响应。现在轮到您：制定方案。",
        "responder bob": "现在轮到您：响应。现在轮到示例社区书记：制定方案。",
    },
    "路灯杆歪了": {
        "worker": "现在轮到您：办结。",
        "community_leader supervisor": "现在轮到示例社区干部：办结。",
    },
    "雨棚的铁皮松了": {
        "responder": f"现在轮到{ABOVE}：裁定。现在轮到您：办结。",
        "street_leader": "现在轮到您：裁定。现在轮到区公管处：办结。",
        "worker bob": f"现在轮到{ABOVE}：裁定。现在轮到区公管处：办结。",
    },
    "安置房产权证": {
        "district_office": "现在轮到您：答复提级协调。现在轮到区公管处：办结。",
        "street_leader": "现在轮到改革领导小组办公室：答复提级协调。现在轮到区公管处：办结。",
    },
    "人行道塌了一块": {
        "community_leader": "现在轮到您：反馈。",
        "worker responder bob supervisor": "现在轮到示例社区书记：反馈。",
    },
    "楼上漏水": {
        "community_leader": "由您提醒反映人评价。",
        "worker street_leader supervisor": "",
    },
    "僵尸车占着车位": {"worker community_leader street_leader supervisor": ""},
    "社保卡丢了": {"worker community_leader": ""},
    "健身器材晃得": {"collector community_leader": ""},
    "隔壁装修吵": {"community_leader": ""},
    "井盖松动": {"community_leader supervisor": ""},
}


def turn_on(page: str) -> str:
    """Whose move it is, as the head of a case says it."""
    (head,) = re.findall(r'<p class="case-stands">(.*?)</p>', page, re.DOTALL)
    return "".join(re.findall(r"<strong>(.*?)</strong>", head, re.DOTALL))


def test_the_head_of_a_case_says_to_everybody_whose_move_it_is(house: House) -> None:
    for words, lines in TURNS.items():
        number = house.number(words)
        for names, line in lines.items():
            for name in names.split():
                page = house.staff(name).get(f"/staff/issues/{number}")
                assert turn_on(page.text) == line, (words, name)
    assert {house.issue(house.number(words)).step for words in TURNS} == {
        step.value for step in STEPS if step is not Step.SET_ASIDE
    }
