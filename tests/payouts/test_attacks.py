"""What the database refuses by itself, whatever a program asks of it; and that what is right passes."""

from dataclasses import dataclass

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.extensions import db
from app.payouts.rules.lists import list_hash
from tests.contests.rows import contest_row
from tests.payouts.people import colleague, final_contest, payouts_of, proposed

BROKEN_RULE = "23"
"""PostgreSQL's class of errors for constraints: nothing is refused for a slip of the pen."""
LINES = (
    "WITH j AS (INSERT INTO ledger_journals (kind, reference, booked_by) VALUES ('deposit', '{}', 'x') RETURNING id)"
    " INSERT INTO ledger_lines SELECT j.id, v.* FROM j, (VALUES {}) v(account, lamports)"
)
LATE = "INSERT INTO ledger_lines SELECT j.id, v.* FROM (SELECT {}(id) FROM ledger_journals) j(id), (VALUES {}) v"
FORGED = LINES.replace("booked_by)", "booked_by, transaction)").replace("'x')", "'x', txid_current() + {})")
MOVE = "('fee', -5), ('hot_wallet', 5)"
APPROVE = (
    "UPDATE payout_batches SET state = 'approved', approved_by = {by}, approved_at = now(), approved_hash = '{hash}',"
    " approver_proved_at = clock_timestamp() - interval '{age}' WHERE id = {batch}"
)
ATTEMPT = (
    "INSERT INTO payout_attempts (batch_id, number, reference, wire, last_valid_height, list_hash, lamports)"
    " VALUES ({batch}, {number}, '{reference}', 'x', 100, '{hash}', {lamports})"
)
EXPIRE = "UPDATE payout_attempts SET state = 'expired', expiry_proof = {} WHERE reference = 'a1'"
LAND = "UPDATE payout_attempts SET state = 'landed_ok', landed_at = now(), fee_lamports = 0 WHERE reference = '{}'"
PAID = "UPDATE payouts SET state = 'paid', paid_at = now(), paid_attempt_id = (SELECT max(id) FROM payout_attempts)"
PAYMENT = "('prize_payable', 900000000), ('hot_wallet', -900000000)"
BOOKED = LINES.replace("'deposit'", "'payment'").format("a2", PAYMENT)
FREEZE = "INSERT INTO payout_freezes (kind, about, reason, frozen_by, frozen_at) VALUES ('x', 'y', 'z', 'w', now())"
ASK = "UPDATE payout_freezes SET lift_asked_by = {}, lift_asked_at = now(), lift_reason = 'explained'"
LIFT = "UPDATE payout_freezes SET lifted_by = {}, lifted_at = now()"


NAMED = {
    "a second payout for the same entitlement", "an approval by who proposed", "an approval without its hash",
    "a second live attempt", "expiry without proof", "expiry with an empty proof", "expiry with a proof too low",
    "an expired attempt that lands", "paid without an attempt", "a final contest without its result",
    "an address that is none", "a payout of nothing", "a journal that does not add up", "a journal of one side",
    "a journal of nothing", "a journal that says it belongs to another transaction",
    "lines for a journal that is closed", "a line of the ledger changed", "the ledger emptied",
    "a row of the audit log changed", "a row of the audit log deleted", "the audit log emptied",
}  # fmt: skip
Story = list[tuple[bool | str, str]]
"""Statements in turn: True where the statement has to pass, False or the attack's name where it is refused."""


@dataclass(frozen=True)
class Case:
    batch: int
    digest: str
    lamports: int
    ann: str
    ben: str
    sue: str

    def approve(self, **changes: str) -> str:
        good = {"by": self.ben, "hash": self.digest, "age": "1 minute", "batch": str(self.batch)}
        return APPROVE.format(**good | changes)

    def attempt(self, number: int, surplus: int = 0) -> str:
        return ATTEMPT.format(
            batch=self.batch, number=number, reference=f"a{number}", hash=self.digest, lamports=self.lamports + surplus
        )  # fmt: skip


def on_lists(case: Case) -> Story:
    again = "kind, contest_id, entry_id, nickname, {}, {} FROM payouts LIMIT 1"
    other = again.replace("entry_id, nick", "entry_id + 5, nick")
    into = "INSERT INTO payouts (kind, contest_id, entry_id, nickname, wallet, lamports) SELECT "
    return [
        ("a second payout for the same entitlement", into + again.format("wallet", "lamports")),
        ("an address that is none", into + other.format("'0' || left(wallet, 43)", "1")),
        ("a payout of nothing", into + other.format("wallet", "0")),
        (False, "UPDATE payouts SET lamports = lamports + 1"),
        (False, "UPDATE payouts SET wallet = reverse(wallet)"),
        ("paid without an attempt", "UPDATE payouts SET state = 'paid'"),
        (False, "UPDATE payouts SET batch_id = NULL, state = 'held'"),
        (False, "DELETE FROM payouts"),
        (False, "TRUNCATE payouts CASCADE"),
        (False, case.attempt(1)),
        ("an approval by who proposed", case.approve(by=case.ann)),
        (False, case.approve(by=case.sue)),
        (False, case.approve(hash="0" * 64)),
        (False, case.approve(age="6 minutes")),
        ("an approval without its hash", case.approve().replace(f"'{case.digest}'", "NULL")),
        (False, "UPDATE payout_batches SET state = 'approved'"),
        (False, "UPDATE payout_batches SET state = 'paying'"),
        (False, "UPDATE payout_batches SET proposed_by = proposed_by + 1"),
        (True, case.approve()),
        (False, "UPDATE payout_batches SET list_hash = repeat('0', 64), approved_hash = repeat('0', 64)"),
        (False, "UPDATE payouts SET state = 'planned', batch_id = NULL"),
    ]


