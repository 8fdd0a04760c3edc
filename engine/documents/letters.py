"""What a mail is, whichever program kept it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. Every part may be missing: ""."""

    subject: str
    sender: str  # name and address, as the mail has them
    to: str
    copied: str
    date: str  # "2021-03-04 12:00 +0100"
    plain: str
    html: str
    attached: tuple[str, ...]  # names only
