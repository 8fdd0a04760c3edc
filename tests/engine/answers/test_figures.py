import pytest

from engine.answers.figures import contradicts, measures, names, numbers, stated_numbers


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("two", "2"),
        ("二年", "2"),
        ("两年", "2"),
        ("twenty-five days", "25"),
        ("two hundred and five", "205"),
        ("3 million", "3,000,000"),
        ("three thousand", "3000"),
        ("三百万", "3000000"),
        ("300万", "3000000"),
        ("１２０ 天", "120"),
        ("二〇一九年", "2019"),
        ("十二", "12"),
        ("二十", "20"),
        ("一百零五", "105"),
        ("1.50", "1.5"),
        ("02:30", "2:30"),
        ("1亿2千万", "100000000 2 1000 10000000"),
    ],
)
def test_a_number_is_its_value(one: str, other: str):
    assert numbers(one) & numbers(other)


def test_month_names_are_numbers_too():
    assert numbers("on 5 March 2021") == numbers("2021-03-05")


@pytest.mark.parametrize(
    "text", ["one of them", "一般来说", "十分重要", "the second, and once more", "七夕", "统一管理", "三角形"]
)
def test_words_that_count_nothing_state_no_number(text: str):
    assert stated_numbers(text) == frozenset()


@pytest.mark.parametrize(("text", "value"), [("保留七年", "7"), ("第三章", "3"), ("三十", "30"), ("seven years", "7")])
def test_what_counts_is_stated(text: str, value: str):
    assert stated_numbers(text) == {value}


@pytest.mark.parametrize(
    ("one", "other"),
    [("seven years", "七年"), ("ninety (90) days", "90天"), ("5 percent", "5%"), ("3 个月", "three months")],
)
def test_a_number_has_its_unit_in_both_languages(one: str, other: str):
    assert measures(one) & measures(other)


def test_a_year_of_the_calendar_has_no_unit():
    assert measures("成立于1874年") == frozenset()


def test_a_unit_with_other_numbers_contradicts():
    said = measures("Logs are kept for seven years, backups for ninety days.")
    assert contradicts(("90", "year"), said)
    assert contradicts(("7", "day"), said)
    assert not contradicts(("7", "year"), said)
    assert not contradicts(("7", "week"), said)


def test_names_are_told_from_other_words():
    assert names("The archive was founded by Ada Lovelace in Turin.") == {"ada", "lovelace", "turin"}
    assert names("Logs are kept. Backups go to the NAS, type RX-78, on Monday.") == {"nas", "rx-78"}
    assert names("依据《数据管理规范》执行。") == {"数据管理规范"}
    assert names("- Retention: Seven years") == frozenset()
