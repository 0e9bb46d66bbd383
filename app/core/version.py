"""Which program this is, told on pages and kept with every result it makes."""

VERSION = "0.1.0"
