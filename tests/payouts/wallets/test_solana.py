"""Signed transfers on a chain with forks and nodes that drop, delay, repeat, mix up and lag: each lands once."""

from collections import Counter
from collections.abc import Iterator

import pytest
from solders.pubkey import Pubkey
from solders.transaction import Transaction

from app.core.asking import Unreachable
from app.core.solana import nodes
from app.payouts.wallets.port import Expired, LandedOk, Order, Outcome, Pending, Prepared, Transfer, Unpayable
from app.payouts.wallets.solana.building import message, unit_price
from app.payouts.wallets.solana.chain import Chain
from app.payouts.wallets.solana.wallet import SolanaWallet
from tests.payouts.chain.running import Running, chain
from tests.payouts.wallets.hot import SOL, address_of, key_of, transfers


@pytest.fixture(scope="module")
def solana() -> Iterator[Running]:
    with chain() as running:
        running.airdrop(address_of(0), 5000 * SOL)
        yield running


class Signing:
    """Signs whatever it is given: what the signer refuses has tests of its own."""

    def __init__(self, solana: Running) -> None:
        self._chain = Chain(nodes(solana.addresses))

    def address(self) -> str:
        return address_of(0)

    def sign(self, order: Order) -> Prepared:
        blockhash, last = self._chain.blockhash()
        made = message(order, payer=address_of(0), blockhash=blockhash, units=20_000, micro_lamports=0)
        signed = Transaction([key_of(0)], made, made.recent_blockhash)
        return Prepared(str(signed.signatures[0]), bytes(signed), last)


@pytest.fixture
def hot(solana: Running) -> Iterator[SolanaWallet]:
    yield SolanaWallet(nodes(solana.addresses), Signing(solana))
    solana.faults(loses=0, forks=0)


def reasons(hot: SolanaWallet, *lines: Transfer) -> list[str]:
    with pytest.raises(Unpayable) as found:
        hot.prepare(Order(1, 1, lines))
    return [problem.reason for problem in found.value.problems]


def test_nineteen_transfers_and_a_memo_fit_and_are_told_back(solana: Running, hot: SolanaWallet) -> None:
    before = hot.movements(None)
    ready = hot.prepare(Order(2**31 - 1, 10_000, transfers(19)))
    assert len(ready.wire) <= 1232
    hot.send(ready)
    solana.advance(20)
    (moved,) = hot.movements(before[-1].reference if before else None)
    assert (moved.memo, moved.reference) == ("2147483647:10000", ready.reference)
    assert moved.lamports - moved.fee_lamports == sum(line.lamports for line in transfers(19))


def test_paid_means_finalized(solana: Running, hot: SolanaWallet) -> None:
    ready = hot.prepare(Order(3, 1, transfers(1)))
    hot.send(ready)
    solana.advance(5)
    assert "confirmed" in pending(hot.outcome(ready))
    solana.advance(8)
    assert isinstance(hot.outcome(ready), LandedOk)


def pending(outcome: Outcome) -> str:
    assert isinstance(outcome, Pending)
    return outcome.reason


def test_what_never_landed_expires_with_proof_from_both_nodes(solana: Running, hot: SolanaWallet) -> None:
    ready = hot.prepare(Order(4, 1, transfers(1)))
    solana.advance(150)
    assert "it may land" in pending(hot.outcome(ready))
    solana.advance(30)
    ended = hot.outcome(ready)
    assert isinstance(ended, Expired)
    assert ended.proof["finalized_height"] > (ready.last_valid_height or 0)
    assert len(ended.proof["nodes"]) == 2


def test_one_silent_node_leaves_it_open(solana: Running, hot: SolanaWallet) -> None:
    ready = hot.prepare(Order(5, 1, transfers(1)))
    solana.advance(200)
    solana.faults(node="/2", drop=1)
    assert "no answer" in pending(hot.outcome(ready))


