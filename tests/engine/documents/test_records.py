from __future__ import annotations

import pytest

from engine.documents.records import Expecting, told


def test_values_stand_beside_their_headers() -> None:
    rows = [["Year", "Revenue"], ["2020", "3.1"], ["2021", "3.4"]]
    assert told(rows) == ["Year | Revenue", "Year: 2020 | Revenue: 3.1", "Year: 2021 | Revenue: 3.4"]


def test_years_that_go_on_are_headers() -> None:
    rows = [["", "2019", "2020", "2021"], ["收入", "1.5", "2", "3.4"], ["成本", "1", "1.2", "2"]]
    assert told(rows)[1] == "收入 | 2019: 1.5 | 2020: 2 | 2021: 3.4"


def test_years_that_stand_over_years_are_none() -> None:
    rows = [["from", "1990", "1991"], ["to", "2001", "2002"]]
    assert told(rows) == ["from | 1990 | 1991", "to | 2001 | 2002"]


def test_numbers_alone_have_no_header() -> None:
    assert told([["1", "2"], ["3", "4"], ["5", "6"]]) == ["1 | 2", "3 | 4", "5 | 6"]


def test_form_of_names_and_values_has_no_header() -> None:
    assert told([["姓名", "张三", "性别", "男"], ["出生年月", "1990-01", "民族", "汉"]])[0] == "姓名 | 张三 | 性别 | 男"
    assert told([["Name:", "Ada"], ["Age:", "36"], ["Year:", "1851"]])[1] == "Age: | 36"


def test_words_have_a_header_only_where_one_is_likely() -> None:
    rows = [["Name", "Role"], ["Ada", "Engineer"], ["Grace", "Admiral"]]
    assert told(rows)[1] == "Ada | Engineer"
    assert told(rows, Expecting(likely=True))[1] == "Name: Ada | Role: Engineer"
    assert told(rows, Expecting(styled=True))[1] == "Name: Ada | Role: Engineer"


def test_what_the_file_says_goes_before_any_guess() -> None:
    rows = [["Year", "Revenue"], ["2020", "3.1"]]
    assert told(rows, Expecting(header_rows=0)) == ["Year | Revenue", "2020 | 3.1"]
    assert told([["a", "b"], ["c", "d"]], Expecting(header_rows=1))[1] == "a: c | b: d"


def test_title_above_the_header_stands_for_itself() -> None:
    rows = [["Report", None, None], ["Unit: EUR", "", "As of: May"], ["Region", "Sales", "Cost"]]
    rows += [["North", "3", "4"], ["South", "5", "6"]]
    assert told(rows) == [
        *("Report", "Unit: EUR | As of: May", "Region | Sales | Cost"),
        *("Region: North | Sales: 3 | Cost: 4", "Region: South | Sales: 5 | Cost: 6"),
    ]


def test_merged_label_is_joined_with_those_that_divide_it() -> None:
    rows = [["Region", "Q1", None], ["", "Sales", "Cost"], ["North", "3", "4"], ["South", "5", "6"]]
    assert told(rows)[2] == "Region: North | Q1 Sales: 3 | Q1 Cost: 4"


def test_title_over_all_columns_is_part_of_no_name() -> None:
    rows = [["Cases by year", None], ["Year", "Cases"], ["1975", "31"]]
    assert told(rows, Expecting(header_rows=2))[2] == "Year: 1975 | Cases: 31"


def test_row_of_one_cell_is_no_record() -> None:
    rows = [["Item", "Price"], ["Tea", "3"], ["Cakes", ""], ["Scone", "2"]]
    assert told(rows)[2] == "Cakes"


def test_another_table_may_begin_below_a_gap() -> None:
    rows = [["Year", "Tea"], ["2020", "3"], ["Month", "Rain"], ["5", "30"], ["6", "10"]]
    assert told(rows, breaks={2})[3:] == ["Month: 5 | Rain: 30", "Month: 6 | Rain: 10"]


def test_header_goes_on_below_a_gap_without_one() -> None:
    rows = [["Year", "Tea"], ["2020", "3"], ["2021", "4"]]
    assert told(rows, breaks={2})[2] == "Year: 2021 | Tea: 4"


@pytest.mark.parametrize(
    "value", ["12.5%", "¥1,200", "(300)", "-4", "3.4亿", "2021-03-31", "2021年3月", "14:30", "1.2E+05"]
)
def test_what_counts_as_a_value(value: str) -> None:
    assert told([["Name", "Kind", "Value"], ["a", "b", value], ["c", "d", value]])[1].endswith(f"Value: {value}")


def test_an_empty_table_is_no_mistake() -> None:
    assert told([]) == []
    assert told([[], [None], [""]]) == ["", "", ""]
