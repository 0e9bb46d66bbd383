"""Clients of the JSON API, for programs of the platform."""
