"""What leaves us or holds us up: frames, webhooks, Wallet Services, files, waiting, two persons for money, packages."""

from tests.faults.mutants.mutant import Mutant

SENDING, ADDRESSES = "app/webhooks/jobs/sending.py", "app/webhooks/rules/addresses.py"
SIGNATURES, EVENTS = "app/payouts/rules/signatures.py", "app/payouts/api/events.py"
SENT, READ, TOLD = (
    "tests/webhooks/test_sending.py", "tests/client/test_webhooks.py", "tests/payouts/wallets/test_wallet_events.py",
)  # fmt: skip

MUTANTS = (
    Mutant(
        "a frame on the connection that took a closed one's number", "app/core/wire.py",
        "        self._common.ended += not self._has_ended\n", "",
        "tests/core/test_fanout.py::test_who_gets_the_number_of_a_closed_connection_hears_nothing",
    ),
    Mutant(
        "a webhook that is signed without its time", "app/webhooks/rules/signing.py",
        'f"{message_id}.{timestamp}.".encode() + body', 'f"{message_id}.".encode() + body',
        f"{READ}::test_what_is_signed_with_the_secret_is_read", "NotSigned",
    ),
    Mutant(
        "a webhook of an hour ago", "clients/degenduel/webhooks.py",
        "> WINDOW_S:", "> 12 * WINDOW_S:",
        f"{READ}::test_everything_else_is_not",
    ),
    Mutant(
        "a webhook of somebody else", "clients/degenduel/webhooks.py",
        "if not any(hmac", "if not marks or not any(len(one) == len(mark) or hmac",
        f"{READ}::test_everything_else_is_not",
    ),
    Mutant(
        "the old secret while a new one replaces it", "app/webhooks/service/delivering.py",
        "        sealed.append(endpoint.sealed_previous)\n", "        sealed = [endpoint.sealed_previous]\n",
        f"{SENT}::test_both_secrets_sign_while_one_replaces_the_other",
    ),
    Mutant(
        "another id at each try", "app/webhooks/service/delivering.py",
        "_address(endpoint), event.message_id,", '_address(endpoint), f"{event.message_id}{delivery.attempts}",',
        f"{SENT}::test_a_failure_is_tried_again_under_the_same_id",
    ),
    Mutant(
        "a redirect that is followed", SENDING,
        "follow_redirects=False, trust_env", "follow_redirects=True, trust_env",
        f"{SENT}::test_a_failure_is_tried_again_under_the_same_id",
    ),
    Mutant(
        "who drips an answer for ever", SENDING,
        "        timer.start()\n", "        timer.name = str(seconds)\n",
        f"{SENT}::test_who_keeps_us_waiting_is_cut_off",
    ),
    Mutant(
        "a name that leads to ourselves", SENDING,
        "if hidden and not private:", "if hidden and private:",
        f"{SENT}::test_a_name_that_leads_to_ourselves_is_refused_when_it_is_looked_up",
    ),
    Mutant(
        "an address wrapped in another", ADDRESSES,
        "        if found in TRANSLATED:\n", "        if found == TRANSLATED:\n",
        f"{SENT}::test_an_address_that_is_not_public_is_refused",
    ),
    Mutant(
        "an event of Wallet Services sent again", EVENTS,
        "    if not is_new:\n", "    if is_new is False:\n",
        f"{TOLD}::test_a_replay_is_refused",
    ),
    Mutant(
        "an event signed an hour ago", SIGNATURES,
        "abs(now - int(timestamp)) > WINDOW_S", "abs(now - int(timestamp)) > 12 * WINDOW_S",
        f"{TOLD}::test_what_is_not_signed_now_by_them_is_refused",
    ),
    Mutant(
        "an event for another address", SIGNATURES,
        "method.upper(), path, sha256(body)", "method.upper(), sha256(body)",
        f"{TOLD}::test_what_is_not_signed_now_by_them_is_refused",
    ),
    Mutant(
        "another body under the signature", SIGNATURES,
        "sha256(body).hexdigest()", "sha256(method.encode()).hexdigest()",
        f"{TOLD}::test_a_changed_body_is_refused",
    ),
    Mutant(
        "no secret agreed", SIGNATURES,
        "    if not secret:\n", "    if secret is None:\n",
        f"{TOLD}::test_without_an_agreed_secret_nobody_gets_in",
    ),
    Mutant(
        "one person for a payout", "app/payouts/service/approving.py",
        "    if batch.proposed_by == person(by):\n", "    if batch.proposed_by == by:\n",
        "tests/payouts/test_four_eyes.py::test_page_post_api_and_command_line_refuse_and_keep_it", "IntegrityError",
    ),
    Mutant(
        "a request that hangs", "app/core/deadlines.py",
        "start_new(getattr(view, _MARK, USUAL_S))", "start_new(None)",
        "tests/core/test_deadlines.py::test_what_hangs_is_given_up_and_the_next_is_served[wait]",
    ),
    Mutant(
        "a wait without an end", SENDING,
        "httpx.Client(timeout=PATIENCE, follow", "httpx.Client(follow",
        "tests/house/test_time_outs.py::test_waits_end",
    ),
    Mutant(
        "a key that others on the machine can read", "app/core/keys.py",
        "os.O_EXCL, 0o600)", "os.O_EXCL, 0o644)",
        "tests/core/test_security.py::test_a_key_is_made_once_by_many",
    ),
    Mutant(
        "a secret written into the program", "app/config.py",
        'secret_key: str = setting("", str,', 'secret_key: str = setting("dev", str,',
        "tests/core/test_security.py::test_no_secret_stands_in_the_program",
    ),
    Mutant(
        "a package with a known hole", "requirements.txt",
        "flask==3.1.3", "flask==3.1.2",
        "tests/house/test_packages.py::test_no_package_is_older_than_its_floor",
    ),
    Mutant(
        "a package of any version", "requirements.txt",
        "gunicorn==", "gunicorn>=",
        "tests/house/test_packages.py::test_every_package_is_pinned_to_one_version",
    ),
    Mutant(
        "a statement pasted together", "app/core/clock.py",
        'text("SELECT clock_timestamp()")', 'text(f"SELECT {db.name}()")',
        "tests/house/test_dangers.py::test_statements_have_parameters",
    ),
)  # fmt: skip
