"""How good rankings and answers are: the figures that `inkstone eval` and `training.evaluating` both report.

Pure functions from what was given and what is right to numbers between 0 and 1.
"""

from __future__ import annotations

import math
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from engine.library.keywords import CJK

Ranking = Sequence[str]  # ids, best first, each once
Relevant = AbstractSet[str] | Mapping[str, float]  # ids of what is relevant, or each with its grade above 0

ANSWER_SCORES = (
    "em f1 rouge_l yes_no contains answered citation_precision citation_recall right_refusals wrong_refusals".split()
)


@dataclass(frozen=True, slots=True)
class Mean:
    """A score over the questions that it says something about: `count` may be fewer than were asked."""

    value: float
    count: int


@dataclass(frozen=True, slots=True)
class Answered:
    """One question's answer beside what is right. A declined answer says and cites nothing, whatever its words."""

    text: str  # without marks; "" where nothing was said
    accepted: tuple[str, ...]  # wordings; empty exactly for a question that cannot be answered
    declined: bool
    cited: frozenset[Hashable] = frozenset()  # passages or documents that the marks point to
    supporting: frozenset[Hashable] = frozenset()  # those that do answer; empty where they are not known
    quote: str = ""  # what was quoted along with the few words of `text`; it may hold an answer that they miss


# --- rankings -------------------------------------------------------------------------------------------------------


def recall_at(k: int, ranking: Ranking, relevant: Relevant) -> float:
    """The share of all that is relevant that stands among the first k; 0 where nothing is relevant."""
    return _share(sum(id in relevant for id in ranking[:k]), len(relevant))


def success_at(k: int, ranking: Ranking, relevant: Relevant) -> float:
    """1 when anything relevant stands among the first k. Where one thing is relevant this is recall."""
    return float(any(id in relevant for id in ranking[:k]))


def mrr_at(k: int, ranking: Ranking, relevant: Relevant) -> float:
    """The reciprocal rank, from 1, of the first that is relevant; 0 where it is not among the first k."""
    return next((1 / rank for rank, id in enumerate(ranking[:k], start=1) if id in relevant), 0.0)


def ndcg_at(k: int, ranking: Ranking, relevant: Relevant) -> float:
    """Grades (1 for a member of a set) discounted by log2(rank + 1), over those of the best possible ranking.

    Järvelin and Kekäläinen 2002, with the grade itself as the gain, as trec_eval has it.
    """
    grades = relevant if isinstance(relevant, Mapping) else dict.fromkeys(relevant, 1.0)
    best = _discounted(sorted(grades.values(), reverse=True)[:k])
    return _discounted([grades.get(id, 0.0) for id in ranking[:k]]) / best if best else 0.0


def ranking_scores(rankings: Sequence[Ranking], relevant: Sequence[Relevant]) -> dict[str, float]:
    """The means over questions; `relevant` in their order. 0 where there are no questions."""
    pairs = list(zip(rankings, relevant, strict=True))
    rows = {
        "recall@1": [recall_at(1, *pair) for pair in pairs],
        "recall@10": [recall_at(10, *pair) for pair in pairs],
        "mrr@10": [mrr_at(10, *pair) for pair in pairs],
        "ndcg@10": [ndcg_at(10, *pair) for pair in pairs],
    }
    return {name: round(_share(sum(row), len(row)), 4) for name, row in rows.items()}


# --- one answer -----------------------------------------------------------------------------------------------------


def exact_match(answer: str, accepted: Iterable[str]) -> float:
    """1.0 when `answer` is one of the accepted wordings, punctuation, case and articles aside."""
    ours = answer_tokens(answer)
    return float(any(ours == answer_tokens(wording) for wording in accepted) and answer != "")


def contains(answer: str, accepted: Iterable[str]) -> float:
    """1.0 when `answer` holds one of the accepted wordings, whole words of it."""
    said = f" {' '.join(answer_tokens(answer))} "
    return float(any(f" {' '.join(answer_tokens(wording))} " in said for wording in accepted))


def f1(answer: str, accepted: Iterable[str]) -> float:
    """The best overlap with an accepted wording: of characters in Chinese, of words elsewhere."""
    return _best(answer, accepted, lambda ours, theirs: (Counter(ours) & Counter(theirs)).total())


def rouge_l(answer: str, accepted: Iterable[str]) -> float:
    """The best F1 of the longest common subsequence with an accepted wording (Lin 2004), over the tokens of `f1`."""
    return _best(answer, accepted, longest_common)


def yes_no(answer: str, accepted: Iterable[str]) -> float | None:
    """1.0 when `answer` begins with the right one of yes and no; None for a question that has another answer."""
    wanted = {_BARE[word] for word in map(_bare, accepted) if word in _BARE}
    return float(polarity(answer) in wanted) if len(wanted) == 1 else None


