"""Handing in one e-mail at the server of the settings."""

import json
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from app.webhooks.rules.wording import text, title
from app.webhooks.service import Answer, Parcel

PATIENCE_S = 5.0
PORTS = {"smtp": 587, "smtps": 465}


def mailed(parcel: Parcel, *, server: str, sender: str) -> Answer:
    if not server:
        return Answer(None, "", "No server takes our mail: set MAIL_SERVER.")
    try:
        with _opened(server) as line:
            line.send_message(_letter(parcel, sender))
    except (smtplib.SMTPException, OSError) as error:
        return Answer(None, "", f"The mail server did not take it: {error}"[:500])
    return Answer(None, "taken by the mail server", None)


def _opened(server: str) -> smtplib.SMTP:
    parts = urlsplit(server)
    host, port = parts.hostname or "localhost", parts.port or PORTS[parts.scheme]
    if parts.scheme == "smtps":
        line: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=PATIENCE_S, context=ssl.create_default_context())
    else:
        line = smtplib.SMTP(host, port, timeout=PATIENCE_S)
        if line.ehlo()[0] == 250 and line.has_extn("starttls"):
            line.starttls(context=ssl.create_default_context())
    if parts.username:
        line.login(unquote(parts.username), unquote(parts.password or ""))
    return line


def _letter(parcel: Parcel, sender: str) -> EmailMessage:
    """Sent again under the same Message-ID, so that whoever has it already can tell."""
    event = json.loads(parcel.body)
    letter = EmailMessage()
    letter["Subject"] = " ".join(title(event).split())
    letter["From"], letter["To"] = sender, parcel.url.removeprefix("mailto:")
    letter["Message-ID"] = f"<{parcel.message_id}@degenduel-ops>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text(event) or title(event))
    return letter
