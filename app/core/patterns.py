"""The page that shows every component in every state, for development only."""

from flask import Blueprint

bp = Blueprint("patterns", __name__)
