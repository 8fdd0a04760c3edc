"""What the person decided about which files are read."""

from __future__ import annotations

from dataclasses import dataclass

from engine.documents.kinds import Kind

_MEGABYTES = 200  # a document's file: the text in it is a small part
_PLAIN_MEGABYTES = 50  # a file that is all text: about 50,000 passages, hours of embedding
_PAGED_MEGABYTES = 2000  # read page by page: scans and picture books are as large as this
_PLAIN = frozenset({"text", "markdown", "html", "csv", "tsv", "code", "notebook", "rtf", "xml"})


@dataclass(frozen=True, slots=True)
class Choices:
    """`exclude`: rules, a line each. `max_file_mb`: 0 goes by the kind of file."""

    exclude: str = ""
    obey_gitignore: bool = False
    max_file_mb: int = 0

    def limit_bytes(self, kind: Kind) -> int:
        """The size over which a file of this kind is not read."""
        if self.max_file_mb:
            return self.max_file_mb * 10**6
        if kind is Kind.PDF:
            return _PAGED_MEGABYTES * 10**6
        return (_PLAIN_MEGABYTES if kind.value in _PLAIN else _MEGABYTES) * 10**6
