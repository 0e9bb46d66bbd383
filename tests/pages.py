"""Parsed pages: tests look at elements, never at markup strings."""

from collections.abc import Callable

from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse


class Page(BeautifulSoup):
    """An answer's HTML. What is asked for must be there."""

    def one(self, css: str) -> Tag:
        found = self.select_one(css)
        assert found is not None, f"{css} is not on the page: {self.text}"
        return found

    def words(self, css: str) -> str:
        """The text of the element with single spaces."""
        return " ".join(self.one(css).text.split())

    def texts(self, css: str) -> list[str]:
        return [" ".join(element.text.split()) for element in self.select(css)]

    def attr(self, css: str, name: str) -> str:
        return str(self.one(css)[name])

    @property
    def is_fragment(self) -> bool:
        return self.select_one("html") is None


Soup = Callable[[TestResponse], Page]


def parsed(response: TestResponse) -> Page:
    return Page(response.get_data(as_text=True), "html.parser")
