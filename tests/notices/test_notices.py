"""The words of notices, the file of the robots, and what each robot is sent and answers."""

import base64
import hmac
import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace

from forms_app.casework import TOLD_AS_ONE
from forms_app.casework.audience import HEARERS
from forms_app.casework.reminders import TOLD_OF
from forms_app.commands import cli
from forms_app.community import Circle, DataRefused
from forms_app.notices.calls import call, judge
from forms_app.notices.delivery import Post
from forms_app.notices.http import Answer
from forms_app.notices.robots import Robot, office_robots, read_robots, signing_key
from forms_app.notices.texts import (
    GROUP_BYTES,
    RESIDENT_WORDS,
    STAFF_WORDS,
    NoticeWords,
    body,
    group_text,
    subject,
)
from forms_app.rules.events import EVENTS
from forms_app.rules.move import Hearer
from forms_app.rules.procedure import MOVES
from forms_app.rules.steps import Step
from forms_app.rules.worktime import CHINA
from forms_app.settings import Settings

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 24, 0, 0, tzinfo=CHINA)
PUBLIC = "https://circle.example.cn/x"
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
TOLD_ONE = [NoticeWords("260001", "summon", "responding", DUE)]


def test_every_event_that_staff_are_told_of_has_its_words() -> None:
    assert set(STAFF_WORDS) == {*EVENTS, *TOLD_OF}
    assert {move.name for move in MOVES if move.telling} <= set(EVENTS)
    assert set(HEARERS) == set(Hearer)


# Nothing is asked for by a deadline: it is over, or only told.
WITHOUT_DEADLINE = {
    *("withdraw", "transfer", "join", "left_alone", "remind_verdict", "reply", "still"),
    *("resolve", "relay", "passed", "evaluate", "dissatisfied"),
}


@pytest.mark.parametrize("event", STAFF_WORDS)
def test_a_sentence_names_number_step_and_deadline(event: str) -> None:
    for due in (DUE, None):
        sentence = NoticeWords("260001", event, Step.HANDLING.value, due).sentence
        assert sentence.startswith("问题 260001（办理中）：")
        assert sentence.endswith("。")
        assert "{" not in sentence
        if due is not None and event not in WITHOUT_DEADLINE:
            assert "11月23日（周一）24:00" in sentence


def test_a_resident_hears_of_every_step_in_words_of_their_own() -> None:
    for move in {move.name for move in MOVES}:
        for step in Step:
            sentence = NoticeWords("260001", move, step.value, None, is_for_resident=True).sentence
            own = RESIDENT_WORDS.get(move, "有新进展：")
            assert sentence.startswith(f"您反映的问题 260001 {own}")
    told = NoticeWords("260001", "remind_verdict", "evaluating", None, is_for_resident=True)
    assert "请您评价" in told.sentence
    assert told.link(PUBLIC) == f"{PUBLIC}/issues/"


def test_of_a_flood_it_is_said_how_many_there_are() -> None:
    for event in TOLD_AS_ONE:
        alone, of_many = (
            NoticeWords("260001", event, "collected", DUE, in_burst=count).sentence
            for count in (0, 15)
        )
        assert of_many == f"{alone}这一阵共有 15 件，请一起看。"


def test_without_a_public_address_there_is_no_link() -> None:
    assert TOLD_ONE[0].link(None) == ""
    assert "http" not in body(TOLD_ONE, "示例", None) + group_text(TOLD_ONE, None)


def test_a_group_is_never_told_more_than_a_robot_takes() -> None:
    many = [NoticeWords(f"26{n:04}", "overdue_result", "handling", DUE) for n in range(60)]
    text = group_text(many, PUBLIC)
    assert len(text.encode()) <= 2048
    assert len(text.encode()) > GROUP_BYTES - 300
    assert text.startswith("60 件事请大家看一下：\n问题 260000")
    shown = text.count("问题 26")
    assert text.endswith(f"还有 {60 - shown} 件，请登录查看。")
    assert subject(many) == "60 件事请您看一下"


def hooks_yml(folder: Path, text: str) -> None:
    (folder / "notify.yml").write_text(text, encoding="utf-8")


GOOD = f"""
inside: [robot.street.example, 10.0.0.8]
hooks:
  - {{ name: jingui-wecom, community: jingui, kind: wecom,
      url: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hush" }}
  - {{ name: street-ding, community: all, kind: dingtalk, secret: SEChush,
      url: "https://oapi.dingtalk.com/robot/send?access_token=hush" }}
  - {{ name: own, community: yinxing, kind: wecom, url: "http://robot.street.example/x" }}
  - {{ name: ours, community: all, kind: generic, secret: {SECRET},
      url: "https://hook.example.cn/" }}
"""


