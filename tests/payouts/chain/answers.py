"""What a node of the chain answers. `lag` is how many blocks behind it looks."""

import base64
import re
from collections.abc import Callable
from typing import Any

from solders.message import Message
from solders.pubkey import Pubkey
from solders.transaction import Transaction
from solders.transaction_metadata import FailedTransactionMetadata

from tests.payouts.chain.blocks import BLOCKHASH_LIVES, SKIPPED_SLOTS, Chain, Sent
from tests.payouts.chain.errors import as_nodes_write_it

MEMO = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr"
SYSTEM = "11111111111111111111111111111111"


class Refused(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Answers:
    def __init__(self, chain: Chain, lag: int = 0) -> None:
        self.chain = chain
        self.height = chain.height - lag
        self.finalized = chain.finalized_height - lag

    def to(self, method: str, params: list[Any]) -> Any:
        name = re.sub("([A-Z])", lambda capital: f"_{capital[1].lower()}", method)
        answer: Callable[..., Any] | None = getattr(self, name, None)
        if answer is None or "_" not in name:
            raise Refused(-32601, "Method not found")
        return answer(*params)

    def _with_context(self, value: Any) -> dict[str, Any]:
        return {"context": {"slot": self.height + SKIPPED_SLOTS}, "value": value}

    def get_epoch_info(self, _options: Any) -> Any:
        return {"absoluteSlot": self.finalized + SKIPPED_SLOTS, "blockHeight": self.finalized}

    def get_latest_blockhash(self, _options: Any) -> Any:
        last = self.finalized + BLOCKHASH_LIVES
        return self._with_context({"blockhash": self.chain.blockhash(self.finalized), "lastValidBlockHeight": last})

    def get_signature_statuses(self, names: list[str], _options: Any) -> Any:
        return self._with_context([self._status(self.chain.sent.get(name)) for name in names])

    def _status(self, sent: Sent | None) -> Any:
        if sent is None or sent.landed is None or sent.landed > self.height or sent.landed < self.chain.first_kept:
            return None
        is_final = sent.finalized is not None and sent.finalized <= self.height
        err = sent.told["err"] if is_final else None
        word = "finalized" if is_final else "confirmed"
        return {"slot": sent.landed + SKIPPED_SLOTS, "err": err, "confirmationStatus": word}

    def get_transaction(self, name: str, _options: Any) -> Any:
        sent = self.chain.sent.get(name)
        if sent is None or sent.finalized is None or sent.finalized > self.height:
            return None
        told = sent.told
        meta = {word: told[word] for word in ("err", "fee", "preBalances", "postBalances")}
        keys = [str(key) for key in sent.transaction.message.account_keys]
        return {"blockTime": told["time"], "meta": meta, "transaction": {"message": {"accountKeys": keys}}}

    def get_signatures_for_address(self, address: str, options: dict[str, Any]) -> Any:
        newest_first = [name for name in reversed(self.chain.order) if self._touches(name, address)]
        if options.get("before"):
            newest_first = newest_first[newest_first.index(options["before"]) + 1 :]
        if options.get("until") in newest_first:
            newest_first = newest_first[: newest_first.index(options["until"])]
        return [self._listed(name) for name in newest_first[: options["limit"]]]

    def _touches(self, name: str, address: str) -> bool:
        return Pubkey.from_string(address) in self.chain.sent[name].transaction.message.account_keys

    def _listed(self, name: str) -> Any:
        memo = memo_of(self.chain.sent[name].transaction)
        return {"signature": name, "memo": f"[{len(memo)}] {memo}" if memo else None}

    def get_minimum_balance_for_rent_exemption(self, size: int) -> Any:
        return self.chain.vm.minimum_balance_for_rent_exemption(size)

    def get_multiple_accounts(self, addresses: list[str], _options: Any) -> Any:
        return self._with_context([self._account(address) for address in addresses])

    def _account(self, address: str) -> Any:
        found = self.chain.account(Pubkey.from_string(address))
        if found is None:
            return None
        return {"lamports": found.lamports, "owner": str(found.owner), "executable": found.executable}

    def get_balance(self, address: str, _options: Any) -> Any:
        return self._with_context(self.chain.balance(Pubkey.from_string(address)))

    def get_fee_for_message(self, text: str, _options: Any) -> Any:
        message = Message.from_bytes(base64.b64decode(text))
        last = self.chain.last_valid(str(message.recent_blockhash))
        if last is None or last < self.height:
            return self._with_context(None)
        tried = self.chain.vm.simulate_transaction(Transaction.new_unsigned(message))
        return self._with_context(tried.meta().fee())

    def get_recent_prioritization_fees(self, _writable: list[str]) -> Any:
        return [{"slot": self.height - n, "prioritizationFee": n * 100} for n in range(1, 151)]

    def simulate_transaction(self, text: str, _options: Any) -> Any:
        tried = self.chain.vm.simulate_transaction(Transaction.from_bytes(base64.b64decode(text)))
        err = as_nodes_write_it(tried.err()) if isinstance(tried, FailedTransactionMetadata) else None
        return self._with_context({"err": err, "unitsConsumed": tried.meta().compute_units_consumed()})

    def send_transaction(self, text: str, _options: Any) -> Any:
        try:
            return self.chain.take(base64.b64decode(text))
        except ValueError as error:
            raise Refused(-32002, str(error)) from error

    def get_first_available_block(self) -> Any:
        return self.chain.first_kept and self.chain.first_kept + SKIPPED_SLOTS

    def get_block(self, slot: int, _options: Any) -> Any:
        return {"blockHeight": slot - SKIPPED_SLOTS}


def memo_of(transaction: Transaction) -> str:
    message = transaction.message
    memos = [one for one in message.instructions if str(message.account_keys[one.program_id_index]) == MEMO]
    return bytes(memos[0].data).decode() if memos else ""


def transfers_of(transaction: Transaction) -> list[tuple[str, int]]:
    """What it would pay, as the system program reads it."""
    message = transaction.message
    found = []
    for compiled in message.instructions:
        if str(message.account_keys[compiled.program_id_index]) == SYSTEM:
            to = message.account_keys[compiled.accounts[1]]
            found.append((str(to), int.from_bytes(compiled.data[4:12], "little")))
    return found
