"""Every setting of DegenDuel Ops, once: name, type, default, meaning.

A setting NAME is read from `DUEL_NAME` or `NAME`, or from the file that `DUEL_NAME_FILE` or `NAME_FILE` names.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

PREFIX = "DUEL_"
ROOT = Path(__file__).resolve().parent.parent


class WrongSetting(ValueError):
    """A setting that cannot be used: its text names the setting, its value and what would do."""


def whole(low: int, high: int | None = None) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text)
        if number < low or (high is not None and number > high):
            raise ValueError(f"a whole number from {low}" + ("" if high is None else f" to {high}"))
        return number

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in words:
            raise ValueError("one of " + ", ".join(words))
        return text

    return parse


def starting_with(*starts: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not text.startswith(starts):
            raise ValueError("an address starting with " + " or ".join(starts))
        return text

    return parse


def switch(text: str) -> bool:
    words = {"1": True, "yes": True, "true": True, "on": True, "0": False, "no": False, "false": False, "off": False}
    if text.lower() not in words:
        raise ValueError("yes or no")
    return words[text.lower()]


def percentages(text: str) -> str:
    """Words such as market.uptime=99.99, comma-separated; whose targets they are is known further up."""
    for word in filter(None, (part.strip() for part in text.split(","))):
        name, _, percent = word.partition("=")
        if not name or not 0 < float(percent or 0) <= 100:
            raise ValueError("names with percentages, such as market.uptime=99.99, comma-separated")
    return text


def setting(default: Any, parse: Callable[[str], Any], meaning: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"parse": parse, "meaning": meaning, "secret": secret})


@dataclass(frozen=True, kw_only=True)
class Config:
    instance_path: Path = setting(ROOT / "instance", Path, "folder of everything the app keeps on disk")
    host: str = setting("127.0.0.1", str, "address the web server listens on")
    port: int = setting(8000, whole(1, 65535), "port the web server listens on")
    public_url: str = setting(
        "",
        starting_with("http://", "https://"),
        "address people type; https turns secure cookies on; empty: http://HOST:PORT",
    )
    secret_key: str = setting("", str, "signs cookies; empty: one is made and kept in the instance folder", secret=True)
    database_url: str = setting(
        "",
        starting_with("postgresql://", "postgresql+psycopg://", "postgres://"),
        "PostgreSQL 16 or newer; empty: the embedded one",
        secret=True,
    )
    redis_url: str = setting(
        "", starting_with("redis://", "rediss://", "unix://"), "Valkey or Redis; empty: the embedded one", secret=True
    )
    database_connections: int = setting(60, whole(4, 5000), "connections all our processes together may hold")
    web_workers: int = setting(1, whole(1, 64), "web processes")
    workers: int = setting(1, whole(0, 64), "worker processes that `flask up` starts")
    trusted_proxies: int = setting(0, whole(0, 8), "reverse proxies in front whose X-Forwarded headers count")
    assets: str = setting("cdn", one_of("cdn", "local"), "where browsers load htmx, Socket.IO and Plotly from")
    patterns: bool = setting(False, switch, "serve /patterns, the page of every component")
    log_level: str = setting("info", one_of("debug", "info", "warning", "error"), "least level that is logged")
    statement_timeout_ms: int = setting(2000, whole(50), "longest statement of a page")
    job_statement_timeout_ms: int = setting(600_000, whole(1000), "longest statement of a worker or command")
    lock_timeout_ms: int = setting(500, whole(10), "longest wait for a lock")
    idle_transaction_timeout_ms: int = setting(5000, whole(100), "longest idle time inside a transaction of a page")
    session_idle_minutes: int = setting(30, whole(1), "sign-in ends after so long without a request")
    session_hours: int = setting(12, whole(1), "sign-in ends after so long in any case")
    import_max_bytes: int = setting(64 * 1024 * 1024, whole(1024), "largest contest bundle a page takes")
    verify_max_trades: int = setting(200_000, whole(0), "contests with more trades skip the second evaluator")
    auto_final_max_lamports: int = setting(10_000_000_000, whole(0), "largest pool that becomes final by itself")
    contest_start_grace: int = setting(60, whole(0), "seconds a contest waits for its minimum of participants")
    trade_tolerance_bps: int = setting(
        100, whole(0, 10_000), "how far a trade's price may be from our market's, in hundredths of a percent"
    )
    evaluation_goal_s: int = setting(300, whole(1), "ended to proposed: the target of contest evaluation")
    market_sources: str = setting(
        "",
        str,
        "price sources the market process runs, comma-separated: simulated, replay:FILE[@SPEED], jupiter, dexscreener, "
        "pyth, coinbase, or none; empty: simulated with the embedded database, else none (prices are pushed)",
    )
    jupiter_key: str = setting("", str, "API key of Jupiter, for the source of that name", secret=True)
    pyth_key: str = setting("", str, "API key of Pyth Hermes, for the source of that name", secret=True)
    market_frame_ms: int = setting(50, whole(10, 100), "shortest time between two frames of changed prices")
    market_latency_goal_ms: int = setting(100, whole(1), "tick accepted to price painted: the target of market data")
    tick_days: int = setting(30, whole(2), "days for which ticks of the live market are kept")
    candle_days: int = setting(400, whole(2), "days for which one-minute candles are kept")
    wallet: str = setting("book", one_of("book", "http", "solana"), "what moves money: the ledger only, or a service")
    wallet_url: str = setting("", starting_with("http://", "https://"), "address of Wallet Services")
    wallet_secret: str = setting("", str, "signs requests to Wallet Services and checks its webhooks", secret=True)
    solana_rpc_urls: str = setting("", str, "JSON-RPC nodes, comma-separated; two must agree that a transfer expired")
    signer_socket: str = setting("", str, "Unix socket of `flask payouts signer`; empty: in the instance folder")
    signer_key: str = setting("", str, "base58 secret key of the hot wallet; only the signer reads it", secret=True)
    solana_priority_fee_cap: int = setting(1_000_000, whole(0), "most micro-lamports for a compute unit")
    payout_transaction_cap_lamports: int = setting(25_000_000_000, whole(0), "most that one transaction may move")
    payout_hourly_cap_lamports: int = setting(50_000_000_000, whole(0), "most that may leave in any hour")
    payout_daily_cap_lamports: int = setting(200_000_000_000, whole(0), "most that may leave in any day")
    webhook_private_addresses: bool = setting(
        False, switch, "webhooks may also go to private addresses and by plain http"
    )
    market_facts_url: str = setting(
        "",
        starting_with("http://", "https://"),
        "DexScreener's address of tokens, https://api.dexscreener.com/tokens/v1/solana; empty: these facts are unknown",
    )
    whitelist_answer_goal_s: int = setting(30, whole(1), "submission to checked: the target of the token whitelist")
    whitelist_review_goal_s: int = setting(86_400, whole(60), "seconds within which a submission is decided, as a goal")
    whitelist_undo_s: int = setting(10, whole(0, 600), "seconds in which a reviewer can undo a decision")
    whitelist_calm_s: int = setting(2, whole(0, 600), "an approval sooner is hasty; three of five bring a question")
    whitelist_second_look_bps: int = setting(500, whole(0, 10_000), "decisions that somebody else makes again, unseen")
    referral_target: str = setting(
        "https://degenduel.me/",
        starting_with("http://", "https://"),
        "where a referrer's link leads: the players' site, which is told the signed click as `click`",
    )
    referral_known_funders: str = setting(
        "", str, "wallets of exchanges, comma-separated: whom they funded first is no sign of anything"
    )
    referral_periods: str = setting("weekly", one_of("weekly", "monthly"), "length of the periods of referrals to come")
    referral_reward_goal_s: int = setting(86_400, whole(1), "end of its hold to paid: the target of a referral reward")
    health_promises: str = setting(
        "market.latency=99, market.uptime=99.99, market.errors=99.9, contests.accuracy=100, contests.done=99, "
        "contests.errors=100, referrals.tracking=100, referrals.rewards=99, referrals.errors=99, "
        "whitelist.validation=100, whitelist.answer=99, whitelist.errors=99.9, payouts.paid=99, desk.pages=99.9",
        percentages,
        "share of good in per cent that each service promises; what is missing to 100 is its error budget",
    )
    secret_days: int = setting(365, whole(1), "age in days from which a secret or key should be replaced")
    mail_server: str = setting(
        "", starting_with("smtp://", "smtps://"), "where e-mail of alerts is handed in: smtp://user:password@host:port",
        secret=True,
    )  # fmt: skip
    mail_from: str = setting("DegenDuel Ops <ops@localhost>", str, "sender of e-mail of alerts")
    payout_goal_s: int = setting(86_400, whole(1), "seconds within which a payout is paid, as a goal")

    @property
    def url(self) -> str:
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def is_secure(self) -> bool:
        return self.url.startswith("https://")


def read_settings(environ: Mapping[str, str]) -> Config:
    """Raises WrongSetting naming the first setting whose value cannot be used."""
    values: dict[str, Any] = {}
    for item in fields(Config):
        name = item.name.upper()
        text = _text(name, environ)
        if text is None or text == "":
            continue
        try:
            values[item.name] = item.metadata["parse"](text)
        except ValueError as error:
            shown = "(hidden)" if item.metadata["secret"] else repr(text)
            wanted = str(error) if not str(error).startswith("invalid literal") else "a whole number"
            raise WrongSetting(f"{name} is {shown}, but must be {wanted}: {item.metadata['meaning']}.") from error
    return Config(**values)


def unknown_settings(environ: Mapping[str, str]) -> list[str]:
    """`DUEL_*` names that no setting has: most likely typing errors."""
    known = {f"{PREFIX}{item.name.upper()}{end}" for item in fields(Config) for end in ("", "_FILE")}
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in known)


def _text(name: str, environ: Mapping[str, str]) -> str | None:
    for key in (PREFIX + name, name):
        if key in environ:
            return environ[key]
        if f"{key}_FILE" in environ:
            path = Path(environ[f"{key}_FILE"])
            try:
                return path.read_text(encoding="utf-8").strip()
            except OSError as error:
                raise WrongSetting(f"{key}_FILE names {path}, which cannot be read: {error.strerror}.") from error
    return None
