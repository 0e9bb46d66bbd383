"""Turns: as many as named in any window, for each client alone, through every outage, and never without the database
where money is at stake."""

from tests.faults.mutants.mutant import Mutant

TURNS, IN_VALKEY, LIMITS = "app/core/turns/__init__.py", "app/core/turns/in_valkey.py", "app/core/limits.py"
COUNTED, ASKED = "tests/core/turns/test_turns.py", "tests/core/test_limits.py"
OUTAGES = "tests/core/turns/test_outages.py"

MUTANTS = (
    Mutant(
        "one more than named", IN_VALKEY,
        "'LINDEX', moments, most - 1)", "'LINDEX', moments, most)",
        f"{COUNTED}::test_as_many_as_named_over_all_processes",
    ),
    Mutant(
        "a window that ends before its time", IN_VALKEY,
        "not nth or now - nth >= length", "not nth or now - nth >= length / 2 + 1e6",
        f"{COUNTED}::test_over_the_edge_of_a_window",
    ),
    Mutant(
        "a Valkey that forgot what it knew", IN_VALKEY,
        "or now - since >= length\n", "or since > 0\n",
        f"{OUTAGES}::test_nor_does_the_end_of_an_outage",
    ),
    Mutant(
        "everybody while Valkey is away", TURNS,
        "            return self._take_without_valkey(window)", "            return Taken(True, 1, 0.0)",
        f"{OUTAGES}::test_an_outage_forgets_nothing",
    ),
    Mutant(
        "what each process gave before an outage", TURNS,
        "                self.memory.note(window)", "                self.memory.tell()",
        f"{OUTAGES}::test_an_outage_forgets_nothing",
    ),
    Mutant(
        "an outage that another process met", "app/core/turns/doubts.py",
        "if found != self._read and found is not None:", "if found is None and self._read is not None:",
        f"{OUTAGES}::test_a_hang_that_one_process_alone_met",
    ),
    Mutant(
        "trust in Valkey before the first look is over", "app/core/turns/doubts.py",
        "PATIENCE_S if self._database_answers else 0.0", "0.1",
        f"{OUTAGES}::test_nobody_trusts_valkey_while_the_first_look_still_opens_its_connection",
    ),
    Mutant(
        "a Valkey that hangs, waited for by each", TURNS,
        "            self._away_until = time.monotonic() + self._pause_s\n", "",
        f"{OUTAGES}::test_one_waits_for_a_valkey_that_is_away_and_the_next_do_not",
    ),
    Mutant(
        "money counted by Valkey", TURNS,
        "in_database.take(window) if SURE in key else self._take(window)", "self._take(window)",
        f"{COUNTED}::test_sure_turns_never_ask_valkey",
    ),
    Mutant(
        "sign-in open without the database", "app/core/extensions.py",
        'strategy="moving-window"\n', 'strategy="moving-window", swallow_errors=True\n',
        f"{ASKED}::test_without_the_database_nobody_takes_a_sure_turn",
    ),
    Mutant(
        "a forged X-Forwarded-For", LIMITS,
        "{address_hash(request.remote_addr).hex()}",
        "{address_hash(request.headers.get('X-Forwarded-For', request.remote_addr)).hex()}",
        f"{ASKED}::test_a_forged_header_makes_nobody_else",
    ),
    Mutant(
        "strangers who use up the turns of an address", LIMITS,
        "((known and known()) or client())", "client()",
        "tests/staff/test_sign_in_page.py::test_strangers_at_the_same_address_use_up_no_turn_of_a_known_browser",
    ),
    Mutant(
        "all addresses as one", LIMITS,
        "{address_hash(request.remote_addr).hex()}", "{len(str(request.remote_addr)) * 0}",
        f"{ASKED}::test_everybody_is_counted_alone",
    ),
    Mutant(
        "addresses in the store", LIMITS,
        "{address_hash(request.remote_addr).hex()}", "{request.remote_addr}",
        "tests/core/test_limits.py::test_nobody_is_counted_by_their_address",
    ),
    Mutant(
        "a limit on the page alone", "app/staff/views/signing_in.py",
        'RATE = "20 per minute; ', 'RATE = "2000 per minute; ',
        "tests/house/test_asvs.py::test_the_limits_that_are_written_down_are_those_that_hold",
    ),
    Mutant(
        "when the oldest is given back", "app/core/turns/window.py",
        "math.ceil(moment - time.time())", "math.ceil(moment - time.time()) + 1",
        "tests/core/api/test_reading.py::test_after_t_seconds_the_oldest_is_given_back",
    ),
    Mutant(
        "when the oldest is not given back yet", "app/core/turns/window.py",
        "math.ceil(moment - time.time())", "math.floor(moment - time.time())",
        "tests/core/api/test_reading.py::test_after_t_seconds_the_oldest_is_given_back",
    ),
    Mutant(
        "submissions of one submitter", "app/whitelist/service/submitting.py",
        "A_SUBMITTER_AN_HOUR = 10", "A_SUBMITTER_AN_HOUR = 11",
        "tests/whitelist/test_api.py::test_ten_an_hour_for_each_submitter",
    ),
    Mutant(
        "clicks of one address", "app/referrals/rules/clicks.py",
        "PER_ADDRESS = (100, ", "PER_ADDRESS = (101, ",
        "tests/referrals/test_follow.py::test_an_address_follows_a_hundred_links_in_a_quarter_of_an_hour",
    ),
)  # fmt: skip
