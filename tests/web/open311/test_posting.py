"""A report by a program: an issue like any other, taken once, with nothing lost of what it said."""

import pytest

from forms_app.store.models import Issue
from forms_app.web.open311 import services
from tests.support.open311 import REPORT, Program, ticket_in
from tests.support.web import NOW, House

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
WHOLE = REPORT | {
    "api_key": "xyz", "jurisdiction_id": "city.example", "device_id": "tt222111",
    "account_id": "123456", "nonsense": "x", "attribute[nonsense]": "x",
    "attribute[estate]": "guiyuan", "attribute[consent]": "yes",
    "first_name": "小明", "last_name": "王", "phone": "13800000000", "email": "ming@example.cn",
    "lat": "25.831", "long": "114.933", "media_url": "https://photos.example/1.jpg",
}  # fmt: skip


def errors(program: Program, fields: dict[str, str], status: int = 400) -> list[str]:
    before = Issue.select().count()
    answer = program.post(fields)
    assert answer.status_code == status, answer.text
    told = program.told(answer)
    assert {one["code"] for one in told} == {str(status)}
    assert Issue.select().count() == before
    return [one["description"] for one in told]


def test_a_report_is_an_issue_like_any_other(house: House, program: Program) -> None:
    answer = program.post(WHOLE)
    assert answer.status_code == 201
    (told,) = program.told(answer)
    assert list(told) == ["service_request_id", "service_notice", "account_id"]
    assert told["account_id"] is None
    issue = house.issue(told["service_request_id"])
    assert (issue.community_id, issue.estate_id, issue.category) == (
        "jingui", "guiyuan", "street_light",
    )  # fmt: skip
    assert (issue.reporter_name, issue.reporter_phone) == ("王小明", "13800000000")
    assert (issue.reporter_email, issue.location) == ("ming@example.cn", "3栋2单元门口")
    assert (issue.step, issue.channel, issue.received_at) == ("collected", "web", NOW)
    assert [entry.move for entry in house.entries(issue.number)] == ["submit"]
    page = house.staff("worker").get(f"/staff/issues/{issue.number}")
    assert "楼道灯不亮" in page.text
    assert "Set-Cookie" not in answer.headers


def test_its_notice_says_when_and_holds_a_ticket_that_opens_it(
    house: House, program: Program
) -> None:
    (told,) = program.told(program.post(REPORT))
    assert told["service_notice"].startswith("10分钟内答复。")
    assert "119" in told["service_notice"]
    alice = house.visitor()
    answer = alice.fill("/issues/", {"ticket": ticket_in(told)})
    assert answer.headers["Location"] == f"/issues/{told['service_request_id']}"


def test_place_and_photo_become_words_and_no_photo_is_fetched(
    house: House, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reached(*_: object, **__: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr("socket.getaddrinfo", reached)
    monkeypatch.setattr("socket.socket.connect", reached)
    fields = WHOLE | {"media_url": "http://169.254.169.254/latest\nmeta-data"}
    issue = house.issue(program.told(program.post(fields))[0]["service_request_id"])
    assert issue.description == (
        "楼道灯不亮\n纬度25.831，经度114.933（WGS84）\n"
        "照片的地址，没有打开过：http://169.254.169.254/latest meta-data"
    )
    page = house.staff("worker").get(f"/staff/issues/{issue.number}").text
    assert "169.254.169.254" in page
    assert 'href="http://169.254' not in page
    assert 'src="http://169.254' not in page


def test_without_words_for_it_the_place_is_its_degrees(house: House, program: Program) -> None:
    fields = {"service_code": "noise", "description": "吵", "attribute[community]": "jingui",
              "lat": "-25.8", "long": "+114.933"}  # fmt: skip
    issue = house.issue(program.told(program.post(fields))[0]["service_request_id"])
    assert (issue.location, issue.description) == ("纬度-25.8，经度+114.933（WGS84）", "吵")


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("小明", "王", "王小明"),
        ("John", "Smith", "John Smith"),
        ("", "王", "王"),
        ("John", "", "John"),
    ],
)
def test_a_name_is_written_as_people_write_it(
    house: House, first: str, last: str, name: str
) -> None:
    program = Program(house)
    fields = REPORT | {"first_name": first, "last_name": last, "attribute[consent]": "yes"}
    number = program.told(program.post(fields))[0]["service_request_id"]
    assert house.issue(number).reporter_name == name


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"service_code": ""}, "请写明 service_code"),
        ({"description": ""}, "发生了什么事：请写一下发生了什么事"),
        ({"description": " \u200b\n"}, "请写一下发生了什么事"),
        ({"description": "长" * 10_001}, "最多10000字，现在有10001字"),
        ({"address_string": "长" * 101}, "最多100字，现在有101字"),
        ({"first_name": "长" * 31, "attribute[consent]": "yes"}, "最多30字，现在有31字"),
        ({"phone": "打我电话", "attribute[consent]": "yes"}, "联系电话：电话只写数字"),
        ({"email": "x", "attribute[consent]": "yes"}, "邮箱：邮箱请写成"),
        ({"phone": "13800000000"}, "请在这里打勾"),
        ({"phone": "13800000000", "attribute[consent]": "no"}, "请在这里打勾"),
        ({"attribute[community]": ""}, "在哪个社区：请选择小区，或者社区"),
        ({"attribute[community]": "nowhere"}, "在哪个社区：没有这个选项"),
        ({"attribute[estate]": "nowhere"}, "在哪个小区：没有这个选项"),
        ({"address_id": "nowhere"}, "在哪个小区：没有这个选项"),
        ({"attribute[estate]": "yinxing_home"}, "银杏家园属于银杏社区"),
        ({"address_string": ""}, "请写明在哪里"),
        ({"lat": "25.8"}, "lat 和 long 要一起写"),
        ({"lat": "25.8", "long": "东"}, "lat 和 long 要一起写"),
        ({"lat": "90.1", "long": "1"}, "lat 和 long 要一起写"),
        ({"lat": "1", "long": "-180.5"}, "lat 和 long 要一起写"),
        ({"lat": "nan", "long": "1e1"}, "lat 和 long 要一起写"),
    ],
)
def test_what_is_wrong_is_said_in_chinese_and_nothing_is_taken(
    house: House, changes: dict[str, str], sentence: str
) -> None:
    for program in (Program(house), Program(house, "xml")):
        (told,) = errors(program, REPORT | changes)
        assert sentence in told


