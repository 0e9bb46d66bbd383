"""Our own copies of the third-party browser files: taken from wheels at set-up, refused unless the hash fits."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from app.config import ROOT, Config
from app.core.assets.libraries import LIBRARIES, PLOTLY_CSS, Library, integrity_of

REQUIREMENTS = ROOT / "requirements-assets.txt"
FOLDER = "vendor"
SOURCES = "vendor_src"
_RULES = re.compile(r'\{"X,X div":(?:[^{}"\']|"[^"]*"|\'[^\']*\')*\}')
_RULE = re.compile(r'("[^"]*"):("[^"]*"|\'[^\']*\')')


class WrongFile(RuntimeError):
    """A file that is missing or is not, byte for byte, the one this version was built for."""


def fetch(settings: Config) -> list[Path]:
    """Gets the wheels with pip and fills `vendor/` in the instance folder from them."""
    sources = settings.instance_path / SOURCES
    _download(sources)
    return take(settings, sources)


def take(settings: Config, sources: Path) -> list[Path]:
    """Fills `vendor/` from unpacked wheels; raises WrongFile and leaves the folder as it was when a hash differs."""
    contents = {library.file: _taken(library, sources) for library in LIBRARIES}
    plotly = next(library.file for library in LIBRARIES if library.name == "plotly")
    contents[PLOTLY_CSS] = plotly_rules(contents[plotly].decode("utf-8")).encode("utf-8")
    folder = settings.instance_path / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return [_written(folder / name, content) for name, content in contents.items()]


def problems(settings: Config) -> Iterator[str]:
    """One sentence for each local copy that is missing or has other bytes."""
    for library in LIBRARIES:
        path = local_file(settings, library.file)
        if path is None:
            yield f"{library.file} ({library.name} {library.version}) is missing."
        elif integrity_of(path.read_bytes()) != library.integrity:
            yield f"{path} is not {library.name} {library.version}: its hash differs."
    if local_file(settings, PLOTLY_CSS) is None:
        yield f"{PLOTLY_CSS} is missing."


def local_file(settings: Config, name: str) -> Path | None:
    """The copy in the instance folder, else the one that set-up made in the project's own."""
    for home in (settings.instance_path, ROOT / "instance"):
        path = home / FOLDER / name
        if path.is_file():
            return path
    return None


def plotly_rules(script: str) -> str:
    """The style sheet Plotly would write into the page, as a file, so that no inline style is needed."""
    found = _RULES.search(script)
    if found is None:
        raise WrongFile("This plotly.min.js holds no style rules where version 4.1.1 has them.")
    rules = [
        f"{json.loads(selector).replace('X', '.js-plotly-plot .plotly')} {{{_unquoted(body)}}}"
        for selector, body in _RULE.findall(found.group())
    ]
    return "\n".join(rules) + "\n"


def _unquoted(literal: str) -> str:
    return literal[1:-1].replace("\\'", "'").replace('\\"', '"')


def _download(target: Path) -> None:
    command: Sequence[str | Path] = (
        sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--upgrade",
        "--disable-pip-version-check", "--require-hashes", "--target", target, "-r", REQUIREMENTS,
    )  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own interpreter
    if done.returncode:
        raise WrongFile(f"pip could not get the wheels of {REQUIREMENTS.name}:\n{done.stderr.strip()}")


def _taken(library: Library, sources: Path) -> bytes:
    home = sources / library.package
    if not home.is_dir():
        spec = find_spec(library.package)
        home = Path(next(iter(spec.submodule_search_locations or ()), "")) if spec else home
    path = home / library.path_in_package
    if not path.is_file():
        raise WrongFile(f"{path} does not exist, so {library.name} {library.version} cannot be taken from it.")
    content = path.read_bytes()
    if integrity_of(content) != library.integrity:
        raise WrongFile(
            f"{path} is not {library.name} {library.version}: its hash is {integrity_of(content)}, "
            f"expected {library.integrity}. Nothing was replaced."
        )
    return content


def _written(path: Path, content: bytes) -> Path:
    draft = path.with_suffix(path.suffix + ".new")
    draft.write_bytes(content)
    return draft.replace(path)
