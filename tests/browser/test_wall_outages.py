"""A screen through restarts, another secret key and new versions: it comes back by itself, and never in a loop."""

import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from app.config import ROOT
from tests.browser.hung import expect_state, link_of_screen, live
from tests.browser.serving import Server, free_port, on_port, served, served_from
from tests.conftest import app_for_tests, settings_for_tests

LEFT = """async ([build, kept]) => {
  const main = document.querySelector('script[type="module"]').src;
  const { Version } = await import(new URL("wallversion.js", main).href);
  if (kept) sessionStorage.setItem("reloaded", JSON.stringify({ at: Date.now() - kept[0] * 1000, times: kept[1] }));
  const version = new Version({ dataset: { build: "one", setting: "s" } });
  version.hear({ build, setting: "s" });
  return [version.left(true), version.left(false)];
}"""
PATIENCE_MS = 90_000


def next_version(folder: Path) -> Path:
    """A copy of the program in which one style is another."""
    for name in ("app", "deploy"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "wsgi.py", folder)
    with (folder / "app/static/css/wall/states.css").open("a") as style:
        style.write("/* the next version */\n")
    return folder


def test_a_screen_outlives_a_deploy_with_another_secret_key(
    chromium: Browser, engine_home: Path, new_database: Callable[[], str], tmp_path: Path
) -> None:
    app = app_for_tests(on_port(settings_for_tests(engine_home, new_database()), free_port()))
    context = chromium.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    visits: list[str] = []
    with served(app) as server:
        page.goto(f"{server.url}/wall/{link_of_screen(app, 'Deploy', boards=['alerts'])}")
        build = live(page).locator("body").get_attribute("data-build") or ""
        page.on("framenavigated", lambda frame: visits.append(frame.url))
    expect_state(page, "disconnected")
    expect(page.locator("#part-alerts .quiet")).to_be_visible()
    with served_from(next_version(tmp_path), app, secret_key="quite another key"):
        expect(page.locator("body")).not_to_have_attribute("data-build", build, timeout=PATIENCE_MS)
        live(page)
        page.wait_for_timeout(12_000)  # longer than the countdown to a reload
        assert len(visits) == 1
    context.close()


def test_a_version_that_flaps_makes_no_loop(page: Page, server: Server) -> None:
    page.goto(f"/wall/{link_of_screen(server.app, 'Flap', boards=['alerts'])}")
    left, busy = page.evaluate(LEFT, ["two", None])
    assert (9_000 < left <= 10_000, busy) == (True, None)
    assert page.evaluate(LEFT, ["one", None]) == [None, None]
    assert page.evaluate(LEFT, ["two", [50, 1]])[0] is None
    assert page.evaluate(LEFT, ["two", [70, 1]])[0] is not None
    assert page.evaluate(LEFT, ["two", [70, 2]])[0] is None
    assert page.evaluate(LEFT, ["two", [901, 30]])[0] is not None
