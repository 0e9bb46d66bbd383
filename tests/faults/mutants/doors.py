"""Who gets in: the table of routes, socket events and commands, the role, where a request comes from, its token."""

from tests.faults.mutants.mutant import Mutant

ACCESS, SECURITY, GATE, EVENTS = (
    f"app/core/{name}.py" for name in ("access", "security", "gate", "events")
)
DOOR = "tests/house/test_access.py"

MUTANTS = (
    Mutant(
        "a role that does not hold the permission", ACCESS,
        "if permission is None or not holds(current_user.role, permission):", "if permission is None:",
        f"{DOOR}::test_the_door[staff.accounts-support]",
    ),
    Mutant(
        "strangers", ACCESS,
        "        return _to_sign_in()", "        return None",
        f"{DOOR}::test_the_door[staff.account-anonymous]", "AttributeError",
    ),
    Mutant(
        "a route that names nobody", ACCESS,
        "if permission_of(view) is None)", "if permission_of(view) == name)",
        "tests/core/test_access.py::test_an_unlisted_route_keeps_the_app_from_starting",
    ),
    Mutant(
        "a page that everybody may see by mistake", "app/staff/views/accounts.py",
        '@bp.get(HERE)\n@allow("staff:account:read")', '@bp.get(HERE)\n@allow("staff:own_account:read")',
        f"{DOOR}::test_the_door[staff.accounts-wall]",
    ),
    Mutant(
        "a new route outside the table", "app/staff/views/own_account.py",
        '@bp.get("/account")\n', '@bp.get("/account/more", endpoint="more")\n@bp.get("/account")\n',
        f"{DOOR}::test_every_endpoint_is_in_the_table",
    ),
    Mutant(
        "the door behind the form token", SECURITY,
        "first.insert(0, access.door)", "first.append(access.door)",
        "tests/staff/test_sign_in_page.py::test_a_form_of_an_ended_sign_in_leads_to_the_sign_in_page",
    ),
    Mutant(
        "a cookie instead of a key", "app/core/access.py",
        "        return clients.enter(permission.removeprefix(_CLIENT))",
        "        return None if current_user.is_authenticated else clients.enter(permission.removeprefix(_CLIENT))",
        f"{DOOR}::test_a_cookie_opens_no_address_of_the_api",
    ),
    Mutant(
        "a key without the scope", "app/core/clients.py",
        "if scope not in client.scopes:", "if not client.scopes:",
        "tests/staff/test_clients.py::test_another_scope",
    ),
    Mutant(
        "a revoked key", "app/staff/api.py",
        "if line.revoked_at is not None:", "if line.revoked_at is not None and line.has_expired:",
        "tests/staff/test_clients.py::test_a_revoked_key",
    ),
    Mutant(
        "a key whose secret is another", "app/staff/api.py",
        "or not hmac.compare_digest(_hash(line, parts[0]), token_hash(parts[1]))", "",
        "tests/market/test_push.py::test_a_right_prefix_with_a_wrong_secret",
    ),
    Mutant(
        "a command for somebody whose role does not include it", "app/staff/service/acting.py",
        "if account.role not in roles:", "if not roles:",
        "tests/house/test_access_commands.py::test_for_whom_it_acts",
    ),
    Mutant(
        "a new command outside the table", "app/staff/cli.py",
        '@group.command("list-clients")\n', '@group.command("all-clients")\n',
        "tests/house/test_access_commands.py::test_every_command_is_in_the_table",
    ),
    Mutant(
        "a socket event for everybody", "app/contests/live.py",
        'allow="contests:contest:read"', 'allow="staff:own_account:read"',
        "tests/house/test_events.py::test_who_may_say_it[here]",
    ),
    Mutant(
        "a socket event outside the table", "app/whitelist/live.py",
        '@event("reviewing", ', '@event("review", ',
        "tests/house/test_events.py::test_every_event_is_in_the_table",
    ),
    Mutant(
        "a socket event of a role that may not", EVENTS,
        "if not holds(asking.viewer.role, known.permission):", "if not known.permission:",
        "tests/market/test_live.py::test_a_wall_sees_prices_and_nothing_of_the_desk",
    ),
    Mutant(
        "a socket event that nobody registered", EVENTS,
        '        self._shut(self._asking(sid), name, "unknown")', '        log.info("unknown", name=name, sid=sid)',
        "tests/core/test_live.py::test_an_event_that_nobody_registered_ends_the_socket",
    ),
    Mutant(
        "a flood of events", EVENTS,
        "        if not pace.allows():", "        if not pace.allows() and facts == known:",
        "tests/wall/test_sockets.py::test_telling_too_often_ends_the_socket",
    ),
    Mutant(
        "a socket of another site", GATE,
        "if origin not in own:", "if not origin:",
        "tests/core/test_live.py::test_pages_of_others_stay_out[https://evil.example]",
    ),
    Mutant(
        "a socket that says no origin", GATE,
        "if origin not in own:", "if origin and origin not in own:",
        "tests/core/test_live.py::test_pages_of_others_stay_out[None]",
    ),
    Mutant(
        "sockets of a sign-in that ended", "app/core/revoking.py",
        "if (viewer.kind, viewer.pass_id) not in live:", "if (viewer.kind, viewer.pass_id) in live - live:",
        "tests/core/test_live.py::test_the_sockets_of_a_sign_in_end_with_it[sign_out]",
    ),
    Mutant(
        "a form of another site, by its Origin", SECURITY,
        "if origin is not None and urlsplit(origin).netloc != request.host:", 'if origin == "null":',
        "tests/core/test_security.py::test_forms_of_other_sites_do_nothing",
    ),
    Mutant(
        "a form of another site, by Sec-Fetch-Site", SECURITY,
        'not in {"same-origin", "none"}', 'not in {"same-origin", "same-site", "none"}',
        "tests/core/test_security.py::test_forms_of_other_sites_do_nothing",
    ),
    Mutant(
        "a form without its token", "app/core/extensions.py",
        "        if request.method not in SAFE_METHODS:", '        if request.method == "PUT":',
        "tests/core/test_security.py::test_a_wrong_form_token_is_refused",
    ),
    Mutant(
        "proxies that nobody named", SECURITY,
        "x_for=count, x_proto=count", "x_for=count + 1, x_proto=count",
        "tests/core/test_security.py::test_only_trusted_proxies_say_where_from",
    ),
    Mutant(
        "a request id from anybody", SECURITY,
        ' if settings().trusted_proxies else ""\n', "\n",
        "tests/core/test_security.py::test_a_request_id_is_taken_over_from_a_trusted_proxy_only",
    ),
)  # fmt: skip
