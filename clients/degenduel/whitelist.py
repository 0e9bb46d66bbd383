"""Tokens: whether they may be traded, and asking that they may."""

from collections.abc import Sequence
from typing import cast

from .shapes import SubmissionShown, SubmissionTold, TokenAnswer, TokenAnswers
from .transport import Transport


class Whitelist:
    def __init__(self, transport: Transport) -> None:
        self._ = transport

    def answer(self, mint: str) -> TokenAnswer:
        return cast(TokenAnswer, self._.read("/whitelist/{mint}", mint=mint))

    def answers(self, mints: Sequence[str]) -> TokenAnswers:
        """In the order asked, up to 1,000."""
        return cast(TokenAnswers, self._.write("POST", "/whitelist/lookup", {"mints": list(mints)}, keyed=False))

    def submit(self, token: SubmissionTold, *, key: str | None = None) -> SubmissionShown:
        return cast(SubmissionShown, self._.write("POST", "/whitelist/submissions", token, key=key))

    def submission(self, submission_id: int) -> SubmissionShown:
        path = "/whitelist/submissions/{submission_id}"
        return cast(SubmissionShown, self._.read(path, submission_id=submission_id))

    def inform(self, submission_id: int, words: str, *, key: str | None = None) -> SubmissionShown:
        """The answer to what a reviewer asked."""
        path = "/whitelist/submissions/{submission_id}/information"
        body = {"words": words}
        return cast(SubmissionShown, self._.write("POST", path, body, key=key, submission_id=submission_id))
