"""Names under which a signed click travels."""

CLICK = "click"
"""What is signed: nothing signed for another purpose passes for a click."""
PARAMETER = "click"
"""In the address that a click leads to; the players' site keeps it in a cookie and tells it at signup."""
