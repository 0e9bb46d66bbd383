"""When the certificate that browsers get from us runs out."""

import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

PATIENCE_S = 2.0


def expiry(url: str, context: ssl.SSLContext | None = None) -> datetime | None:
    """None for an address without TLS. An OSError, of which SSL errors are, says why it cannot be had."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return None
    where = (parts.hostname or "", parts.port or 443)
    with socket.create_connection(where, timeout=PATIENCE_S) as plain:
        context = context or ssl.create_default_context()
        with context.wrap_socket(plain, server_hostname=parts.hostname) as line:
            told = line.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC)
