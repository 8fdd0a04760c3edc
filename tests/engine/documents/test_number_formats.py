from __future__ import annotations

import pytest

from engine.documents.number_formats import BUILT_IN, shown


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.125, "0.0%", "12.5%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234567, "[$¥-804]#,##0", "¥1,234,567"),
        (-5, "#,##0;[Red]#,##0", "-5"),
        (-5, "#,##0_);(#,##0)", "(5)"),
        (0, '0;-0;"-"', "-"),
        (3, '0"个"', "3个"),
        (1e6, '0.0,,"M"', "1.0M"),
        (3.14159, "0.###", "3.142"),
        (12345.678, "0.00E+00", "1.23E+04"),
        (2.5, "# ?/?", "2.5"),
        (0.1 + 0.2, "General", "0.3"),
        (7, "", "7"),
    ],
)
def test_numbers_are_written_as_the_sheet_shows_them(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (44286, "yyyy/m/d", "2021-03-31"),
        (44286, BUILT_IN[14], "2021-03-31"),
        (44286.5, "d.m.yy h:mm", "2021-03-31 12:00"),
        (44286.5, "yyyy-mm-dd hh:mm:ss.000", "2021-03-31 12:00:00"),
        (44286, 'yyyy"年"m"月"', "2021-03"),
        (44286, "[$-409]mmmm\\ yyyy;@", "2021-03"),
        (0.75, "h:mm AM/PM", "18:00"),
        (1.5, "[h]:mm", "36:00"),
        (1, "yyyy-mm-dd", "1900-01-01"),
        (61, "yyyy-mm-dd", "1900-03-01"),
        (10**9, "yyyy-mm-dd", "1000000000"),
        (-1, "yyyy-mm-dd", "-1"),
    ],
)
def test_dates_are_iso(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_days_since_1904() -> None:
    assert shown(42824, "yyyy-mm-dd", is_1904=True) == "2021-03-31"


@pytest.mark.parametrize(
    "code", [";;;", '"', "[", "\\", "_", "*", "[h", "0.0.0", "@", "%", "y" * 500, "0" * 500, "🙂0"]
)
def test_no_format_is_too_strange(code: str) -> None:
    for value in (0, -1.5, 44286.25, 1e300, -1e-300):
        assert isinstance(shown(value, code), str)