def polarity(answer: str) -> bool | None:
    """True for an answer that begins with yes, False for no, None for neither."""
    text = unicodedata.normalize("NFKC", answer).casefold().strip()
    opening = _bare(_CLAUSE.match(text)[0])  # type: ignore[index]  # it matches the empty text too
    if opening in _BARE:
        return _BARE[opening]
    found = _OPENS.match(text)
    return found["yes"] is not None if found else None


def citation_precision(cited: Collection[Hashable], supporting: Collection[Hashable]) -> float | None:
    """The share of what is cited that does answer; None where nothing is cited. Marks that repeat count once."""
    return _share(len({*cited} & {*supporting}), len({*cited})) if cited else None


def citation_recall(cited: Collection[Hashable], supporting: Collection[Hashable]) -> float | None:
    """The share of what does answer that is cited; None where nothing does."""
    return _share(len({*cited} & {*supporting}), len({*supporting})) if supporting else None


# --- all answers of a set -------------------------------------------------------------------------------------------


def answer_scores(answers: Sequence[Answered]) -> dict[str, Mean]:
    """Each score over the questions that it says something about; a score that says nothing is left out.

    Words, yes and no, and citations are judged where there is an answer, and declining it counts as saying nothing.
    `right_refusals`: declined, of the questions without an answer. `wrong_refusals`: declined, of those with one.
    """
    rows: dict[str, list[float]] = {name: [] for name in ANSWER_SCORES}
    for answer in answers:
        for name, score in _scored(answer).items():
            if score is not None:
                rows[name].append(score)
    return {name: Mean(round(sum(row) / len(row), 4), len(row)) for name, row in rows.items() if row}


def answer_tokens(text: str) -> list[str]:
    """What answers are compared by: single Chinese characters and folded words, no punctuation, no articles."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = re.findall(rf"[{CJK}]|[^\W_{CJK}]+", folded.translate(_NO_PUNCTUATION))
    return [word for word in words if word not in ("a", "an", "the")]


def longest_common(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """The length of the longest common subsequence, a row of its table at a time as the bits of one number.

    Hyyrö 2004, "Bit-parallel LCS-length computation revisited".
    """
    places: dict[str, int] = {}
    for place, token in enumerate(ours):
        places[token] = places.get(token, 0) | 1 << place
    whole = (1 << len(ours)) - 1
    row = whole
    for token in theirs:
        matched = row & places.get(token, 0)
        row = (row + matched | row - matched) & whole
    return len(ours) - row.bit_count()


_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)

_YES = "yes yeah yep true correct 是 是的 对 对的 有 有的 能 可以 会 要 需要 应该 正确 属实"
_NO = (
    "no nope false incorrect 否 不 不是 不是的 不对 没有 没 无 不能 不可以 不可 不会 不要 不需要 不应该 不行 错误 "
    "不正确 不属实"
)
_BARE = {**dict.fromkeys(_YES.split(), True), **dict.fromkeys(_NO.split(), False)}
_CLAUSE = re.compile(r"[^,.;:!?，。；：！？、\n]*")
# What also opens a clause that goes on. "No one" and "不是…就是" begin otherwise than "no" does, or may.
_OPENS = re.compile(
    r"(?P<yes>yes\b|是的|对的|可以)|(?:no\b(?!\s+(?:one|doubt|matter|more|less|longer|other|later)\b)|不是的?|没有|不可以|不能|不会|不行)"
)


def _scored(answer: Answered) -> dict[str, float | None]:
    if not answer.accepted:
        return {"right_refusals": float(answer.declined)}
    said = "" if answer.declined else answer.text
    cited: frozenset[Hashable] = frozenset() if answer.declined else answer.cited
    known = bool(answer.supporting)
    return {
        "em": exact_match(said, answer.accepted),
        "f1": f1(said, answer.accepted),
        "rouge_l": rouge_l(said, answer.accepted),
        "yes_no": yes_no(said, answer.accepted),
        "contains": contains(answer.quote if said and answer.quote else said, answer.accepted),
        "answered": float(bool(said)),
        "citation_precision": citation_precision(cited, answer.supporting) if known else None,
        "citation_recall": citation_recall(cited, answer.supporting),
        "wrong_refusals": float(answer.declined),
    }


def _best(answer: str, accepted: Iterable[str], common: Callable[[Sequence[str], Sequence[str]], int]) -> float:
    """The highest F1 with an accepted wording, by the tokens that `common` counts in both."""
    ours = answer_tokens(answer)
    return max((_f1(common(ours, theirs), ours, theirs) for theirs in map(answer_tokens, accepted)), default=0.0)


def _f1(common: int, ours: Sequence[str], theirs: Sequence[str]) -> float:
    return 2 * common / (len(ours) + len(theirs)) if common else 0.0


def _bare(text: str) -> str:
    return "".join(answer_tokens(text))


def _discounted(grades: Iterable[float]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _share(part: float, whole: int) -> float:
    return part / whole if whole else 0.0
