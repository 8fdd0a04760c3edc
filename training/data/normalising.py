"""When two texts are the same to us: letters and digits only, one width, one case. And which language they are in."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from engine.library.keywords import cjk_share

_NEITHER = re.compile(r"[\W_]+")  # neither letter nor digit
_CJK_SHARE = 0.2  # of the letters: from here on a text is Chinese
_TELLING = 400  # characters at the beginning that tell the language


def normalised(text: str) -> str:
    """`text` in NFKC and without case, its letters and digits only: "U.S. 100 %" and "us１００" are equal."""
    return _NEITHER.sub("", unicodedata.normalize("NFKC", text).casefold())


def digest(text: str) -> int:
    """64 bits of `text`, the same in every process: two of ten million texts share them once in 400,000 tries."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def language_of(text: str) -> str:
    """zh for Chinese, simplified or traditional, en for all else: what the instructions and prompts distinguish."""
    return "zh" if cjk_share(text[:_TELLING]) >= _CJK_SHARE else "en"