def on_attempts(case: Case) -> Story:
    return [
        (True, "UPDATE payout_batches SET state = 'paying'"),
        (False, case.attempt(1, 1)),
        (False, case.attempt(2)),
        (True, FREEZE),
        (False, case.attempt(1)),
        (False, LIFT.format(case.ben)),
        (True, ASK.format(case.ann)),
        (False, LIFT.format(case.ann)),
        (False, LIFT.format(case.sue)),
        (True, LIFT.format(case.ben)),
        (True, case.attempt(1)),
        ("a second live attempt", case.attempt(2)),
        (False, "UPDATE payout_attempts SET wire = 'y'"),
        ("expiry without proof", EXPIRE.format("NULL")),
        ("expiry with an empty proof", EXPIRE.format("'{}'")),
        ("expiry with a proof too low", EXPIRE.format("""'{"finalized_height": 100}'""")),
        (False, "UPDATE payout_batches SET state = 'cancelled', closed_at = now()"),
        (True, EXPIRE.format("""'{"finalized_height": 101}'""")),
        ("an expired attempt that lands", LAND.format("a1")),
        (True, case.attempt(2)),
        (False, PAID),
        (True, LAND.format("a2")),
        (False, PAID),
        (False, "UPDATE payout_batches SET state = 'paid', closed_at = now()"),
        (True, BOOKED),
        (True, PAID),
        (False, "UPDATE payouts SET state = 'planned', paid_at = NULL, paid_attempt_id = NULL, batch_id = NULL"),
        (True, "UPDATE payout_batches SET state = 'paid', closed_at = now()"),
        (False, "UPDATE payout_batches SET state = 'planned', closed_at = NULL"),
        (False, "DELETE FROM payout_attempts"),
        (False, "INSERT INTO attempt_steps (attempt_id, to_state) SELECT id, 'sent' FROM payout_attempts"),
    ]


def on_the_ledger() -> Story:
    return [
        ("a journal that does not add up", LINES.format("u1", "('fee', -5), ('hot_wallet', 4)")),
        ("a journal of one side", LINES.format("u2", "('suspense', 5)")),
        (
            "a journal of nothing",
            "INSERT INTO ledger_journals (kind, reference, booked_by) VALUES ('deposit', 'u3', 'x')",
        ),
        (True, FORGED.format("u5", 1, MOVE)),
        ("a journal that says it belongs to another transaction", LATE.format("max", MOVE)),
        (False, LINES.format("u4", "('fee', 900000000000), ('hot_wallet', -900000000000)")),
        (True, LINES.format("d1", MOVE)),
        (False, LINES.format("d1", MOVE)),
        ("lines for a journal that is closed", LATE.format("min", MOVE)),
        (False, "INSERT INTO ledger_lines SELECT max(id), 'suspense', 5 FROM ledger_journals"),
        ("a line of the ledger changed", "UPDATE ledger_lines SET lamports = 6"),
        (False, "DELETE FROM ledger_lines"),
        ("the ledger emptied", "TRUNCATE ledger_lines"),
        (False, "UPDATE ledger_journals SET kind = 'deposit'"),
        (False, "UPDATE ledger_accounts SET balance_lamports = 0"),
        (False, "DELETE FROM idempotency_keys"),
    ]


def on_what_the_money_rests_on() -> Story:
    return [
        ("a final contest without its result", "UPDATE contests SET state = 'final' WHERE state = 'proposed'"),
        ("a row of the audit log changed", "UPDATE audit_log SET action = 'payouts:batch:cancel'"),
        ("a row of the audit log deleted", "DELETE FROM audit_log"),
        ("the audit log emptied", "TRUNCATE audit_log CASCADE"),
    ]


def passes(statement: str) -> bool:
    try:
        with db.engine.begin() as connection:
            connection.execute(text(statement.replace(": ", "\\: ")))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "")[:2] != BROKEN_RULE:
            raise
        return False
    return True


def test_every_attack_is_refused_and_every_right_step_passes(committing: Flask) -> None:
    with committing.app_context():
        ann, ben, sue = colleague("ann"), colleague("ben"), colleague("sue", "support")
        contest = final_contest(db.session())
        contest_row(db.session(), state="proposed")
        db.session.commit()
        batch = proposed(contest, ann).batches[0]
        lines = payouts_of(contest)
        case = Case(batch, list_hash(lines), sum(line.lamports for line in lines), ann.id, ben.id, sue.id)
        db.session.remove()
        told = on_lists(case) + on_attempts(case) + on_the_ledger() + on_what_the_money_rests_on()
        surprises = [(right, statement) for right, statement in told if passes(statement) is not (right is True)]
    assert surprises == []
    assert {right for right, _ in told} - {True, False} == NAMED
