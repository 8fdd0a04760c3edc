from collections.abc import Iterator
from pathlib import Path

import pytest
from papers import CHINESE, POLICY, Library, passage


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(tmp_path)
    made.put("policy.pdf", passage(POLICY, page=4, heading="Retention"))
    made.put("规范.pdf", passage(CHINESE, page=2))
    for number in range(12):
        made.put(f"other{number}.pdf", passage((f"Chapter {number} is about gardens and rain.",), page=1))
    yield made
    made.store.close()
