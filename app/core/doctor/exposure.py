"""What an installation that others can reach must not be like. The web server does not start while a check fails."""

from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

from app.config import Config
from app.core.doctor.findings import Finding, fail, ok, warn

VERIFIED = "verify-full"
DEBUG_SWITCHES = ("FLASK_DEBUG", "FLASK_ENV", "PYTHONINSPECT", "GEVENT_DEBUG")


def exposure_findings(config: Config, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Nothing to say about a machine's own loopback."""
    yield debugging(environ)
    if not is_published(config):
        yield exposure(config)
        return
    for check in EXPOSURE_CHECKS:
        yield check(config)


def is_published(config: Config) -> bool:
    """Whether PUBLIC_URL says that people elsewhere use this."""
    return bool(config.public_url) and not _is_here(urlsplit(config.url).hostname or "")


def exposure(config: Config) -> Finding:
    if not _is_here(config.host):
        fix = "Set PUBLIC_URL to its https address before anybody types a password elsewhere."
        return warn("exposure", f"HOST is {config.host}, and people are told {config.url}", fix)
    return ok("exposure", f"only this machine reaches {config.url}")


def debugging(environ: Mapping[str, str]) -> Finding:
    on = [name for name in DEBUG_SWITCHES if environ.get(name, "").lower() in {"1", "true", "yes", "on", "development"}]
    if on:
        return fail("debugging", f"{', '.join(on)} is on", "Unset it: a debugger runs what its visitor types.")
    return ok("debugging", "off")


def encryption(config: Config) -> Finding:
    if not config.is_secure:
        return fail("encryption", f"{config.url} is plain http", "Set PUBLIC_URL to the https address people type.")
    return ok("encryption", "https; cookies go nowhere else")


def proxies(config: Config) -> Finding:
    """We speak http: whoever ends https stands in front, and is every visitor's address until it counts as a proxy."""
    what = "proxies"
    if config.trusted_proxies == 0:
        fix = "Set TRUSTED_PROXIES to how many stand in front: limits would count all people as one."
        return fail(what, "PUBLIC_URL is https, but no proxy is trusted", fix)
    if not _is_here(config.host):
        fix = "Let HOST be 127.0.0.1, or a firewall admit nobody else: who comes past them may claim any address."
        return warn(what, f"{config.trusted_proxies} trusted, and HOST is {config.host}", fix)
    return ok(what, f"{config.trusted_proxies} trusted, and nobody comes past them")


def database_wire(config: Config) -> Finding:
    what, parts = "way to the database", urlsplit(config.database_url)
    asked = parse_qs(parts.query)
    where = (asked.get("host") or [parts.hostname or ""])[0]
    if not config.database_url or where.startswith("/") or _is_here(where):
        return ok(what, "on this machine")
    if asked.get("sslmode") != [VERIFIED]:
        say = warn if _is_near(where) else fail
        return say(what, f"{where} without sslmode={VERIFIED}", f"Add sslmode={VERIFIED} to DATABASE_URL.")
    return ok(what, f"{where}, encrypted and verified")


def valkey_wire(config: Config) -> Finding:
    what, parts = "way to Valkey", urlsplit(config.redis_url)
    if not config.redis_url or parts.scheme == "unix" or _is_here(parts.hostname or ""):
        return ok(what, "on this machine")
    if parts.scheme != "rediss" or not parts.password:
        say = warn if _is_near(parts.hostname or "") else fail
        return say(what, f"{parts.hostname} without encryption or password", "Use rediss:// with a user and password.")
    return ok(what, f"{parts.hostname}, encrypted")


def wallet_wire(config: Config) -> Finding:
    what, parts = "way to the wallet", urlsplit(config.wallet_url)
    if config.wallet != "http" or _is_here(parts.hostname or ""):
        return ok(what, "on this machine")
    if parts.scheme != "https" or not config.wallet_secret:
        return fail(what, "plain http, or requests nobody signed", "Use https in WALLET_URL and set WALLET_SECRET.")
    return ok(what, f"{parts.hostname}, encrypted and signed")


def leftovers(config: Config) -> Finding:
    on = [name.upper() for name in ("patterns", "webhook_private_addresses") if getattr(config, name)]
    if on:
        return warn("leftovers", f"{' and '.join(on)} on", "Unset what is only for developing.")
    return ok("leftovers", "nothing for developing is on")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_near(host: str) -> bool:
    """A name without dots or a private address: another container, or the same rack."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host


EXPOSURE_CHECKS: tuple[Callable[[Config], Finding], ...] = (
    encryption,
    proxies,
    database_wire,
    valkey_wire,
    wallet_wire,
    leftovers,
)
