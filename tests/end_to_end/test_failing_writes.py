import shutil
import sys
from pathlib import Path

import pytest

from tests.end_to_end.failing_writes import tried
from tests.end_to_end.test_killing import papers


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"), reason="needs Linux and a C compiler")
def test_writes_that_fail_lose_nothing(tmp_path: Path):
    assert tried(papers(tmp_path / "papers"), tmp_path, failures=3, seed=2) == []