def test_a_status_older_than_the_height_proves_nothing(solana: Running, hot: SolanaWallet) -> None:
    ready = hot.prepare(Order(6, 1, transfers(1)))
    hot.send(ready)
    solana.advance(180)
    solana.faults(stale=0.5, lag=179)
    ends = [hot.outcome(ready) for _ in range(40)]
    assert not any(isinstance(end, Expired) for end in ends)


def test_a_node_that_forgot_the_blocks_proves_nothing(solana: Running, hot: SolanaWallet) -> None:
    ready = hot.prepare(Order(7, 1, transfers(1)))
    hot.send(ready)
    solana.advance(400)
    solana.forget(100)
    said = pending(hot.outcome(ready))
    solana.forget(10_000)
    assert "proof" in said
    assert isinstance(hot.outcome(ready), LandedOk)


def test_every_transfer_lands_once_through_every_fault(solana: Running, hot: SolanaWallet) -> None:
    solana.faults(drop=0.15, duplicate=0.3, reorder=0.15, stale=0.2, refuse=0.1, loses=0.4, forks=0.3, slowest=60)
    paid: list[str] = []
    for number in range(3):
        paid.append(paid_once(solana, hot, number))
    solana.faults(loses=0, forks=0)
    landed = Counter(one["memo"].split(":")[0] for one in solana.history() if one["memo"].startswith("9"))
    assert landed == dict.fromkeys(paid, 1)


def paid_once(solana: Running, hot: SolanaWallet, number: int) -> str:
    """What the worker does: sends the same bytes until their end is known, and signs anew only after proof."""
    batch, attempt = 900 + number, 0
    while True:
        attempt += 1
        ready = prepared(hot, Order(batch, attempt, transfers(2)))
        ended: Outcome = Pending("")
        while isinstance(ended, Pending):
            sent(hot, ready)
            solana.advance(7)
            ended = hot.outcome(ready)
        if isinstance(ended, LandedOk):
            return str(batch)
        assert isinstance(ended, Expired)


def prepared(hot: SolanaWallet, order: Order) -> Prepared:
    for _ in range(100):
        try:
            return hot.prepare(order)
        except Unreachable:
            continue
    raise AssertionError("no node answered a hundred times")


def sent(hot: SolanaWallet, ready: Prepared) -> bool:
    try:
        hot.send(ready)
    except Unreachable:
        return False
    return True


def test_recipients_that_cannot_be_paid_are_named_with_the_reason(solana: Running, hot: SolanaWallet) -> None:
    solana.belong(address_of(77), "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")
    off_curve, _ = Pubkey.find_program_address([b"vault"], Pubkey.from_string(address_of(5)))
    assert "sysvar" in reasons(hot, Transfer(1, "SysvarRent111111111111111111111111111111111", SOL))[0]
    assert "our own" in reasons(hot, Transfer(1, address_of(0), SOL))[0]
    assert "no Solana address" in reasons(hot, Transfer(1, "3gmzB3yLJMEa1vAvEMGcAJ", SOL))[0]
    assert "off the curve" in reasons(hot, Transfer(1, str(off_curve), SOL))[0]
    assert "account of the program" in reasons(hot, Transfer(1, address_of(77), SOL))[0]
    assert "below the 890880" in reasons(hot, Transfer(1, address_of(78), 1000))[0]


def test_the_price_is_the_third_quartile_doubled_by_attempt_and_capped() -> None:
    recent = [100, 200, 300, 400]
    assert [unit_price(recent, attempt=n, cap=1000) for n in (1, 2, 3, 50)] == [300, 600, 1000, 1000]
    assert unit_price([], attempt=1, cap=1000) == 0


def test_dead_nodes_are_told_by_host_never_by_address(solana: Running) -> None:
    dead = SolanaWallet(nodes("http://user:pass@127.0.0.1:9/v1?api-key=hidden"), Signing(solana))
    with pytest.raises(Unreachable) as found:
        dead.movements(None)
    assert "127.0.0.1:9" in str(found.value)
    assert "hidden" not in str(found.value)
