"""What a token may be called."""

import pytest

from app.core.lookalikes import scripts
from app.whitelist.rules.names import name_problem, normal_symbol, symbol_problem


@pytest.mark.parametrize("symbol", ["SOL", "A1", "BONK", "ABCDEFGHIJ", "2Z"])
def test_symbols(symbol: str) -> None:
    assert symbol_problem(symbol) is None


@pytest.mark.parametrize("symbol", ["", "A", "ABCDEFGHIJK", "SO L", "$SOL", "sol", "SОL", "SOL\n", "SÖL", "S\u200bOL"])
def test_no_symbols(symbol: str) -> None:
    assert symbol_problem(symbol)


@pytest.mark.parametrize(("given", "normal"), [("sol", "SOL"), ("ｓｏｌ", "SOL"), ("Bonk", "BONK")])
def test_a_symbol_is_compared_in_its_plain_form(given: str, normal: str) -> None:
    assert normal_symbol(given) == normal


@pytest.mark.parametrize("name", ["Solana", "Dog wif hat 2", "Доге", "ドージ", "x" * 32, "Peanut 🥜"])
def test_names(name: str) -> None:
    assert name_problem(name, scripts(name) if name != "ドージ" else set()) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "1 to 32"),
        ("   ", "1 to 32"),
        ("x" * 33, "this one has 33"),
        ("Sol\u202eana", "nobody can see"),
        ("Sol\u200bana", "nobody can see"),
        ("Sol\u2028ana", "nobody can see"),
        ("Sol\ue000", "nobody can see"),
        ("Sоlana", "cyrillic and latin"),
    ],
)
def test_no_names(name: str, words: str) -> None:
    assert words in str(name_problem(name, scripts(name)))
