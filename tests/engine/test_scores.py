import math
import random

import pytest

from engine.scores import (
    Answered,
    Mean,
    answer_scores,
    answer_tokens,
    citation_precision,
    citation_recall,
    contains,
    exact_match,
    f1,
    longest_common,
    mrr_at,
    ndcg_at,
    polarity,
    ranking_scores,
    recall_at,
    rouge_l,
    success_at,
    yes_no,
)


def test_recall_counts_all_that_is_relevant_and_success_any_of_it():
    ranking, relevant = ["a", "x", "b", "y"], {"a", "b", "c"}
    assert [recall_at(k, ranking, relevant) for k in (1, 2, 3, 4)] == pytest.approx([1 / 3, 1 / 3, 2 / 3, 2 / 3])
    assert [success_at(k, ranking, relevant) for k in (1, 4)] == [1.0, 1.0]
    assert success_at(10, ranking, {"c"}) == 0.0


def test_recall_of_one_relevant_document_is_success():
    random_numbers = random.Random(0)
    for _ in range(100):
        ranking = random_numbers.sample("abcdefghij", 5)
        relevant = {random_numbers.choice("abcdefghij")}
        assert recall_at(3, ranking, relevant) == success_at(3, ranking, relevant)


def test_mrr_goes_by_the_first_relevant_document_within_k():
    assert mrr_at(10, ["x", "b", "a"], {"a", "b"}) == 0.5
    assert mrr_at(2, ["x", "y", "a"], {"a"}) == 0.0


def test_ndcg_by_hand():
    found = 3 / math.log2(2) + 2 / math.log2(4)
    best = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert ndcg_at(3, ["a", "x", "b"], {"a": 3, "b": 2, "c": 1}) == pytest.approx(found / best)
    assert ndcg_at(3, ["x", "a"], {"a"}) == pytest.approx(1 / math.log2(3))


def test_scores_of_random_rankings_keep_their_order_and_bounds():
    random_numbers = random.Random(1)
    for _ in range(300):
        ids = [*map(str, range(30))]
        ranking = random_numbers.sample(ids, random_numbers.randrange(31))
        relevant = {id: float(random_numbers.randrange(1, 4)) for id in random_numbers.sample(ids, 5)}
        for score in (recall_at, success_at, mrr_at, ndcg_at):
            at = [score(k, ranking, relevant) for k in (1, 5, 10, 30)]
            assert all(0 <= value <= 1 + 1e-9 for value in at)
            if score is not ndcg_at:  # whose best possible ranking grows with k too
                assert at == sorted(at)
        best = sorted(relevant, key=relevant.__getitem__, reverse=True)
        assert ndcg_at(10, best, relevant) == pytest.approx(1.0)
        assert ndcg_at(30, ranking, relevant) <= ndcg_at(30, best, relevant) + 1e-9


def test_a_document_without_a_grade_is_worth_nothing():
    assert ndcg_at(10, ["x"], {"a": 2.0}) == recall_at(10, ["x"], {"a": 2.0}) == 0.0
    assert ndcg_at(10, ["x"], set()) == recall_at(10, ["x"], set()) == 0.0


def test_ranking_scores_are_means_over_questions():
    rankings = [["a"], ["x", "b"], [*"0123456789", "c"], []]
    relevant = [{"a"}, {"b"}, {"c"}, {"d"}]
    scores = ranking_scores(rankings, relevant)
    assert (scores["recall@1"], scores["recall@10"], scores["mrr@10"]) == (0.25, 0.5, 0.375)
    assert scores["ndcg@10"] == round((1 + 1 / math.log2(3)) / 4, 4)
    assert {*ranking_scores([], []).values()} == {0.0}


def test_f1_counts_words_in_english_and_characters_in_chinese():
    assert f1("seven whole years", ["seven years"]) == pytest.approx(0.8)
    assert f1("保留七年", ["七年"]) == pytest.approx(2 * 2 / 6)
    assert f1("nothing", ["seven years", "七年"]) == 0.0


def test_exact_match_overlooks_case_punctuation_and_articles():
    assert exact_match("The Audit Log.", ["audit log"]) == 1.0
    assert exact_match("audit logs", ["audit log"]) == 0.0
    assert exact_match("", ["!"]) == 0.0  # nothing was said


def test_contained_are_whole_words():
    assert contains("for seven years", ["seven"]) == 1.0
    assert contains("for seventeen years", ["seven"]) == 0.0
    assert contains("保留七年", ["七年"]) == 1.0


def test_rouge_l_goes_by_order_where_f1_does_not():
    assert f1("police killed the gunman", ["the gunman killed police"]) == 1.0
    assert rouge_l("police killed the gunman", ["the gunman killed police"]) == pytest.approx(1 / 3)
    assert rouge_l("保留七年", ["七年", "八年"]) == pytest.approx(2 * 2 / 6)


