"""The third-party browser files: version, CDN address, hash, and the wheel that carries the same bytes."""

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha384

CDN = "https://cdn.jsdelivr.net"


@dataclass(frozen=True)
class Library:
    name: str
    version: str
    file: str
    cdn_path: str
    integrity: str
    package: str
    path_in_package: str

    @property
    def cdn(self) -> str:
        return f"{CDN}/npm/{self.cdn_path}"


LIBRARIES = (
    Library(
        name="htmx",
        version="2.0.10",
        file="htmx.min.js",
        cdn_path="htmx.org@2.0.10/dist/htmx.min.js",
        integrity="sha384-H5SrcfygHmAuTDZphMHqBJLc3FhssKjG7w/CeCpFReSfwBWDTKpkzPP8c+cLsK+V",
        package="django_htmx",
        path_in_package="static/django_htmx/htmx-2.min.js",
    ),
    Library(
        name="sockets",
        version="4.8.1",
        file="socket.io.min.js",
        cdn_path="socket.io-client@4.8.1/dist/socket.io.min.js",
        integrity="sha384-mkQ3/7FUtcGyoppY6bz/PORYoGqOl7/aSUMn2ymDOJcapfS6PHqxhRTMh1RR0Q6+",
        package="nicegui",
        path_in_package="static/socket.io.min.js",
    ),
    Library(
        name="plotly",
        version="4.1.1",
        file="plotly.min.js",
        cdn_path="plotly.js-dist-min@4.1.1/plotly.min.js",
        integrity="sha384-AFNp2MtSm5/oZbEs/J19F/Ah57MEiVsoed8nE3fq2Wnccdl1u/EkyJ9XKKU8rt7+",
        package="plotly",
        path_in_package="package_data/plotly.min.js",
    ),
)
PLOTLY_CSS = "plotly.css"
PLOTLY_SHEET_IDS = ("plotly.js-style-global", "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53")
"""Elements with these ids keep Plotly from writing `<style>` elements, which our content policy forbids."""


def integrity_of(content: bytes) -> str:
    return "sha384-" + b64encode(sha384(content).digest()).decode("ascii")
