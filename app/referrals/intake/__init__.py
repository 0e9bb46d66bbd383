"""The way of a click from a browser to the disk of a database."""
