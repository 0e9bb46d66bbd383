"""One question at a time: is this the list two people agreed on, can nothing pay it twice, is it within the caps?"""

from dataclasses import dataclass

from solders.keypair import Keypair
from solders.message import Message
from solders.transaction import Transaction

from app.payouts.signer.approved import Connect, ensure_agreed
from app.payouts.signer.caps import Caps, ensure_within
from app.payouts.signer.memory import Memory, Signed
from app.payouts.wallets.port import Expired, LandedErr, LandedOk, NotSigned, Order, Prepared, Problem, Unpayable
from app.payouts.wallets.solana.building import MAX_TRANSFERS, MOST_UNITS, message, unit_limit, unit_price
from app.payouts.wallets.solana.chain import Chain
from app.payouts.wallets.solana.failures import explained
from app.payouts.wallets.solana.fate import fate
from app.payouts.wallets.solana.recipients import problems_of_addresses

LARGEST_TRANSACTION = 1232
AGAIN = "The order is asked for again by itself."


@dataclass(frozen=True)
class Signer:
    key: Keypair
    chain: Chain
    connect: Connect
    memory: Memory
    caps: Caps
    price_cap: int
    """Micro-lamports for a compute unit."""

    @property
    def address(self) -> str:
        return str(self.key.pubkey())

    def sign(self, order: Order, now: int) -> Prepared:
        """The same bytes for the same order, for ever. Raises NotSigned, Unpayable or Unreachable."""
        ensure_agreed(order, self.connect, self.memory.references())
        before = self.memory.signed(order.batch, order.attempt)
        if before is not None:
            return self._again(order, before)
        self._ensure_alone(order)
        ensure_within(self.caps, order, self.memory, now)
        prepared = self._built(order)
        self.memory.keep(Signed(order, prepared, now))
        return prepared

    def _again(self, order: Order, before: Signed) -> Prepared:
        if set(order.transfers) != set(before.order.transfers):
            what = f"Attempt {order.attempt} of batch {order.batch} was signed for another list."
            raise NotSigned(what, "An attempt never changes; look at the batch.")
        return before.prepared

    def _ensure_alone(self, order: Order) -> None:
        """Asks the nodes about everything signed before that would pay any of these; the database is not believed."""
        for earlier in self.memory.overlapping(line.payout for line in order.transfers):
            found = fate(self.chain.nodes, earlier.prepared)
            name = f"Attempt {earlier.order.attempt} of batch {earlier.order.batch}"
            if isinstance(found, LandedOk):
                raise NotSigned(f"{name} already paid some of these.", "Let the batch be settled; pay nothing again.")
            if isinstance(found, Expired):
                self.memory.keep_over(earlier.prepared.reference, "expired")
            elif isinstance(found, LandedErr):
                self.memory.keep_over(earlier.prepared.reference, "failed")
            else:
                raise NotSigned(f"{name} would pay some of these and may still land. {found.reason}", AGAIN)

    def _built(self, order: Order) -> Prepared:
        if not 1 <= len(order.transfers) <= MAX_TRANSFERS:
            raise NotSigned(f"{len(order.transfers)} transfers are not from 1 to {MAX_TRANSFERS}.", "Divide the batch.")
        problems = list(problems_of_addresses(order.transfers, self.address))
        if problems:
            raise Unpayable(problems)
        blockhash, last_valid_height = self.chain.blockhash()
        price = unit_price(self.chain.priority_fees([self.address]), attempt=order.attempt, cap=self.price_cap)
        draft = message(order, payer=self.address, blockhash=blockhash, units=MOST_UNITS, micro_lamports=price)
        self._ensure_funds(order, draft)
        units = unit_limit(self._simulated_units(order, draft))
        final = message(order, payer=self.address, blockhash=blockhash, units=units, micro_lamports=price)
        signed = Transaction([self.key], final, final.recent_blockhash)
        if len(bytes(signed)) > LARGEST_TRANSACTION:
            raise NotSigned("The transaction is larger than the network takes.", "Divide the batch.")
        return Prepared(str(signed.signatures[0]), bytes(signed), last_valid_height)

    def _ensure_funds(self, order: Order, draft: Message) -> None:
        fee = self.chain.fee(bytes(draft))
        if fee is None:
            raise NotSigned("The node no longer knows the blockhash it just gave.", AGAIN)
        wanted = order.lamports + fee + self.chain.rent_exempt()
        held = self.chain.balance(self.address)
        if held < wanted:
            takes = f"with its fee batch {order.batch} takes {wanted}"
            raise NotSigned(
                f"The hot wallet {self.address} holds {held} lamports; {takes}.",
                "Fill the hot wallet up; the batch goes on by itself.",
            )

    def _simulated_units(self, order: Order, draft: Message) -> int:
        wire = bytes(Transaction.new_unsigned(draft))
        result = self.chain.simulated(wire)
        if result["err"] is None:
            return int(result["unitsConsumed"])
        failure = explained(result["err"], wire)
        at_fault = [line.payout for line in order.transfers if line.address == failure.address]
        if not at_fault:
            raise NotSigned(failure.reason, failure.next_step)
        raise Unpayable([Problem(one, failure.reason, failure.whose_fault, failure.next_step) for one in at_fault])
