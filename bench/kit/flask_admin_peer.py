"""Flask-Admin's list of submissions as it comes, timed by itself; for a Python that has it. Prints milliseconds."""

import sys
import time
from statistics import median

import psycopg
from flask import Flask
from flask_admin import Admin  # type: ignore[import-not-found]  # only the peer's own Python has it
from flask_admin.contrib.sqla import ModelView  # type: ignore[import-not-found]  # as above
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Table


def main() -> None:
    dsn, rounds = sys.argv[1], int(sys.argv[2])
    app = Flask(__name__)
    app.config |= {"SECRET_KEY": "peer", "SQLALCHEMY_DATABASE_URI": "postgresql+psycopg://"}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"creator": lambda: psycopg.connect(dsn)}
    store = SQLAlchemy(app)
    with app.app_context():
        table = Table("submissions", store.metadata, autoload_with=store.engine)
        model = type("Submission", (store.Model,), {"__table__": table})
        view = ModelView(model, store, endpoint="submission")
        view.column_list = ["id", "symbol", "mint", "state", "received_at", "fails", "unknowns", "submitter"]
        view.column_default_sort = ("received_at", False)
        Admin(app).add_view(view)
    browser = app.test_client()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        answer = browser.get("/admin/submission/")
        taken.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"Flask-Admin answered {answer.status}")
    print(median(taken))


if __name__ == "__main__":
    main()
