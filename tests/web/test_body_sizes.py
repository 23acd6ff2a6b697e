"""What a web server in front is told to let through is what the program itself takes."""

import re

from forms_app.web.bodies import FILES, LARGEST_TEXT, largest_body
from forms_app.web.body_sizes import body_sizes
from tests.support.addresses import example
from tests.support.web import House


def test_every_address_is_told_with_what_the_program_takes_there(house: House) -> None:
    told = body_sizes()
    assert told["text"] == LARGEST_TEXT
    files = told["files"]
    assert isinstance(files, dict)
    assert files
    for size, patterns in files.items():
        for pattern in patterns:
            address = example(pattern)
            assert largest_body(house.app, "POST", address, FILES) == size, address


def test_no_other_address_takes_more_than_a_text(house: House) -> None:
    told = body_sizes()["files"]
    assert isinstance(told, dict)
    known = re.compile("|".join(one for patterns in told.values() for one in patterns))
    for rule in house.app.url_map.iter_rules():
        address = re.sub(r"<[^<>]+>", "1", rule.rule)
        if "POST" in (rule.methods or ()) and not known.fullmatch(address):
            assert largest_body(house.app, "POST", address, FILES) == LARGEST_TEXT, address
