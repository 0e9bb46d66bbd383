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
    "submission.checked": "A token's checks are done, a reviewer is next",
    "submission.decided": "A decision about a submitted token stands",
}
