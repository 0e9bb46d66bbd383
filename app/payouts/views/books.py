"""The ledger: balances that add up to nothing, and the journals of an account."""

from typing import Any

from flask import request

from app.core.access import allow
from app.core.htmx import render_page
from app.core.paging import place
from app.payouts.queries.freezes import last_reconciliation
from app.payouts.queries.ledger import balances, journals_page
from app.payouts.views import bp


@bp.get("/payouts/ledger")
@allow("payouts:ledger:read")
def ledger() -> Any:
    account = request.args.get("account", "")[:80]
    return render_page(
        "payouts/ledger.html",
        "payouts/_ledger.html",
        account=account,
        books=balances(),
        found=journals_page(account, place(request.args.get("after"), request.args.get("before"), parts=1)),
        reconciled=last_reconciliation(),
    )
