"""Documents of plain text for the generator's training, made up by their numbers."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

WORDS = {
    "zh": "门禁记录 保存 会议纪要 部门 负责人 提交 申请 三个工作日 之内 审批 合同 编号 存档 查阅 需要 授权".split(),
    "en": "the records of every visitor are kept for ninety days unless legal asks in writing to keep 2024".split(),
}
ENDS = {"zh": "。", "en": ". "}


def text(language: str, number: int, sentences: int = 8) -> str:
    choose = random.Random(f"{language} {number}")
    between = "" if language == "zh" else " "
    said = (between.join(choose.choices(WORDS[language], k=9)) + ENDS[language] for _ in range(sentences))
    return f"{language} {number}\n" + "".join(said)


def rows(count: int) -> Iterator[dict[str, str]]:
    for number in range(count):
        for language in WORDS:
            yield {"text": text(language, number), "lang": language, "license": f"made up ({language})"}


def write(path: Path, some: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in some), "utf-8")
    return path
