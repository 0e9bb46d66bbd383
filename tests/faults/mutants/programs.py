"""What programs meet: errors that name the member, calls done once, pages in a total order, answers with marks."""

from tests.faults.mutants.mutant import Mutant

API, ONCE = "app/core/api", "app/core/once.py"
ERRORS, SENT_AGAIN, READ = (f"tests/core/api/test_{name}.py" for name in ("errors", "once", "reading"))
LISTED = "app/contests/queries/platform.py"

MUTANTS = (
    Mutant(
        "members that nobody knows", f"{API}/shapes.py",
        'strict=True, extra="forbid"', 'strict=True, extra="ignore"',
        f"{ERRORS}::test_members_are_named",
    ),
    Mutant(
        "the first wrong member alone", f"{API}/shapes.py",
        "MOST_FAULTS = 20", "MOST_FAULTS = 1",
        f"{ERRORS}::test_members_are_named",
    ),
    Mutant(
        "the place of a member", f"{API}/shapes.py",
        'return "#" + "".join(', 'return "#" + "".join(reversed("")) + "".join("" and ',
        f"{ERRORS}::test_members_are_named",
    ),
    Mutant(
        "an error that is no problem document", "app/core/problems.py",
        'content_type="application/problem+json"', 'content_type="application/json"',
        f"{ERRORS}::test_a_body_that_is_none",
    ),
    Mutant(
        "a body that is not JSON by its type", f"{API}/bodies.py",
        'if request.mimetype != "application/json":', 'if request.mimetype == "text/html":',
        f"{ERRORS}::test_a_body_that_is_none",
    ),
    Mutant(
        "parameters that nobody knows", f"{API}/asked.py",
        'extra="forbid"', 'extra="ignore"',
        f"{ERRORS}::test_parameters_are_named",
    ),
    Mutant(
        "a cursor of another list", f"{API}/asked.py",
        "if not found.key and (self.after or self.before):", "if not found.key and self.after == self.before != None:",
        f"{ERRORS}::test_parameters_are_named",
    ),
    Mutant(
        "a row that comes twice", LISTED,
        "wanted = wanted.where(here > there if at.backwards else here < there)\n    rows = db.session.scalars(wanted)",
        "wanted = wanted.where(here > there if at.backwards else here <= there)\n    rows = db.session.scalars(wanted)",
        f"{READ}::test_every_page_once_there_and_back",
    ),
    Mutant(
        "a page backwards", "app/core/paging.py",
        "        rows.reverse()\n", "        rows = rows[:-1]\n",
        f"{READ}::test_every_page_once_there_and_back",
    ),
    Mutant(
        "lists within lists without end", f"{API}/bodies.py",
        "except (ValueError, RecursionError) as error:", "except ValueError as error:",
        f"{ERRORS}::test_a_body_that_is_none", "RecursionError",
    ),
    Mutant(
        "a NUL in an address", f"{API}/operations.py",
        'any("\\x00" in str(value) or (', 'any("\\x01" in str(value) or (',
        f"{ERRORS}::test_an_address_with_what_no_text_has",
    ),
    Mutant(
        "another body under the same key", ONCE,
        "        if kept.request_hash != asked:\n", "        if len(kept.request_hash) != len(asked):\n",
        f"{SENT_AGAIN}::test_another_body_under_the_key_is_refused",
    ),
    Mutant(
        "another address under the same key", ONCE,
        "hashlib.sha256(address.encode() + said)", "hashlib.sha256(said)",
        f"{SENT_AGAIN}::test_another_address_under_the_key_is_refused",
    ),
    Mutant(
        "somebody else's key", ONCE,
        "kept.where(ApiAnswer.client_id == client_id, ApiAnswer.key == key)", "kept.where(ApiAnswer.key == key)",
        f"{SENT_AGAIN}::test_keys_are_each_client_s_own",
    ),
    Mutant(
        "a call that is done but not kept", ONCE,
        "        _keep(client_id, key, asked, answer)\n", "    _keep(client_id, key, asked, answer)\n",
        f"{SENT_AGAIN}::test_what_breaks_half_way_leaves_nothing",
    ),
    Mutant(
        "what is no key", ONCE,
        "if key is not None and not KEY.fullmatch(key):", "if key is not None and len(key) > 255:",
        f"{SENT_AGAIN}::test_what_is_no_key_is_refused[two words]",
    ),
    Mutant(
        "a mark that answers nothing", f"{API}/operations.py",
        "        answer.make_conditional(request)\n", "",
        f"{READ}::test_what_did_not_change_is_not_sent_again",
    ),
    Mutant(
        "an answer kept for somebody else", f"{API}/operations.py",
        '"private, no-cache"', '"public, max-age=60"',
        f"{READ}::test_what_did_not_change_is_not_sent_again",
    ),
    Mutant(
        "how many calls are left", f"{API}/headers.py",
        "r={max(0, one.remaining)}", "r={one.limit.amount}",
        f"{READ}::test_every_answer_says_how_many_calls_are_left",
    ),
    Mutant(
        "an address that says nothing of itself", "app/contests/api/reading.py",
        '@allow_client("contests:contest:read")\n@limit(READ_RATE)\n@operation(ContestShown)\n',
        '@allow_client("contests:contest:read")\n@limit(READ_RATE)\n',
        "tests/house/test_api.py::test_every_address_says_what_it_does",
    ),
    Mutant(
        "a body without an end", "app/__init__.py",
        '"MAX_CONTENT_LENGTH": 64 * 1024,', '"MAX_CONTENT_LENGTH": 64 * 1024 * 1024,',
        "tests/core/test_errors.py::test_too_large_a_form",
    ),
    Mutant(
        "the largest body of an address", f"{API}/bodies.py",
        "    request.max_content_length = body.largest\n", "    request.max_content_length = 10 * LARGE\n",
        "tests/market/test_push.py::test_too_large_a_body",
    ),
)  # fmt: skip