def test_each_community_has_its_robots_and_those_of_all(tmp_path: Path) -> None:
    hooks_yml(tmp_path, GOOD)
    robots = read_robots(tmp_path, {"jingui": 1, "yinxing": 1})
    assert robots.of("jingui") == ["jingui-wecom", "street-ding", "ours"]
    assert robots.of("yinxing") == ["street-ding", "own", "ours"]
    assert robots.inside == {"robot.street.example", "10.0.0.8"}
    assert "hush" not in repr(robots)
    assert SECRET not in repr(robots)


def test_a_community_that_was_dissolved_takes_its_group_along_and_stops_nothing(
    settings: Settings, district_circle: Circle
) -> None:
    private = settings.private_dir
    private.mkdir(exist_ok=True)
    hooks_yml(private, GOOD.replace("community: yinxing", "community: huangjinling"))
    homes = {
        name: replace(one, subdistrict="huangjinling")
        for name, one in district_circle.communities.items()
        if name != "jingui"
    }
    ling = district_circle.subdistricts["huangjinling"]
    after = replace(district_circle, communities=homes, subdistricts={ling.id: ling})
    with pytest.raises(DataRefused, match="没有社区「jingui」"):
        office_robots(private, after)
    robots = Post.of(settings, after).robots
    assert robots.of("hubin") == ["street-ding", "own", "ours"]
    # The last sub-district that is left still has its own group.
    everything = replace(after, communities={**homes, "jingui": after.communities["yinxing"]})
    assert office_robots(private, everything).of("yinxing") == ["street-ding", "own", "ours"]


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    assert read_robots(tmp_path, {"jingui": 1}).of("jingui") == []


WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hush"


