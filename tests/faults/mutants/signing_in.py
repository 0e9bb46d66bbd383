"""Passwords, codes, passkeys and cookies: what counts once, how long it counts, and whom guessing slows down."""

from tests.faults.mutants.mutant import Mutant

STAFF, SERVICE = "app/staff", "app/staff/service"
COOKIES, QUERIES = f"{STAFF}/views/cookies.py", f"{STAFF}/queries/__init__.py"
GUESSES, PROVING, CEREMONIES, CHALLENGES = (
    f"{SERVICE}/{name}.py" for name in ("guesses", "proving", "ceremonies", "challenges")
)
FACTORS, KEYS, COUNTED, SIGN_INS = (
    f"tests/staff/test_{name}.py" for name in ("second_factors", "passkeys", "guesses", "sign_ins")
)

MUTANTS = (
    Mutant(
        "a sign-in that ended", QUERIES,
        "        SignIn.ended_at.is_(None),\n", "",
        "tests/staff/test_sign_in_page.py::test_signing_out_ends_the_sign_in_itself",
    ),
    Mutant(
        "a sign-in of an older epoch", QUERIES,
        "        SignIn.epoch == Account.session_epoch,\n", "",
        f"{SIGN_INS}::test_all_end_at_once",
    ),
    Mutant(
        "a sign-in nobody uses", QUERIES,
        "SignIn.seen_at > NOW - timedelta(minutes=", "SignIn.seen_at > NOW - timedelta(hours=",
        f"{SIGN_INS}::test_time_ends_a_sign_in",
    ),
    Mutant(
        "a disabled account", QUERIES,
        "        Account.disabled_at.is_(None),\n", "",
        "tests/house/test_access.py::test_the_door[staff.account-disabled]",
    ),
    Mutant(
        "a proof of ten minutes ago", PROVING,
        "if database_now() - at > PROOF_LASTS:", "if database_now() - at > 2 * PROOF_LASTS:",
        f"{FACTORS}::test_changing_it_asks_for_a_fresh_proof",
    ),
    Mutant(
        "a browser left alone that makes an admin", f"{STAFF}/views/accounts.py",
        '@allow("staff:account:invite")\n@proved(HERE)\n', '@allow("staff:account:invite")\n',
        "tests/staff/test_accounts_page.py::test_who_has_not_just_proved_it_lets_nobody_in",
    ),
    Mutant(
        "money without a second factor", PROVING,
        "    if not has_second_factor(account.id):\n        raise NoSecondFactor\n", "",
        f"{FACTORS}::test_money_asks_for_a_second_factor",
    ),
    Mutant(
        "a password as a proof for money", f"{SERVICE}/sign_ins.py",
        "address=address, proved_at=proved_at)", "address=address, proved_at=database_now())",
        f"{FACTORS}::test_a_new_password_is_no_proof",
    ),
    Mutant(
        "a code used again", PROVING,
        "step <= factor.last_step", "step < factor.last_step",
        f"{FACTORS}::test_a_code_works_once",
    ),
    Mutant(
        "a code of minutes ago", f"{SERVICE}/codes.py",
        "DRIFT_STEPS = 1", "DRIFT_STEPS = 3",
        "tests/staff/test_codes.py::test_half_a_minute_of_drift",
    ),
    Mutant(
        "a recovery code used again", PROVING,
        "        .values(used_at=now)\n", "        .values(used_at=None)\n",
        f"{FACTORS}::test_a_recovery_code_stands_in_once",
    ),
    Mutant(
        "the recovery codes of the set before", f"{SERVICE}/second_factors.py",
        "    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))\n    fresh",
        "    fresh",
        f"{FACTORS}::test_new_recovery_codes_end_the_old_ones",
    ),
    Mutant(
        "passkeys by other algorithms", CEREMONIES,
        "            user_id=keyed_hash(",
        "            supported_pub_key_algs=[webauthn.helpers.cose.COSEAlgorithmIdentifier(-65535)],\n"
        "            user_id=keyed_hash(",
        f"{KEYS}::test_only_keys_of_approved_kinds_are_asked_for",
    ),
    Mutant(
        "a copied passkey", CEREMONIES,
        "credential_current_sign_count=sign_count", "credential_current_sign_count=0 * sign_count",
        f"{KEYS}::test_a_copy_of_a_key_that_counts_is_found",
    ),
    Mutant(
        "a passkey nobody unlocked", CEREMONIES,
        "require_user_verification=True,\n        ).new", "require_user_verification=False,\n        ).new",
        f"{KEYS}::test_what_is_not_believed",
    ),
    Mutant(
        "an answer of a passkey sent again", CHALLENGES,
        ".first() is None:", ".first() is now:",
        f"{KEYS}::test_an_answer_counts_once",
    ),
    Mutant(
        "a challenge for something else", CHALLENGES,
        'f"{purpose} {head.hex()}"', "head.hex()",
        f"{KEYS}::test_a_challenge_for_one_thing_is_good_for_no_other",
    ),
    Mutant(
        "an old challenge", CHALLENGES,
        "now.timestamp() - made_at <= LASTS.total_seconds()", "now.timestamp() - made_at",
        f"{KEYS}::test_a_challenge_grows_old",
    ),
    Mutant(
        "a password given an hour ago", COOKIES,
        'request.cookies.get(_name("step"), ""), max_age=STEP_LASTS_S)', 'request.cookies.get(_name("step"), ""))',
        "tests/staff/test_cookies.py::test_a_given_password_is_old_after_five_minutes",
    ),
    Mutant(
        "the mark of a browser as a password", COOKIES,
        'salt="known device"', 'salt="password given"',
        "tests/staff/test_cookies.py::test_a_cookie_for_one_purpose_is_none_for_another[_steps]",
    ),
    Mutant(
        "the mark of a browser for another account", COOKIES,
        "return device if name == account_name.lower() else None", "return device",
        "tests/staff/test_sign_in_page.py::test_the_mark_of_a_browser_is_good_for_its_account_only",
    ),
    Mutant(
        "a cookie that scripts can read", COOKIES,
        "secure=settings().is_secure, httponly=True, samesite=\"Lax\"\n    )\n\n\ndef _steps",
        "secure=settings().is_secure, httponly=False, samesite=\"Lax\"\n    )\n\n\ndef _steps",
        "tests/staff/test_sign_in_page.py::test_the_cookie_is_shut_to_scripts_and_other_sites",
    ),
    Mutant(
        "made-up cookies", COOKIES,
        "    except BadSignature:\n        return None\n    _, name, device",
        "    except KeyError:\n        return None\n    _, name, device",
        "tests/staff/test_cookies.py::test_any_bytes_are_no_mark", "itsdangerous.exc.Bad",
    ),
    Mutant(
        "strangers who lock an owner out", GUESSES,
        "if known_device is not None:", 'if known_device == "":',
        f"{COUNTED}::test_the_owner_is_free_of_strangers",
    ),
    Mutant(
        "strangers counted each by their address", GUESSES,
        'keyed_hash("guess by stranger", account)', 'keyed_hash("guess by stranger", account + address.hex())',
        f"{COUNTED}::test_names_are_counted_alike_in_any_case",
    ),
    Mutant(
        "one address for many accounts", GUESSES,
        "FREE_PER_ADDRESS = 20", "FREE_PER_ADDRESS = 2000",
        f"{COUNTED}::test_one_address_trying_many_accounts_is_slowed",
    ),
    Mutant(
        "waiting that does not grow", GUESSES,
        '"blocked_until": NOW + wait', '"blocked_until": NOW',
        f"{COUNTED}::test_waiting_doubles",
    ),
    Mutant(
        "a one-time link used again", f"{SERVICE}/links.py",
        "    link.used_at = database_now()\n", "",
        "tests/staff/test_links.py::test_a_link_works_once",
    ),
    Mutant(
        "a sign-in that leads to another site", f"{STAFF}/views/signing_in.py",
        "return go_in(entered, safe_next(form.next.data))", 'return go_in(entered, form.next.data or "/")',
        "tests/staff/test_sign_in_page.py::test_never_leads_to_another_site",
    ),
)  # fmt: skip
