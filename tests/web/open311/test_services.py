"""What a program finds out before it reports: where, what kinds there are, what to say of each."""

import os
from dataclasses import replace
from datetime import datetime

import msgspec
import pytest

from tests.support.open311 import Program
from tests.support.web import House

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}


def test_discovery_has_every_field_of_the_specification(house: House, program: Program) -> None:
    answer = program.get("discovery")
    assert (answer.status_code, answer.content_type) == (200, TYPES[program.ending])
    told = program.told(answer)
    assert list(told) == ["changeset", "contact", "key_service", "endpoints"]
    (endpoint,) = told["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == "http://localhost/open311/v2"
    assert endpoint["type"] == "test"  # the sample; an office's own is "production"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert datetime.fromisoformat(told["changeset"]).tzinfo is not None
    assert all(one.hotline in told["contact"] for one in house.circle.communities.values())


def test_an_office_of_its_own_is_no_test(house: House) -> None:
    own = House(house.settings, msgspec.structs.replace(house.circle, sample=False), house.now)
    (endpoint,) = Program(own).get("discovery").json["endpoints"]  # type: ignore[index]
    assert endpoint["type"] == "production"


def test_a_change_of_the_offices_files_is_another_changeset(house: House) -> None:
    before = Program(house).get("discovery").json["changeset"]  # type: ignore[index]
    file = house.settings.community_dir / "circle.yml"
    text = file.read_text(encoding="utf-8").replace("name: 噪音扰民,", "name: 噪声,")
    file.write_text(text, encoding="utf-8")
    later = datetime.fromisoformat(before).timestamp() + 60
    os.utime(file, (later, later))
    house.app.extensions["circle"].look_now()
    after = Program(house).get("discovery").json["changeset"]  # type: ignore[index]
    assert after > before


def test_the_kinds_of_problem_are_the_services(house: House, program: Program) -> None:
    answer = program.get("services", query="?jurisdiction_id=city.example&api_key=x")
    assert (answer.status_code, answer.content_type) == (200, TYPES[program.ending])
    told = program.told(answer)
    assert [one["service_code"] for one in told] == list(house.circle.categories)
    lift = next(one for one in told if one["service_code"] == "elevator")
    assert list(lift) == ["service_code", "service_name", "description", "metadata", "type",
                          "keywords", "group"]  # fmt: skip
    assert (lift["service_name"], lift["metadata"], lift["type"]) == (
        "电梯故障",
        "true",
        "realtime",
    )
    assert "呼救键" in lift["description"]
    assert all("119" in one["description"] for one in told)
    assert "困人" in lift["keywords"].split(", ")
    assert lift["group"] == house.circle.unit_name("market_regulation")


def test_a_kind_that_was_closed_is_offered_no_more(house: House) -> None:
    kinds = dict(house.circle.categories)
    kinds["noise"] = msgspec.structs.replace(kinds["noise"], name="噪音扰民（停用）")
    own = House(house.settings, msgspec.structs.replace(house.circle, categories=kinds), house.now)
    program = Program(own)
    codes = [one["service_code"] for one in program.told(program.get("services"))]
    assert codes == [code for code in kinds if code != "noise"]
    assert program.get("services/noise").status_code == 404


def test_a_service_says_what_else_is_to_be_said(house: House, program: Program) -> None:
    told = program.told(program.get("services/noise"))
    assert told["service_code"] == "noise"
    community, estate, consent = told["attributes"]
    for order, attribute in enumerate(told["attributes"], 1):
        assert set(attribute) == {"variable", "code", "datatype", "required",
                                  "datatype_description", "order", "description",
                                  "values"}  # fmt: skip
        assert (attribute["datatype"], attribute["variable"]) == ("singlevaluelist", "true")
        assert attribute["order"] == str(order)
    assert [one["code"] for one in told["attributes"]] == ["community", "estate", "consent"]
    assert [one["required"] for one in told["attributes"]] == ["true", "false", "false"]
    assert [one["key"] for one in community["values"]] == list(house.circle.communities)
    assert {one["key"] for one in estate["values"]} == set(house.circle.estates)
    assert [one["key"] for one in consent["values"]] == ["yes"]
    assert "打勾" in consent["datatype_description"]


def test_numbers_and_truths_of_json_are_no_texts(house: House) -> None:
    program = Program(house)
    assert program.get("services").json[0]["metadata"] is True  # type: ignore[index]
    told = program.get("services/noise").json
    assert told["attributes"][0]["order"] == 1  # type: ignore[index]
    assert told["attributes"][0]["datatype_description"] is None  # type: ignore[index]


@pytest.mark.parametrize("path", ["services", "services/noise", "requests"])
def test_both_forms_say_the_same(house: House, path: str) -> None:
    as_json, as_xml = Program(house), Program(house, "xml")
    _, ticket = as_json.report()
    told = [one.told(one.get(path, ticket)) for one in (as_json, as_xml)]
    assert told[0] == told[1] != []


def test_xml_begins_with_its_declaration(house: House) -> None:
    text = Program(house, "xml").get("services").text
    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>\n<services><service>')


def test_where_there_is_one_community_nobody_has_to_choose(house: House) -> None:
    only = {"jingui": house.circle.communities["jingui"]}
    estates = {k: one for k, one in house.circle.estates.items() if one.community_id == "jingui"}
    circle = msgspec.structs.replace(house.circle, communities=only, estates=estates)
    program = Program(House(house.settings, circle, house.now))
    told = program.told(program.get("services/noise"))["attributes"][0]
    assert (told["required"], len(told["values"])) == ("false", 1)
    fields = {"service_code": "noise", "description": "吵", "address_string": "南门"}
    answer = program.post(fields)
    assert answer.status_code == 201
    number = program.told(answer)[0]["service_request_id"]
    assert house.issue(number).community_id == "jingui"


def test_in_a_district_each_community_says_where_it_is(district: House) -> None:
    program = Program(district)
    community, estate, _ = program.told(program.get("services/noise"))["attributes"]
    names = {one["key"]: one["name"] for one in (*community["values"], *estate["values"])}
    assert names["hubin"].startswith("湖边镇")
    assert "湖滨社区" in names["hubinyuan"]
    answer = program.post({"service_code": "noise", "description": "吵", "address_id": "hubinyuan"})
    number = program.told(answer)[0]["service_request_id"]
    assert district.issue(number).community_id == "hubin"


def test_behind_a_prefix_every_address_carries_it(house: House) -> None:
    public = replace(house.settings, public_url="https://www.example.cn/circle")
    program = Program(House(public, house.circle, house.now), prefix="/circle")
    (endpoint,) = program.told(program.get("discovery"))["endpoints"]
    assert endpoint["url"] == "https://www.example.cn/circle/open311/v2"
    assert program.get("services").status_code == 200
    assert program.get("nothing").mimetype == "application/json"
    (told,) = program.told(program.post({"service_code": "noise", "description": "吵",
                                         "attribute[estate]": "guiyuan"}))  # fmt: skip
    assert "https://www.example.cn/circle/issues/" in told["service_notice"]
