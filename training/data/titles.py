"""Where a passage stands, as the product shows it to the model: a file's name, the page, now and then the heading.

People call their files in many ways, so the same document is "Persian language.pdf" in one run of the seed and
"persian_language_v2.docx" in another: a model that leaned on one form would be lost in a real folder. Some names say
nothing at all. All passages of a document bear the same name, whichever sample they stand in.
"""

from __future__ import annotations

import random
import re
from typing import Literal

from engine.texts import say
from engine.types import Unit
from training.data.collection import Passage

_LONGEST = 60  # characters of a title in a name
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\s]+')
_PAGED = (".pdf", ".pdf", ".pdf", ".docx", ".pptx")
_LINED = (".md", ".txt", ".html")
_SILENT: dict[str, tuple[str, ...]] = {
    "en": ("scan{0:04}", "document-{0}", "Untitled {0}", "notes_{0}", "download ({0})", "report-{0}", "{0}"),
    "zh": ("扫描件{0:04}", "文档{0}", "新建文档 {0}", "资料_{0}", "下载({0})", "报告{0}", "{0}"),
}
_NAMED = 0.7  # the share of documents whose name is made from their title
_WITH_HEADING = 0.3


def shown(passage: Passage, lang: Literal["en", "zh"], seed: int) -> str:
    """As `engine.answers.writing` puts it together: "Persian_language.pdf, page 3, Persian language"."""
    draw = random.Random(f"{seed} {passage.document} {passage.title}")
    name = _name(passage.title, lang, draw)
    if draw.random() < 0.8:
        unit, ending, step = Unit.PAGE, draw.choice(_PAGED), 1
    else:
        unit, ending, step = Unit.LINE, draw.choice(_LINED), 12
    number = draw.randint(1, 40) + passage.ordinal * step
    heading = [passage.title] if _is_heading(passage.title) and draw.random() < _WITH_HEADING else []
    return ", ".join([name + ending, say(unit.value, lang, number=number), *heading])


def _is_heading(title: str) -> bool:
    return bool(title) and not title.isdigit()


def _name(title: str, lang: str, draw: random.Random) -> str:
    words = _NOT_IN_A_NAME.sub(" ", title).strip(" .")[:_LONGEST]
    number = draw.randint(1, 2999)
    if not words or draw.random() >= _NAMED:
        return draw.choice(_SILENT[lang]).format(number)
    forms = (
        words,
        words,
        words.replace(" ", "_"),
        words.lower().replace(" ", "-"),
        f"{words} v{number % 4 + 1}",
        f"{1990 + number % 36}-{number % 12 + 1:02} {words}",
    )
    return draw.choice(forms)
