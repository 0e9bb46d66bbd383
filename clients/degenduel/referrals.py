"""Referrals: codes, signups with their clicks, first deposits, and what became of a player."""

from collections.abc import Sequence
from typing import cast

from .shapes import CodeTold, ConversionsTaken, ConversionTold, PersonShown, Retired, SignupTold
from .transport import Transport


class Referrals:
    def __init__(self, transport: Transport) -> None:
        self._ = transport

    def person(self, wallet: str) -> PersonShown:
        return cast(PersonShown, self._.read("/referrals/people/{wallet}", wallet=wallet))

    def keep_code(self, code: CodeTold, *, key: str | None = None) -> PersonShown:
        """Its referrer; the same code again changes nothing."""
        return cast(PersonShown, self._.write("POST", "/referrals/codes", code, key=key))

    def retire_code(self, code: str, *, key: str | None = None) -> Retired:
        return cast(Retired, self._.write("POST", "/referrals/codes/{code}/retire", {}, key=key, code=code))

    def sign_up(self, signup: SignupTold, *, key: str | None = None) -> PersonShown:
        """The first answer for a wallet that had signed up already."""
        return cast(PersonShown, self._.write("POST", "/referrals/signups", signup, key=key))

    def convert(self, conversions: Sequence[ConversionTold], *, key: str | None = None) -> ConversionsTaken:
        body = {"conversions": list(conversions)}
        return cast(ConversionsTaken, self._.write("POST", "/referrals/conversions", body, key=key))
