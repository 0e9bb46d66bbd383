"""Readers of what others write, and what becomes of it: addresses, ticks, bundles, texts on pages, cells, log lines."""

from tests.faults.mutants.mutant import Mutant

TICKS, LOGS, SHEETS = "app/market/rules/ticks.py", "app/core/logs.py", "app/core/sheets.py"
PUSHED, LOGGED, CELLS, FUZZED, PROBED = (
    "tests/market/test_push.py", "tests/core/test_logs.py", "tests/core/test_sheets.py",
    "tests/contests/test_import_fuzz.py", "tests/core/test_probes.py",
)  # fmt: skip

MUTANTS = (
    Mutant(
        "a second spelling of an address", "app/whitelist/chain/accounts.py",
        "    key = Pubkey.from_string(text)\n    if str(key) != text:\n",
        "    key = Pubkey.from_string(text.strip())\n    if not str(key):\n",
        "tests/whitelist/test_mints.py::test_what_is_no_address_is_refused",
    ),
    Mutant(
        "a price through a float", "app/market/api/body.py",
        "Decoder(Call, float_hook=str)", "Decoder(Call)",
        f"{PUSHED}::test_a_number_keeps_its_digits",
    ),
    Mutant(
        "a price through a float, read slowly", "app/core/api/bodies.py",
        '"parse_float": str, ', '"parse_float": lambda text: str(float(text)), ',
        "tests/market/test_body.py::test_a_number_keeps_its_digits",
    ),
    Mutant(
        "a price of somebody else's source", TICKS,
        "if sources is not None and source not in sources:", "if sources is not None and not sources:",
        f"{PUSHED}::test_a_key_tells_prices_of_its_own_sources",
    ),
    Mutant(
        "a price of somebody else's source, in a call judged at once", "app/market/rules/calls.py",
        "(sources is None or name in sources)", "(sources is None or sources)",
        f"{PUSHED}::test_a_key_tells_prices_of_its_own_sources",
    ),
    Mutant(
        "two prices in one", "app/market/rules/calls.py",
        'joined.count(",") != len(told) or ', "",
        "tests/market/rules/test_calls.py::test_odd_numbers_are_left_to_one_by_one",
    ),
    Mutant(
        "a source that told twice in one call", "app/market/rules/wire.py",
        "strict=True))) < len(self.token_ids)", "strict=True))) < 0",
        "tests/market/test_take.py::test_the_same_call_again_is_all_duplicates",
    ),
    Mutant(
        "ticks stored once more for their candles", "app/market/engine/sections.py",
        "        if place_of(entry_id) <= self._stored:\n            return\n", "",
        "tests/market/engine/test_sections.py::test_what_was_stored_without_candles_is_taken_for_these_alone",
    ),
    Mutant(
        "candles that say they hold more than was taken", "app/market/engine/sections.py",
        "CandleBatch(self._in_candles, self._taken, parts)", "CandleBatch(self._in_candles, section.upto, parts)",
        "tests/market/engine/test_sections.py::test_what_was_stored_without_candles_is_taken_for_these_alone",
    ),
    Mutant(
        "a float where only all digits can tell", "app/market/engine/book/prices.py",
        "DOUBT_BPS = 0.000001", "DOUBT_BPS = -1.0",
        "tests/market/engine/test_exactly.py::test_half_a_basis_point_counts_away_from_zero",
    ),
    Mutant(
        "two prices that floats cannot order", "app/market/engine/book/standing.py",
        "(_parted(ascending, rows, half) | (fresh == 1))", "(fresh > 0)",
        "tests/market/engine/test_exactly.py::test_prices_that_only_their_last_digit_orders",
    ),
    Mutant(
        "a bundle that is no JSON", "app/contests/forms/reading.py",
        "except ijson.JSONError as error:", "except KeyError as error:",
        f"{FUZZED}::test_any_bytes", "ijson",
    ),
    Mutant(
        "a packed bundle that is damaged", "app/contests/forms/source.py",
        "except (gzip.BadGzipFile, zlib.error) as error:", "except gzip.BadGzipFile as error:",
        f"{FUZZED}::test_a_packed_bundle_with_other_bytes_in_it", "zlib.error",
    ),
    Mutant(
        "a bundle that is a bomb", "app/contests/forms/source.py",
        "if self.read_bytes > self._limit:", "if self._stream.tell() > self._limit:",
        "tests/contests/test_import_refused.py::test_a_bomb_is_not_unpacked",
    ),
    Mutant(
        "what is encoded twice", "app/contests/views/listing.py",
        'request.args.get("q", "")', '__import__("urllib.parse").parse.unquote(request.args.get("q", ""))',
        f"{PROBED}::test_what_is_encoded_twice_is_decoded_once",
    ),
    Mutant(
        "what no column can keep", "app/core/errors.py",
        "    app.register_error_handler(DataError, _unkept)\n", "",
        f"{PROBED}::test_odd_addresses_are_not_found", "DataError",
    ),
    Mutant(
        "a name that becomes markup", "app/templates/contests/_list.html",
        "{{ contest.name }}</small></th>", "{{ contest.name | safe }}</small></th>",
        "tests/browser/test_polyglots.py::test_no_text_becomes_more_than_text",
    ),
    Mutant(
        "text that a template trusts", "app/templates/contests/_list.html",
        "{{ contest.name }}</small></th>", "{{ contest.name | safe }}</small></th>",
        "tests/house/test_templates.py::test_nothing_is_marked_safe",
    ),
    Mutant(
        "a script in the page itself", "app/core/security.py",
        "\"default-src 'none'; script-src {scripts}; ", "\"default-src 'none'; script-src {scripts} 'unsafe-inline'; ",
        "tests/core/test_security.py::test_every_answer_is_hardened",
    ),
    Mutant(
        "a report of the policy that is none", "app/core/security.py",
        "    if isinstance(report, dict):\n", "    if report is not None:\n",
        "tests/core/test_security.py::test_browsers_may_report_what_was_stopped", "AttributeError",
    ),
    Mutant(
        "a report of the policy that nobody hears", "app/core/security.py",
        'log.warning("content stopped by policy"', 'log.debug("content stopped by policy"',
        f"{LOGGED}::test_a_policy_report_carries_its_request", "JSONDecodeError",
    ),
    Mutant(
        "a cell that is a formula", SHEETS,
        'FORMULA_STARTS = frozenset("=+-@")', 'FORMULA_STARTS = frozenset("=+-")',
        f"{CELLS}::test_no_text_becomes_a_formula",
    ),
    Mutant(
        "a formula behind spaces", SHEETS,
        "text.lstrip(PASSED_OVER)[:1]", "text[:1]",
        f"{CELLS}::test_no_text_becomes_a_formula",
    ),
    Mutant(
        "a formula behind a semicolon", SHEETS,
        'f"([;{BREAKS}])"', 'f"([{BREAKS}])"',
        f"{CELLS}::test_nor_does_what_another_separator_makes_a_cell",
    ),
    Mutant(
        "names of secrets in the log", LOGS,
        "password|passwd|secret|", "passwd|secret|",
        f"{LOGGED}::test_scrubbing",
    ),
    Mutant(
        "keys within texts in the log", LOGS,
        'r"dd_[0-9a-f]{8}_[A-Za-z0-9_-]{43}"', 'r"dx_[0-9a-f]{8}_[A-Za-z0-9_-]{43}"',
        f"{LOGGED}::test_scrubbing",
    ),
    Mutant(
        "addresses in the log", LOGS,
        'return ADDRESS.sub("(address)", SPOKEN.sub("(hidden)", value))', 'return SPOKEN.sub("(hidden)", value)',
        f"{LOGGED}::test_scrubbing",
    ),
    Mutant(
        "one-time links in the log", "app/core/security.py",
        'route = str(request.url_rule or "none")', "route = request.path.replace('/', ' ')",
        f"{LOGGED}::test_one_time_links_are_not_logged",
    ),
    Mutant(
        "a second line made by a text", LOGS,
        "else structlog.processors.JSONRenderer()", 'else structlog.processors.KeyValueRenderer(repr_native_str=False)',
        f"{LOGGED}::test_nobody_writes_a_second_line",
    ),
)  # fmt: skip
