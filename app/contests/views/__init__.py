"""The contest desk's pages."""

from flask import Blueprint

bp = Blueprint("contests", __name__, url_prefix="/contests")
