"""Set the sample library's PDF documents from the texts in `sources/`: the same bytes each time, as the demo's.

Run it with the project's environment after a change of a text:

    .venv/bin/python packaging/sample/make_sample.py [FOLDER]

Its other documents are plain text and lie in `engine/sample/` as they are.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "demo"))

from make_documents import Print, set_document  # noqa: E402

PRINTS = (
    Print("Bicycle Workshop Handbook", "Rivet and Spoke · 2026", "Page {} of {}", size=12),
    Print("茶馆手册", "临水茶馆 · 2026", "第 {} 页，共 {} 页", size=13),
)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[1] / "engine" / "sample"
    for print_ in PRINTS:
        html = (HERE / "sources" / f"{print_.title}.html").read_text("utf-8")
        (folder / f"{print_.title}.pdf").write_bytes(set_document(print_, html))


if __name__ == "__main__":
    main()
