"""The rows by which several servers on one database know of one another."""

from peewee import TextField

from forms_app.store.row import InstantField, Row


class Server(Row):
    """A server that serves, or did until lately."""

    name = TextField(unique=True)  # of its data folder, drawn once
    title = TextField()  # of the machine, for who reads a sentence
    key = TextField()  # a digest of the key that signs
    place = TextField()  # of photos and the like; "" for a folder of its own
    seen_at = InstantField()


class Claim(Row):
    """Work that one of the servers has, until its lease is over."""

    name = TextField(unique=True)
    holder = TextField()  # the server's name
    until = InstantField()
    done = TextField(default="")  # for which it was last done: an ISO date
