import pytest
from tests.browser import kinds
from tests.browser.seen import Seen, look
NAMES = {"administrator's home","accounts","form of an account","refused account","first steps","names of an office","a list of an office"}
pytestmark=[pytest.mark.browser, pytest.mark.slow]
@pytest.mark.parametrize("elder",[False,True])
def test_mine(browser, server, monkeypatch, elder):
    import tests.browser.seen as seen
    mine=[k for k in kinds.STAFF if k.name in NAMES]
    for m in (kinds, seen):
        for n,v in (("SITE",[]),("FORMS",[]),("STAFF",mine),("KINDS",mine)):
            if hasattr(m,n): monkeypatch.setattr(m,n,v)
    s=Seen()
    look(s,browser,server,elder=elder)
    print(s)
    import dataclasses
    for f in dataclasses.fields(s):
        print(f.name, getattr(s,f.name))