@pytest.mark.parametrize(
    ("change", "column", "remedy"),
    [
        ("kind: wechat", "kind", "是不是"),
        ("community: nowhere", "community", "jingui"),
        ("url: qyapi.weixin.qq.com/hush", "url", "https://"),
        ("url: 'https://u:hush@qyapi.weixin.qq.com/'", "url", "https://"),
        ("url: 'https://hush.example.cn/'", "url", "inside"),
        ("kind: generic", "secret", "whsec_"),
        ("secret: 密钥hush", "secret", "复制"),
        ("name: 金桂", "name", "小写"),
        ("token: hush", "token", "可用的有"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_without_the_secret(
    tmp_path: Path, change: str, column: str, remedy: str
) -> None:
    fields = {"name": "a", "community": "jingui", "kind": "wecom", "url": f"'{WECOM}'"}
    key, _, value = change.partition(": ")
    fields[key] = value
    lines = "\n    ".join(f"{k}: {v}" for k, v in fields.items())
    hooks_yml(tmp_path, f"hooks:\n  - {lines}\n")
    with pytest.raises(DataRefused) as refused:
        read_robots(tmp_path, {"jingui": 1})
    (error,) = refused.value.errors
    assert error.file == "notify.yml"
    assert (error.column, "行" in error.place) == (column, True)
    assert remedy in error.remedy
    assert "hush" not in str(refused.value)


def test_two_robots_cannot_have_one_name(tmp_path: Path) -> None:
    row = f"  - {{ name: a, community: all, kind: wecom, url: '{WECOM}' }}\n"
    hooks_yml(tmp_path, f"hooks:\n{row}{row}")
    with pytest.raises(DataRefused, match="重复"):
        read_robots(tmp_path, {"jingui": 1})


def test_checking_the_data_reads_the_robots_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    sample_data: Path,
) -> None:  # fmt: skip
    (tmp_path / "community").symlink_to(sample_data / "community")
    (tmp_path / "private").mkdir()
    monkeypatch.setenv("CIRCLE_DATA", str(tmp_path))
    hooks_yml(tmp_path / "private", GOOD)
    assert cli.main(["check-data"]) == 0
    assert "群机器人：4" in capsys.readouterr().out
    hooks_yml(tmp_path / "private", GOOD.replace("kind: dingtalk", "kind: dingding"))
    assert cli.main(["check-data"]) == 1
    said = capsys.readouterr().err
    assert "notify.yml" in said
    assert "hush" not in said


def robot(kind: str, secret: str = "") -> Robot:
    return Robot("robot", "all", kind, "https://robot.example.cn/send?key=1", secret)


@pytest.mark.parametrize("kind", ["wecom", "dingtalk"])
def test_wecom_and_dingtalk_take_the_same_shape(kind: str) -> None:
    request = call(robot(kind), "k", TOLD_ONE, PUBLIC, NOW)
    assert request.url == "https://robot.example.cn/send?key=1"
    assert json.loads(request.body) == {
        "msgtype": "text",
        "text": {"content": group_text(TOLD_ONE, PUBLIC)},
    }
    assert request.headers["Content-Type"].startswith("application/json")


def test_dingtalk_is_signed_in_the_address() -> None:
    url = urlsplit(call(robot("dingtalk", "SECabc"), "k", TOLD_ONE, PUBLIC, NOW).url)
    query = parse_qs(url.query)
    millis = str(int(NOW.timestamp() * 1000))
    expected = hmac.new(b"SECabc", f"{millis}\nSECabc".encode(), sha256).digest()
    assert query["timestamp"] == [millis]
    assert query["sign"] == [base64.b64encode(expected).decode()]
    assert query["key"] == ["1"]


def test_feishu_is_signed_in_the_body_with_an_empty_message() -> None:
    content = json.loads(call(robot("feishu", "abc"), "k", TOLD_ONE, PUBLIC, NOW).body)
    seconds = str(int(NOW.timestamp()))
    expected = hmac.new(f"{seconds}\nabc".encode(), b"", sha256).digest()
    assert content == {
        "msg_type": "text",
        "content": {"text": group_text(TOLD_ONE, PUBLIC)},
        "timestamp": seconds,
        "sign": base64.b64encode(expected).decode(),
    }
    assert "sign" not in json.loads(call(robot("feishu"), "k", TOLD_ONE, PUBLIC, NOW).body)


def test_the_generic_webhook_is_signed_as_the_standard_says() -> None:
    request = call(robot("generic", SECRET), "msg-1", TOLD_ONE, PUBLIC, NOW)
    stamp = str(int(NOW.timestamp()))
    signed = b"msg-1." + stamp.encode() + b"." + request.body
    expected = base64.b64encode(hmac.new(b"k" * 32, signed, sha256).digest()).decode()
    assert request.headers["webhook-id"] == "msg-1"
    assert request.headers["webhook-timestamp"] == stamp
    assert request.headers["webhook-signature"] == f"v1,{expected}"
    content = json.loads(request.body)
    assert (content["type"], content["timestamp"]) == ("notices", "2026-11-23T04:00:00Z")
    assert content["data"]["notices"] == [
        {
            "number": "260001",
            "event": "summon",
            "step": "responding",
            "due_at": "2026-11-23T16:00:00Z",
            "text": TOLD_ONE[0].sentence,
            "url": f"{PUBLIC}/staff/issues/260001",
        }
    ]


def test_a_signing_key_is_long_and_marked() -> None:
    assert signing_key(SECRET) == b"k" * 32
    for secret in ("", "whsec_", "whsec_short", SECRET.removeprefix("whsec_"), "whsec_不是"):
        assert signing_key(secret) is None


@pytest.mark.parametrize(
    ("kind", "status", "answer", "is_taken", "is_final"),
    [
        ("wecom", 200, b'{"errcode": 0, "errmsg": "ok"}', True, False),
        ("dingtalk", 200, b'{"errcode": 310000, "errmsg": "sign not match"}', False, True),
        ("dingtalk", 200, b'{"errcode": 410100}', False, False),
        ("feishu", 200, b'{"code": 0, "msg": "success"}', True, False),
        ("feishu", 200, b'{"code": 19021, "msg": "sign match fail"}', False, True),
        ("feishu", 400, b'{"code": 9499}', False, True),
        ("wecom", 200, b"<html>", False, False),
        ("wecom", 200, b"[]", False, False),
        ("wecom", 200, b'{"errcode": "0"}', False, False),
        ("generic", 204, b"", True, False),
        ("generic", 410, b"", False, True),
        ("generic", 503, b"", False, False),
        ("generic", 308, b"", False, False),
        ("feishu", 404, b"<html>", False, False),
    ],
)  # fmt: skip
def test_an_answer_is_understood(
    kind: str, status: int, answer: bytes, is_taken: bool, is_final: bool
) -> None:
    verdict = judge(kind, Answer(status, {}, answer))
    assert (verdict.error == "", verdict.is_final) == (is_taken, is_final)
