"""Values on disk, by number."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.data.spool import Spool


def test_values_come_back_in_any_order(tmp_path: Path):
    with Spool(tmp_path / "s") as spool:
        values = [{"a": "文\n"}, ["\ud800", 2], "", None]
        assert [spool.append(value) for value in values] == [0, 1, 2, 3]
        assert [spool[2], spool[0]] == ["", {"a": "文\n"}]
        assert spool.append("later") == 4
        assert list(spool) == [*values, "later"]
        with pytest.raises(IndexError):
            spool[5]
