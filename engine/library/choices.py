"""What the person decided about which files are read."""

from __future__ import annotations

from dataclasses import dataclass

from engine.documents.kinds import Kind

_MEGABYTES = 50  # a file that is all text: about 50,000 passages, hours of embedding
_MEGABYTES_OF = {  # others hold pictures, too, or are no prose
    Kind.PDF: 2000,
    Kind.OFFICE: 500,
    Kind.EPUB: 500,
    Kind.SHEET: 200,
    Kind.MAIL: 200,
    Kind.OUTLOOK: 200,
    Kind.WEB_ARCHIVE: 200,
    Kind.MAILBOX: 500,
    Kind.CODE: 5,  # larger ones are data or made by programs
}


@dataclass(frozen=True, slots=True)
class Choices:
    """`exclude`: rules, a line each. `max_file_mb`: 0 goes by the kind of file."""

    exclude: str = ""
    obey_gitignore: bool = False
    max_file_mb: int = 0

    def limit_bytes(self, kind: Kind) -> int:
        """The size over which a file of this kind is not read."""
        return (self.max_file_mb or _MEGABYTES_OF.get(kind, _MEGABYTES)) * 10**6
