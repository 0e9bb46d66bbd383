"""`flask staff add-client`, `list-clients`, `revoke-client`."""

from flask import Flask

from app.staff.rules import key_parts
from tests.staff.test_cli import run

SCOPE = "market:prices:write"


def test_a_key_is_shown_once(committing: Flask) -> None:
    code, said, _ = run(committing, "add-client", "token-sync", "--scope", SCOPE, "--days", "90")
    parts = key_parts(said.strip())
    assert (code, parts is not None) == (0, True)
    assert parts
    _, listed, _ = run(committing, "list-clients")
    assert listed == f"token-sync  dd_{parts[0]}_…  active  {SCOPE}  sources token-sync  never used\n"


def test_an_empty_list_says_how_to_fill_it(committing: Flask) -> None:
    assert "add-client" in run(committing, "list-clients")[1]


def test_revoking(committing: Flask) -> None:
    run(committing, "add-client", "token-sync", "--scope", SCOPE)
    assert run(committing, "revoke-client", "token-sync", "--reason", "Gone") == (
        0, "The key of token-sync works no more.\n", "",
    )  # fmt: skip
    assert "  revoked  " in run(committing, "list-clients")[1]


def test_what_makes_no_sense(committing: Flask) -> None:
    assert run(committing, "add-client", "token-sync")[0] == 2
    assert run(committing, "add-client", "token-sync", "--scope", "everything")[0] == 2
    assert run(committing, "revoke-client", "nobody", "--reason", "x")[0] == 1


def test_a_new_key_beside_the_old_one(committing: Flask) -> None:
    run(committing, "add-client", "token-sync", "--scope", SCOPE)
    status, key, _ = run(committing, "rotate-client", "token-sync", "--overlap", "1", "--days", "30")
    assert (status, key_parts(key.strip()) is None) == (0, False)
    assert run(committing, "rotate-client", "nobody")[0] == 1
