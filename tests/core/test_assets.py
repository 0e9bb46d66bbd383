"""Files that browsers load: versions, hashes, the theme."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.config import Config
from app.core.assets import script_sources
from app.core.assets.libraries import LIBRARIES, Library, integrity_of
from app.core.assets.shelf import Shelf
from app.core.assets.vendor import FOLDER, WrongFile, local_file, plotly_rules, problems, take
from tests.clients import Browser
from tests.pages import Soup


def static_folder(tmp_path: Path) -> Path:
    (tmp_path / "css/components").mkdir(parents=True)
    for name in ("css/tokens.css", "css/base.css", "css/layout.css", "css/components/pill.css", "css/print.css"):
        (tmp_path / name).write_text(f"/* {name} */")
    return tmp_path


def test_the_version_changes_with_any_byte(tmp_path: Path) -> None:
    shelf = Shelf(static_folder(tmp_path), tmp_path, watch=True)
    before = shelf.version
    (tmp_path / "css/components/pill.css").write_text("changed")
    assert shelf.version != before


def test_a_sheet_joins_its_parts_in_order(tmp_path: Path) -> None:
    sheet = Shelf(static_folder(tmp_path), tmp_path, watch=False).sheet("desk.css")
    assert [line[7:-3] for line in sheet.splitlines()] == [
        "tokens.css", "base.css", "layout.css", "components/pill.css", "print.css",
    ]  # fmt: skip


def test_present_files_are_kept_for_a_year(client: Browser, soup: Soup) -> None:
    sheet = soup(client.get("/sign-in")).attr("link[rel=stylesheet]", "href")
    assert "max-age=31536000, immutable" in client.get(sheet).headers["Cache-Control"]


def test_addresses_of_older_versions_are_not_kept(client: Browser) -> None:
    with client.get("/assets/000000000000/js/main.js") as answer:
        assert answer.status_code == 200
        assert "max-age" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["../config.py", "..%2Fconfig.py", "css/none.css"])
def test_only_the_static_folder_is_served(client: Browser, name: str) -> None:
    assert client.get(f"/assets/000000000000/{name}").status_code == 404


@pytest.mark.parametrize("name", ["other.js", "htmx.min.js.new", "../secret_key"])
def test_only_known_libraries_are_served(client: Browser, name: str) -> None:
    assert client.get(f"/vendor/{name}").status_code == 404


def test_libraries_come_from_the_cdn_only_when_the_policy_says_so(app: Flask) -> None:
    config: Config = app.config["SETTINGS"]
    assert script_sources(replace(config, assets="cdn")) == ("'self'", "https://cdn.jsdelivr.net")
    assert script_sources(replace(config, assets="local")) == ("'self'",)


def test_every_library_has_its_local_copy_with_the_right_bytes(app: Flask) -> None:
    config: Config = app.config["SETTINGS"]
    assert list(problems(config)) == []
    for library in LIBRARIES:
        path = local_file(config, library.file)
        assert path is not None
        assert integrity_of(path.read_bytes()) == library.integrity


def test_a_changed_copy_is_named(app: Flask, tmp_path: Path) -> None:
    config = replace(app.config["SETTINGS"], instance_path=tmp_path)
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "htmx.min.js").write_text("alert(1)")
    assert list(problems(config)) == [f"{tmp_path}/vendor/htmx.min.js is not htmx 2.0.10: its hash differs."]


@pytest.fixture
def wheels(app: Flask, tmp_path: Path) -> Path:
    """Unpacked wheels with the right bytes in them."""
    for library in LIBRARIES:
        copy = local_file(app.config["SETTINGS"], library.file)
        assert copy is not None
        path = tmp_path / "wheels" / library.package / library.path_in_package
        path.parent.mkdir(parents=True)
        path.write_bytes(copy.read_bytes())
    return tmp_path / "wheels"


def test_files_are_taken_from_the_wheels(app: Flask, tmp_path: Path, wheels: Path) -> None:
    config = replace(app.config["SETTINGS"], instance_path=tmp_path)
    take(config, wheels)
    assert {path.name for path in (tmp_path / FOLDER).iterdir()} == {
        "htmx.min.js", "socket.io.min.js", "plotly.min.js", "plotly.css",
    }  # fmt: skip
    assert list(problems(config)) == []


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)
def test_one_wrong_byte_stops_everything(app: Flask, tmp_path: Path, wheels: Path, library: Library) -> None:
    path = wheels / library.package / library.path_in_package
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(WrongFile, match=f"is not {library.name}"):
        take(replace(app.config["SETTINGS"], instance_path=tmp_path), wheels)
    assert not (tmp_path / FOLDER).exists()


def test_plotlys_rules_become_a_style_sheet() -> None:
    script = """var a={"X,X div":'font-family:"Open Sans";',"X:hover .b":"opacity:1;"};"""
    assert plotly_rules(script).splitlines() == [
        '.js-plotly-plot .plotly,.js-plotly-plot .plotly div {font-family:"Open Sans";}',
        ".js-plotly-plot .plotly:hover .b {opacity:1;}",
    ]


def test_a_plotly_without_rules_is_refused() -> None:
    with pytest.raises(WrongFile, match="no style rules"):
        plotly_rules("var a={};")


def choose_theme(client: Browser, theme: str, referrer: str = "http://localhost/sign-in?next=/contests") -> str:
    token = client.token("/sign-in")
    answer = client.post("/theme", data={"csrf_token": token, "theme": theme}, headers={"Referer": referrer})
    return answer.headers.get("Location", str(answer.status_code))


def test_the_chosen_theme_is_there_from_the_first_paint(client: Browser, soup: Soup) -> None:
    assert choose_theme(client, "dark") == "/sign-in?next=/contests"
    assert soup(client.get("/sign-in")).attr("html", "data-theme") == "dark"


def test_an_unknown_theme_is_refused(client: Browser) -> None:
    assert choose_theme(client, "pink") == "400"


@pytest.mark.parametrize("referrer", ["", "https://other.example/x", "http://localhost//other.example", "nonsense"])
def test_the_theme_never_leads_to_another_site(client: Browser, referrer: str) -> None:
    assert choose_theme(client, "light", referrer) == "/"
