"""How much time and memory one document may take, in one place.

Real books of 5,000 pages (about 300,000 lines, 15 million characters) stay well inside every one of these.
"""

from __future__ import annotations

DEADLINE_S = 20.0  # to open a document, and for each of its pages
WATCHDOG_GRACE_S = 3.0  # the child ends itself this much later, for the case that nobody is left to kill it
START_S = 60.0  # until a new child answers: a cold disk and a virus scanner can take long over a first import
LOST_PAGES = 3  # so many pages may hang or crash; the rest of the document is kept

OCR_DEADLINE_S = 300.0  # to recognise one page: 10 s on a machine that has nothing else to do, and few have not
OCR_PIXELS = 12_000_000  # of the picture of a page whose text is recognised
OCR_MEMORY_BYTES = 4 * 1024**3  # address space of the child that does it: models, libraries, a large picture

MAX_PAGES = 20_000
MAX_LINES = 500_000  # about 0.5 kB each in the parent
MAX_CHARACTERS = 32_000_000
MAX_TEXT_BYTES = 64_000_000  # of a plain text file
MAX_CELLS = 1_000_000  # of a spreadsheet that hold something: about 10 s
MAX_SHEET_BYTES = 200_000_000  # of all its sheets' XML: known before any of that is spent
MAX_CODE_BYTES = 2_000_000  # of source code: a larger file was made by a program
MAX_MEMBERS = 20_000  # of a document that is a zip file
MAX_UNPACKED_BYTES = 1_000_000_000  # of all its members together, pictures and films included
MAX_MARKUP_BYTES = 64_000_000  # of one that is parsed into a tree, which takes several times as much
MAX_PIXELS = 16_000_000  # of a rendered page: 48 MB as RGB

# The child's address space on Linux. Ordinary documents stay under 0.4 GB; a decompression bomb meets this instead of
# the machine's memory. It counts mapped libraries too (about 0.3 GB), hence not tighter.
CHILD_MEMORY_BYTES = 2 * 1024**3
# A child is replaced after so many documents, or once it has grown so large: what MuPDF and the allocator keep is
# given back only when the process ends.
CHILD_DOCUMENTS = 200
CHILD_KEEP_BYTES = 400 * 1024**2
