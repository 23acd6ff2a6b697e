"""The residents' pages: report, follow by ticket, rate."""

from flask import Blueprint

bp = Blueprint("resident", __name__)
