"""What there is to hear of."""

TEST = "webhook.tested"
EVENTS = {
    "contest.created": "A contest is known here",
    "contest.changed": "Its terms changed before its start",
    "contest.started": "It is live",
    "contest.ended": "Its time is over",
    "contest.delayed": "Market data do not allow an evaluation yet",
    "contest.proposed": "A draft of its result is there",
    "contest.final": "Its result stands",
    "contest.voided": "It is void, and entries are refunded",
    "contest.paid": "Every prize is paid",
    "alert.fired": "Something is wrong that nobody looks after",
    "alert.resolved": "It is over",
    "submission.checked": "A token's checks are done, a reviewer is next",
    "submission.decided": "A decision about a submitted token stands",
}
ALERTS = ("alert.fired", "alert.resolved")
"""The events that people are told, by chat or mail; programs may hear of them too."""
KINDS = {
    "webhook": "A program, by signed webhook",
    "slack": "People, in a chat that takes Slack's webhooks",
    "discord": "People, in a chat that takes Discord's webhooks",
    "mail": "People, by e-mail",
}
SEVERITIES = ("info", "warning", "critical")