def test_longest_common_subsequence_equals_the_plain_table():
    random_numbers = random.Random(2)
    for _ in range(500):
        ours = random_numbers.choices("abcd", k=random_numbers.randrange(90))
        theirs = random_numbers.choices("abcde", k=random_numbers.randrange(90))
        assert longest_common(ours, theirs) == plain_longest_common(ours, theirs)


def test_rouge_l_equals_a_plain_implementation():
    random_numbers = random.Random(3)
    words = ["red", "fox", "the", "reads", "一", "本", "书", ",", "Blue"]
    for _ in range(300):
        answer, *accepted = (" ".join(random_numbers.choices(words, k=random_numbers.randrange(9))) for _ in range(3))
        wanted = 0.0
        for wording in accepted:
            ours, theirs = answer_tokens(answer), answer_tokens(wording)
            common = plain_longest_common(ours, theirs)
            if common:
                precision, recall = common / len(ours), common / len(theirs)
                wanted = max(wanted, 2 * precision * recall / (precision + recall))
        assert rouge_l(answer, accepted) == pytest.approx(wanted)


def test_overlaps_are_ordered_for_any_answer():
    random_numbers = random.Random(4)
    for _ in range(300):
        answer, wording = (" ".join(random_numbers.choices("abcdef", k=random_numbers.randrange(8))) for _ in range(2))
        assert exact_match(answer, [wording]) <= rouge_l(answer, [wording]) + (not answer_tokens(answer))
        assert 0 <= rouge_l(answer, [wording]) <= f1(answer, [wording]) <= 1
        assert f1(answer, [wording]) == f1(wording, [answer])


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("Yes, it does.", True),
        ("YES", True),
        ("yes it is", True),
        ("No.", False),
        ("No, the archive is closed.", False),
        ("No one knows.", None),
        ("Nobody", None),
        ("是的，可以。", True),
        ("是。", True),
        ("对，七年。", True),
        ("对于这个问题", None),
        ("是否保留", None),
        ("不是。", False),
        ("否", False),
        ("没有规定。", False),
        ("不少人", None),
        ("", None),
    ],
)
def test_an_answer_begins_with_yes_or_no(answer: str, says: bool | None):
    assert polarity(answer) is says


def test_yes_and_no_are_judged_where_they_are_the_answer():
    assert yes_no("Yes, for seven years.", ["yes", "It is kept for seven years."]) == 1.0
    assert yes_no("是的。", ["NO"]) == 0.0
    assert yes_no("For seven years.", ["no"]) == 0.0
    assert yes_no("Yes.", ["seven years"]) is None
    assert yes_no("Yes.", ["yes", "no"]) is None  # neither is right


def test_citations_by_hand():
    assert citation_precision([1, 1, 4], {1, 2}) == 0.5
    assert citation_recall([1, 1, 4], {1, 2}) == 0.5
    assert citation_precision([], {1}) is None
    assert citation_recall([], {1}) == 0.0
    assert citation_recall([1], set()) is None


def test_all_answers_of_a_set_by_hand():
    one, two = frozenset([1]), frozenset([1, 2])
    scores = answer_scores(
        [
            Answered("seven years", ("seven years",), declined=False, cited=two, supporting=one),
            Answered("", ("yes",), declined=True, supporting=one),
            Answered("the passages do not say", (), declined=True),
            Answered("1874", (), declined=False, cited=one),
        ]
    )
    assert scores["em"] == scores["f1"] == scores["rouge_l"] == Mean(0.5, 2)
    assert scores["yes_no"] == Mean(0.0, 1)
    assert scores["answered"] == Mean(0.5, 2)
    assert scores["citation_precision"] == Mean(0.5, 1)
    assert scores["citation_recall"] == Mean(0.5, 2)
    assert scores["right_refusals"] == Mean(0.5, 2)
    assert scores["wrong_refusals"] == Mean(0.5, 2)


def test_a_declined_answer_counts_as_nothing_said_whatever_stands_beside_it():
    quoted = Answered("seven years", ("seven years",), declined=True, cited=frozenset("d"), supporting=frozenset("d"))
    scores = answer_scores([quoted])
    assert scores["em"].value == scores["citation_recall"].value == 0.0
    assert "citation_precision" not in scores


def test_what_a_set_does_not_ask_for_is_left_out():
    assert answer_scores([]) == {}
    scores = answer_scores([Answered("seven", ("seven",), declined=False)])
    assert not {"yes_no", "right_refusals", "citation_precision", "citation_recall"} & {*scores}


def plain_longest_common(ours: list[str], theirs: list[str]) -> int:
    table = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for row, mine in enumerate(ours):
        for column, other in enumerate(theirs):
            same = table[row][column] + 1
            table[row + 1][column + 1] = same if mine == other else max(table[row][column + 1], table[row + 1][column])
    return table[-1][-1]
