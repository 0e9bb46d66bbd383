"""The one hand behind every address of the JSON API: bodies, answers, pages of lists, and calls sent again."""

from flask import Flask

from app.core.api import headers, pages


def register(app: Flask) -> None:
    app.after_request(headers.complete)
    app.register_blueprint(pages.bp)
