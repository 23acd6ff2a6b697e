"""The rows of accounts: their sessions, tries to sign in, views, and what they did or took away."""

from peewee import (
    BooleanField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from forms_app.store.row import InstantField, MaybeInstantField, Row


class Account(Row):
    username = TextField(unique=True)
    display_name = TextField()
    role = TextField()
    community_id = TextField(default="")
    organization_id = TextField(default="")
    password_hash = TextField()
    created_at = InstantField()
    disabled_at = MaybeInstantField()
    email = TextField(default="")
    subdistrict_id = TextField(default="", column_name="street_id")
    has_first_password = BooleanField(default=False)  # given by an administrator
    factor_seed = TextField(default="")  # what the second factor is derived from; "": there is none
    factor_step = IntegerField(default=0)  # of the last code of it that was taken


class RecoveryCode(Row):
    """One of the ten by which somebody gets in without their telephone; gone when it was used."""

    account = ForeignKeyField(Account, backref="+")
    code_hash = TextField()

    class Meta:
        indexes = ((("account", "code_hash"), True),)


class Session(Row):
    """Somebody signed in; who holds the key, holds the session. Its end is that it is gone."""

    account = ForeignKeyField(Account)
    key_hash = TextField(unique=True)
    kind = TextField()
    browser = TextField()
    started_at = InstantField(index=True)
    active_at = InstantField()  # when somebody did something last, to five minutes


class AccountEvent(Row):
    """What happened to an account, or was tried without one; erased after half a year."""

    account = ForeignKeyField(Account, null=True, backref="+")
    event = TextField()
    begun_at = InstantField()  # the first of `times`
    happened_at = InstantField(index=True)  # the last of them
    times = IntegerField(default=1)
    browser = TextField(default="")
    counted_as = TextField(null=True, unique=True)  # where it counts, instead of growing
    by = ForeignKeyField(Account, null=True, backref="+", index=False)  # another's doing

    class Meta:
        indexes = ((("account", "happened_at"), False),)


class SavedView(Row):
    """What an account often looks at in the register, by a name of its own."""

    account = ForeignKeyField(Account, backref="+")
    name = TextField()
    address = TextField()  # the register's query; read again each time that it is opened

    class Meta:
        indexes = ((("account", "name"), True),)


class SignInTry(Row):
    """Wrong tries in a row with one name, whether or not an account has it."""

    name_hash = TextField()
    browser_hash = TextField(default="")  # of a browser that was signed in with it before
    failed = IntegerField(default=0)
    locked_until = MaybeInstantField()
    tried_at = InstantField(index=True)

    class Meta:
        indexes = ((("name_hash", "browser_hash"), True),)


class ExportLog(Row):
    """One export of the register: who took what away, and when; only ever added."""

    made_at = InstantField()
    account = ForeignKeyField(Account, null=True, backref="+")
    actor_name = TextField()
    actor_role = TextField()
    community_id = TextField(default="")
    filters = TextField()  # in words
    row_count = IntegerField()
    with_contacts = BooleanField()