def test_all_that_is_wrong_is_said_at_once(program: Program) -> None:
    told = errors(program, {"service_code": "noise", "lat": "x", "email": "x"})
    assert len(told) == 5


def test_a_service_that_there_is_none_of_is_not_found(program: Program) -> None:
    (told,) = errors(program, REPORT | {"service_code": "none"}, 404)
    assert "service_code" in told


def test_three_thousand_letters_emoji_and_what_xml_cannot_hold(
    house: House, program: Program
) -> None:
    written = "灯" * 2990 + "😀👨‍👩‍👧 <b>&]]>\x00\x0b\x1f\ufffe￿"
    answer = program.post(REPORT | {"description": written, "address_string": "3栋\x00\x08"})
    assert answer.status_code == 201
    issue = house.issue(program.told(answer)[0]["service_request_id"])
    assert issue.description.startswith("灯" * 2990 + "😀👨‍👩‍👧 <b>&]]>")
    assert issue.location == "3栋"


def test_names_of_the_office_that_xml_cannot_hold_are_told_without(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "EMERGENCY", "急\x00\x1b\ud800\ufffe事<&>")
    told = program.told(program.get("services"))
    assert told[0]["description"] == "急事<&>"


def test_a_repeated_report_is_the_same_issue_with_the_same_ticket(program: Program) -> None:
    first, second = (program.post(WHOLE, Idempotency_Key=KEY) for _ in range(2))
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert Issue.select().where(Issue.location == WHOLE["address_string"]).count() == 1


def test_without_a_key_each_is_an_issue_of_its_own(program: Program) -> None:
    assert program.report()[0] != program.report()[0]


def test_whoever_guesses_a_key_and_not_every_word_gets_no_ticket(program: Program) -> None:
    number, ticket = program.report(Idempotency_Key=KEY)
    other = program.post(REPORT | {"description": "楼道灯不亮了"}, Idempotency_Key=KEY)
    (told,) = program.told(other)
    assert told["service_request_id"] != number
    assert ticket not in other.text


@pytest.mark.parametrize("key", ["", "1", "x" * 15, "x" * 201, "有汉字的键" * 5])
def test_a_key_that_could_be_guessed_is_refused(house: House, key: str) -> None:
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}
    answer = house.app.test_client().post("/open311/v2/requests.json", data=REPORT, headers=headers)
    assert (answer.status_code, len(answer.json or ())) == (400, 1)
    assert "Idempotency-Key" in answer.text


def test_a_repeated_report_does_not_bring_back_a_ticket_that_was_replaced(
    house: House, program: Program
) -> None:
    number, ticket = program.report(Idempotency_Key=KEY)
    leader = house.staff("community_leader")
    assert leader.move(number, "reissue", {"identity": "当面"}).status_code in (200, 303)
    again = program.post(REPORT, Idempotency_Key=KEY)
    (told,) = program.told(again)
    assert told["service_request_id"] == number
    assert ticket not in again.text
    assert "补发过" in told["service_notice"]


def test_a_browsers_form_key_is_no_programs_key(house: House) -> None:
    alice = house.visitor()
    fields = {"description": REPORT["description"], "community_id": "jingui",
              "location": REPORT["address_string"], "category": "street_light",
              "form_key": KEY, "csrf_token": alice.token()}  # fmt: skip
    number = alice.post("/issues/new", fields).headers["Location"].rsplit("/", 1)[-1]
    assert Program(house).report(Idempotency_Key=KEY)[0] != number


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
    ],
)
def test_a_strangers_page_files_nothing_in_its_visitors_name(
    house: House, headers: dict[str, str], status: int
) -> None:
    answer = house.app.test_client().post("/open311/v2/requests.json", data=REPORT, headers=headers)
    assert answer.status_code == status
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data; boundary=x", "text/plain"]
)
def test_anything_but_a_form_is_refused(house: House, kind: str) -> None:
    answer = house.app.test_client().post(
        "/open311/v2/requests.json", data=b'{"service_code": "noise"}', content_type=kind
    )
    assert (answer.status_code, answer.mimetype) == (400, "application/json")
    assert "x-www-form-urlencoded" in answer.text
