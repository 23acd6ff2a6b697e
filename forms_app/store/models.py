"""The rows of an issue and of what was done with it. Only casework and reports read or write them;
what a move means stands in procedure.
"""

from datetime import datetime

from peewee import (
    SQL,
    BooleanField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from forms_app.rules.contact_keys import MARK_LETTERS, same_email, same_phone
from forms_app.rules.phones import kind_of
from forms_app.rules.procedure import ASKING_ANEW
from forms_app.rules.steps import Step
from forms_app.store.accounts import Account
from forms_app.store.contacts import ContactField
from forms_app.store.row import InstantField, MaybeInstantField, Row, new_salt

# The order of one of the register's lists, as text that sorts, spelled out so that an index may
# hold it. That of what is due first is made by issues/clocks.py, which declares its indexes, too.
# Since when an open issue waits; those that are not open come after them.
WAITING_ORDER = """CASE WHEN step IN ('collected', 'classified', 'responding', 'handling',
    'reported', 'evaluating', 'shelved') THEN received_at ELSE '9' || received_at END"""


class Issue(Row):
    """Where an issue stands now. How it got there is in its entries."""

    number = TextField(unique=True)
    form_key_hash = TextField(unique=True)
    ticket_hash = TextField()
    version = IntegerField(default=1)
    step = TextField()
    round_no = IntegerField(default=1)
    severity_class = TextField(null=True)
    urgency = IntegerField(null=True)

    received_at = InstantField()
    channel = TextField()
    collector = ForeignKeyField(Account, null=True, backref="+")
    description = TextField()
    community_id = TextField()
    estate_id = TextField(default="")
    location = TextField(default="")
    category = TextField(default="")
    reporter_name = ContactField()
    reporter_phone = ContactField(same_phone, kind_of)
    consented_at = InstantField()

    round_started_at = InstantField()
    opinion_due_at = MaybeInstantField()  # none while the year's days off are unknown
    opined_at = MaybeInstantField()
    initial_opinion = TextField(default="")
    classified_at = MaybeInstantField()
    due_at = MaybeInstantField()
    reply_by = MaybeInstantField()  # of the newest summons
    evaluating_since = MaybeInstantField()
    review_on = TextField(default="")  # ISO date
    caller = ForeignKeyField(Account, null=True, backref="+")
    merged_into = ForeignKeyField("self", null=True, backref="+")
    reporter_email = ContactField(same_email)
    nature = TextField(default="")  # of procedure.NATURES
    # When the first of the parties that are silent must have answered; none: nobody is silent.
    answers_due_at = MaybeInstantField()
    is_imported = BooleanField(default=False)  # from a spreadsheet, with many others
    confirmed_email = ContactField(same_email)  # the address that somebody said was theirs
    closed_at = MaybeInstantField()
    verdict_by = TextField(default="")  # who wrote down the one that closed it: move.VerdictBy
    settled_at = MaybeInstantField()  # answered at the first desk, in this round
    asked_since = MaybeInstantField()  # the oldest question that the resident has not answered
    added_since = MaybeInstantField()  # the oldest addition of theirs that no staff followed
    result = TextField(default="")  # of steps.RESULTS: what came of the present round
    relay_due_at = MaybeInstantField()  # when that passes on to the resident by itself
    passed_at = MaybeInstantField()  # when it did; none: it did not, or words were added since
    # When the first of those that were urged and have said nothing must have answered.
    urge_due_at = MaybeInstantField()
    review_due_at = MaybeInstantField()  # the end of review_on; both outlast the round
    merged_at = MaybeInstantField()  # by staff; none: it is not, or its reporter joined
    # Until when somebody rules on whose it is, and between whom (move.Between); none: nobody asked.
    ruling_due_at = MaybeInstantField()
    ruling_between = TextField(default="")
    service = TextField(default="")  # from whose page it came, by which way (Service.wanted)
    extended_by = TextField(default="")  # the role of the level that put it off last, in this class
    # Of which round the district office is caller beside the sub-district, or was last; and until
    # when it answers what it was asked.
    district_round = IntegerField(null=True)
    district_due_at = MaybeInstantField()
    # Whose it is as the main issue of an incident, of incidents.Main; "": it never was one.
    of_incident = TextField(default="")
    # It came among very many at once, and neither a round more nor its resident's word has come.
    in_burst = BooleanField(default=False)
    aside_press = TextField(default="")  # the press that set it aside; "": it is not
    tell_by = TextField(default="")  # of told_by.TellBy; "": nobody was asked
    ring_since = MaybeInstantField()  # since when its resident is to be telephoned
    rated = TextField(default="")  # which bad ratings it is of (bad_ratings.matter_of)
    # With which the seals hold the resident's contacts; erased with them (store/sealed).
    contact_salt = TextField(default=new_salt)
    # When its resident was asked last whether a project made it better; none: nobody asked, or it
    # is being handled anew since.
    project_asked_at = MaybeInstantField()
    grade_due_at = MaybeInstantField()  # of what has its first answer

    @property
    def followed(self) -> "Issue | None":
        """The issue that a merged one follows, through every merge between; None if not merged."""
        target: Issue | None = self.merged_into
        while target is not None and target.merged_into is not None:
            target = target.merged_into
        return target

    @property
    def transferred_at(self) -> datetime | None:
        """When it was transferred last, as its history says, or its resident was told that what it
        went along with is handled here again; None: it never was.
        """
        step = Step.TRANSFERRED.value
        is_told = (Entry.from_step != step) | Entry.move.in_(ASKING_ANEW)
        sent = Entry.select(Entry.made_at).where(
            Entry.issue == self.id, Entry.to_step == step, is_told
        )
        newest: Entry | None = sent.order_by(Entry.id.desc()).first()
        return newest.made_at if newest is not None else None

    class Meta:
        indexes = ((("step", "due_at"), False),)


# What narrows the register: each finds its issues, and has them in the order of their receipt.
FACETS = (
    "step", "severity_class", "urgency", "category", "nature", "channel", "estate_id", "service",
)  # fmt: skip


for _index in (
    *(
        f"CREATE INDEX issue_{_facet}_received ON issue ({_facet}, received_at, id)"
        for _facet in FACETS
    ),
    "CREATE INDEX issue_community_step_received ON issue (community_id, step, received_at, id)",
    "CREATE INDEX issue_again_received ON issue (received_at, id) WHERE round_no > 1",
    "CREATE INDEX issue_contacts_received ON issue (received_at, id) "
    "WHERE reporter_name != '' OR reporter_phone != '' OR reporter_email != ''",
    # By its mark: a call asks what its number reported before.
    f"CREATE INDEX issue_phone ON issue (substr(reporter_phone, 1, {MARK_LETTERS})) "
    "WHERE reporter_phone != ''",
    "CREATE INDEX issue_received ON issue (received_at, id)",
    "CREATE INDEX issue_community_received ON issue (community_id, received_at, id)",
    f"CREATE INDEX issue_waiting ON issue (({WAITING_ORDER}), id)",
    "CREATE INDEX issue_aside ON issue (aside_press) WHERE aside_press != ''",
    "CREATE INDEX issue_added ON issue (added_since) WHERE added_since IS NOT NULL",
    "CREATE INDEX issue_asked ON issue (asked_since) WHERE asked_since IS NOT NULL",
    "CREATE INDEX issue_review ON issue (review_due_at) WHERE review_due_at IS NOT NULL",
    # Clocks that few issues have.
    *(
        f"CREATE INDEX issue_{_end} ON issue ({_end}) WHERE {_end} IS NOT NULL"
        for _end in ("ruling_due_at", "district_due_at", "urge_due_at")
    ),
    "CREATE INDEX issue_ring ON issue (ring_since) WHERE ring_since IS NOT NULL",
    "CREATE INDEX issue_district ON issue (district_round) WHERE district_round IS NOT NULL",
    "CREATE INDEX issue_major ON issue (due_at) "
    "WHERE severity_class = 'A' AND step IN ('classified', 'responding', 'handling')",
    "CREATE INDEX issue_settled ON issue (settled_at) WHERE settled_at IS NOT NULL",
    "CREATE INDEX issue_rated ON issue (rated, id) WHERE rated != ''",
):
    Issue.add_index(SQL(_index))


class OpenTicket(Row):
    """An issue open in a browser that has shown its ticket; its end is that it is gone."""

    issue = ForeignKeyField(Issue, backref="+")
    key_hash = TextField()  # of the browser's key
    opened_at = InstantField(index=True)

    class Meta:
        indexes = ((("key_hash", "issue"), True),)


class Entry(Row):
    """One move in an issue's history; only ever added."""

    issue = ForeignKeyField(Issue, backref="+")
    made_at = InstantField()
    account = ForeignKeyField(Account, null=True, backref="+")
    actor_role = TextField()
    actor_name = TextField()
    move = TextField()
    from_step = TextField(null=True)
    to_step = TextField()
    round_no = IntegerField()  # the round it was made in
    to_round = IntegerField()
    severity_class = TextField(null=True)  # after the move
    urgency = IntegerField(null=True)
    due_at = MaybeInstantField()
    opinion_due_at = MaybeInstantField()  # of the round that the issue is in after the move
    press = TextField(default="")  # hash of the form that made it, so that it counts once
    note = TextField(default="")
    resident_line = TextField()  # what the resident was told
    satisfaction = IntegerField(null=True)
    asked_at = MaybeInstantField()  # when it really happened, where it was entered afterwards
    asked_how = TextField(default="")
    organization_id = TextField(default="")
    field = TextField(default="")
    old_value = TextField(default="")
    new_value = TextField(default="")
    result = TextField(default="")  # of steps.RESULTS
    told_by = TextField(default="")  # who said it, where a caller wrote it down for a unit
    stood_in_for = TextField(default="")  # the role of the level that had nobody to do it
    # Whether somebody was on duty as the clock of the first answer began (worktime.Duty); "": it
    # begins none with this entry, or it was not kept yet.
    duty = TextField(default="")


# When a case was closed, when somebody got to work, and when a result was passed on or given back,
# for who counts those of a day, month or quarter.
for _index in (
    "CREATE INDEX entry_closing ON entry (made_at, issue_id) "
    "WHERE move = 'evaluate' AND to_step = 'closed'",
    "CREATE INDEX entry_giving ON entry (made_at, issue_id) "
    "WHERE move IN ('assign', 'claim', 'plan', 'replan', 'rule', 'summon')",
    "CREATE INDEX entry_passing ON entry (made_at, issue_id) WHERE move IN ('relay', 'send_back')",
):
    Entry.add_index(SQL(_index))


class Summons(Row):
    issue = ForeignKeyField(Issue, backref="+")
    entry = ForeignKeyField(Entry, backref="+")
    round_no = IntegerField()
    severity_class = TextField()
    asked = TextField()
    reply_by = InstantField()
    subject = TextField(default="")  # what it is about, in the caller's words
    place = TextField(default="")
    meet_at = MaybeInstantField()
    phone = TextField(default="")  # the caller's own, for those who are called


class Party(Row):
    """One organisation called by a summons, and its answer; called again, it keeps its answer."""

    summons = ForeignKeyField(Summons, backref="+")
    issue = ForeignKeyField(Issue, backref="+")
    organization_id = TextField()
    answer = TextField(default="")  # acknowledged, arrived
    opinion = TextField(default="")
    answered_at = MaybeInstantField()
    is_current = BooleanField(default=True)
    duty = TextField(default="")  # on which duty the summons rests, as its words were then
    duty_basis = TextField(default="")  # letters of records.DUTY_BASES

    class Meta:
        indexes = (
            (("summons", "organization_id"), True),
            (("organization_id", "issue"), False),
        )


class AnswerLink(Row):
    """A one-time key with which a party without an account answers; only its hash is kept."""

    party = ForeignKeyField(Party, backref="+")
    entry = ForeignKeyField(Entry, backref="+")  # of the summons that gave it out
    secret_hash = TextField()
    issued_at = InstantField()
    expires_at = InstantField()
    used_at = MaybeInstantField()
    replaced_at = MaybeInstantField()


class Measure(Row):
    """One line of a joint plan: what, who leads, who assists, by when."""

    issue = ForeignKeyField(Issue, backref="+")
    entry = ForeignKeyField(Entry, backref="+")
    what = TextField()
    lead = TextField()  # an organisation's or the community's id
    assist = TextField(default="")
    due_on = TextField(default="")  # ISO date
    done_entry = ForeignKeyField(Entry, null=True, backref="+")
    is_current = BooleanField(default=True)


class Assignment(Row):
    """Who leads or assists: a worker, or an organisation."""

    issue = ForeignKeyField(Issue, backref="+")
    entry = ForeignKeyField(Entry, backref="+")
    part = TextField()  # lead, assist
    account = ForeignKeyField(Account, null=True, backref="+")
    organization_id = TextField(default="")
    is_current = BooleanField(default=True)

    class Meta:
        indexes = ((("organization_id", "issue"), False), (("account", "issue"), False))


class Urge(Row):
    """Somebody was asked to go on: a part in the issue, or a level's office."""

    issue = ForeignKeyField(Issue, backref="+")
    entry = ForeignKeyField(Entry, backref="+")
    who = TextField()  # of steps.Part or steps.Role
    organization_id = TextField(default="")  # of a unit or the community; "": a person, an office
    answer_by = InstantField()
    ended_at = MaybeInstantField()  # answered, or nobody's to answer any more


class Objection(Row):
    """A unit says that it is not theirs, and whose it is; why, its entry says."""

    issue = ForeignKeyField(Issue, backref="+")
    entry = ForeignKeyField(Entry, backref="+")
    organization_id = TextField()
    whose = TextField(default="")  # an organisation's or the community's id; "": they cannot say
    ended_at = MaybeInstantField()  # ruled on, or nobody's to rule on any more


class TakenOver(Row):
    """A round of another issue that an issue goes on with in its own: its resident took it back.

    One row for the issue that it followed, then one for each that this one had gone on with.
    """

    issue = ForeignKeyField(Issue, backref="+")
    round_no = IntegerField()  # its own
    entry = ForeignKeyField(Entry, backref="+")  # by which it took over
    taken = ForeignKeyField(Issue, backref="+")
    taken_round = IntegerField()
    gone = ForeignKeyField(Entry, backref="+")  # by which its resident took it back


class Photo(Row):
    """A photo that came with an entry; its files lie under its key (photos.Photos)."""

    issue = ForeignKeyField(Issue, backref="+")
    entry = ForeignKeyField(Entry, backref="+")
    key = TextField(unique=True)
    width = IntegerField()  # pixels, upright
    height = IntegerField()
    size = IntegerField()  # bytes
    made_at = InstantField()  # when it came


class Attachment(Row):
    """A file that staff put beside an internal note; it lies under its key (attachments)."""

    issue = ForeignKeyField(Issue, backref="+")
    entry = ForeignKeyField(Entry, backref="+")
    key = TextField(unique=True)
    name = TextField()  # as whoever fetches it finds it
    size = IntegerField()  # bytes
    made_at = InstantField()


class ContactAttempt(Row):
    """One try to reach a resident who has a verdict to give."""

    issue = ForeignKeyField(Issue, backref="+")
    entry = ForeignKeyField(Entry, backref="+")
    tried_on = TextField()  # ISO date
    how = TextField()


class Rating(Row):
    """A resident's satisfaction with a service, an activity or a venue."""

    form_key_hash = TextField(unique=True)
    about = TextField(index=True)  # "service:elder-meals"
    satisfaction = IntegerField()
    comment = TextField(default="")
    made_at = InstantField()
    browser_hash = TextField(default="", index=True)  # of the browser, the thing and the day
    replaced_at = MaybeInstantField()  # by a newer one of that browser, thing and day
    reason = TextField(default="")  # of Circle.reasons_for, of a bad one
    issue = ForeignKeyField(Issue, null=True, backref="+", index=False)  # what came of a bad one
    way = TextField(default="")  # of bad_ratings.WAYS; "": residents gave it themselves
    entered_by = ForeignKeyField(Account, null=True, backref="+", index=False)


Rating.add_index(
    SQL(
        "CREATE INDEX rating_bad ON rating (made_at) "
        "WHERE satisfaction <= 2 AND replaced_at IS NULL"
    )
)
# Those that led to work, without the many that did not.
Rating.add_index(
    SQL("CREATE INDEX rating_asked ON rating (made_at, issue_id) WHERE issue_id IS NOT NULL")
)


class Seal(Row):
    """What one transaction wrote of an issue or of what else is sealed; only ever added.

    Its id is its place in the log, from 1 on without a gap. How it is reckoned, sealed.py says.
    """

    issue = ForeignKeyField(Issue, null=True, backref="+")
    rating = ForeignKeyField(Rating, null=True, index=False, backref="+")
    entry_id = IntegerField(default=0)  # the newest entry of the issue that is sealed by then
    made_at = InstantField()
    is_opening = BooleanField(default=False)  # over what stood there when the log was begun
    state = TextField()  # digest of the rows after it
    found = TextField(default="")  # of those before it, where they were others than were left
    digest = TextField()
    # Of files which stand on this one.
    assessment_id = IntegerField(null=True)
    project_id = IntegerField(null=True)
    fund_entry_id = IntegerField(null=True)
    meeting_id = IntegerField(null=True)
    topic_change_id = IntegerField(null=True)


for _owner in ("rating", "assessment", "project", "fund_entry", "meeting", "topic_change"):
    Seal.add_index(
        SQL(f"CREATE INDEX seal_{_owner} ON seal ({_owner}_id) WHERE {_owner}_id IS NOT NULL")
    )


class ContactLook(Row):
    """Somebody of the staff unfolded a resident's name and phone: once a day and issue each."""

    issue = ForeignKeyField(Issue, backref="+")
    account = ForeignKeyField(Account, backref="+")
    looked_on = TextField()  # ISO date, in China
    made_at = InstantField()  # the first time on that day
    actor_name = TextField()  # as it was then, as are role and place
    actor_role = TextField()
    place_id = TextField(default="")  # a community's, unit's or sub-district's id

    class Meta:
        indexes = ((("issue", "account", "looked_on"), True),)


class Erasure(Row):
    """What a resident had erased of an issue; never the values. Its code stands in lists beside
    backups, too, so it names the issue by its number.
    """

    code = TextField(unique=True)
    number = TextField()
    what = TextField()  # of erasures.what_of
    made_at = InstantField()
    is_owed = BooleanField(default=True)  # it may still lie in a file


Erasure.add_index(SQL("CREATE INDEX erasure_owed ON erasure (id) WHERE is_owed"))


class KeptApart(Row):
    """Two issues that somebody compared and found not to be the same thing; never asked again."""

    first = ForeignKeyField(Issue, backref="+")  # the older of the two
    second = ForeignKeyField(Issue, backref="+")
    entry = ForeignKeyField(Entry, backref="+")  # who said so, and when

    class Meta:
        indexes = ((("first", "second"), True),)
