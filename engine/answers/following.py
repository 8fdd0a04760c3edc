"""A question within a conversation becomes the question that is searched for.

It goes by words alone. A follow-up is known by how it begins ("and", "what about", 那), by a pronoun that nothing
before it explains, or by asking without saying about what ("why?"). In doubt a question stands alone: a full question
must not drag the last topic along.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.library.keywords import CJK, cjk_share, content_terms
from engine.types import Turn


@dataclass(frozen=True, slots=True)
class Understood:
    """What is searched for, and what of it a follow-up itself brought: those terms count more."""

    searched: str
    follows: bool = False
    own: tuple[str, ...] = ()


def understood(question: str, history: Sequence[Turn]) -> Understood:
    """The question with what it leaves unsaid, from the conversation's last full question and what followed that."""
    topic: list[str] = []
    for earlier in (turn.question for turn in history):
        topic = [topic[0], earlier] if topic and is_follow_up(earlier) else [earlier]
    if not topic or not is_follow_up(question):
        return Understood(question)
    root, *between = topic
    for brought in [*between, question]:
        root = _joined(root, brought)
    return Understood(root, follows=True, own=tuple(content_terms(_bare(question))))


def is_follow_up(question: str) -> bool:
    """Whether the question can hardly be understood without what was said before it."""
    said = " ".join(question.casefold().split()).rstrip(" ?？!！.。…")
    if not said:
        return False
    return _follows_in_chinese(said) if cjk_share(said) > 0.3 else _follows_in_english(said)


# English

_STRONG = re.compile(
    r"(and |but |or |so |then )?(what|how) about\b|same (for|with|in)\b|(the )?(other|second|third|last) ones?$"
)
_WEAK = re.compile(r"(and|but|or|so|then|also|plus|ok|okay|well|now)\b,? ?")
_ASKS = re.compile(
    r"\b(what|who|whom|whose|which|when|where|why|how|is|are|was|were|do|does|did|can|could|will|would|should|may|must"
    r"|has|have|had|list|give|tell|show|explain|describe|name|compare|summari[sz]e|find)\b"
)
_FRAGMENT = re.compile(
    r"(in|for|on|at|by|with|without|since|until|from|during|before|after|under|of|to|as|within|per|except|between) "
)
_PRONOUN = re.compile(r"\b(it|its|they|them|their|theirs|he|him|his|she|her|hers)\b")
_POINTING = re.compile(r"\b(this|that|these|those)\b")
_EMPTY_IT = re.compile(r"\bit (\w+ ){0,3}?(to|that|if|whether|when)\b|\btime is it\b")
_WHICH = re.compile(
    r"\b(which|the (other|first|second|third|last|same)|another) ones?\b|\bthe (latter|former)\b"
    r"|\bthe same (for|with|in|on|at)\b"
)
# Words that ask for more without saying about what.
_GENERAL_WORDS = """
    long old big large far often high tall deep fast soon expensive exactly precisely really sure mean means meant
    happen happens happened example examples instance reason reasons case cases detail details detailed else more less
    anything something anyone someone everything elaborate continue go further specifically so still already again
    possible true correct right difference sum short words briefly think know there thing things kind way
"""
_GENERAL = frozenset(_GENERAL_WORDS.split())


def _follows_in_english(said: str) -> bool:
    if _STRONG.match(said):
        return True
    rest = _WEAK.sub("", said, count=1) if _WEAK.match(said) else said
    content = _content(rest)
    if not content:
        return True
    if rest != said and (len(content) <= 2 or not _ASKS.search(rest)):
        return True
    if _FRAGMENT.match(rest) and len(content) <= 3 and not _ASKS.search(rest):
        return True
    return _refers_in_english(rest, len(content))


def _refers_in_english(said: str, content: int) -> bool:
    """Whether a pronoun stands where nothing before it can be what it means."""
    if _WHICH.search(said) and content <= 2:
        return True
    pronoun = _PRONOUN.search(said)
    if pronoun and content <= 4 and not _EMPTY_IT.search(said):
        before = len(_content(said[: pronoun.start()]))
        if before <= 1 or (before <= 2 and pronoun.end() == len(said)):
            return True
    pointing = _POINTING.search(said)
    return bool(pointing and content <= 5 and not _content(said[: pointing.start()]))


def _content(said: str) -> list[str]:
    return [term for term in content_terms(said) if term not in _GENERAL and not term.isdigit()]


# Chinese

_ZH_LEAD = re.compile(
    r"(那么|那麼|那(?![个些种里边位条])|另外|还有|以及|并且|而且|但是?|可是|不过|然后|接着|所以|或者|and ?)[，, ]*"
)
_ZH_ASKS = re.compile(r"什么|怎么|怎样|如何|为何|多少|多[久长大高远重快]|几|谁|哪|吗|是否|何时|是不是|有没有|能否|可否")
_ZH_PRONOUN = re.compile(
    r"[它她]们?|(?<![其吉])他(?!人)们?|其(?![他它她中实余次间后前])|这|那(?!么)|(?<!应)该(?![怎如不])"
    r"|(?<![因如彼])此(?!外)|上述|前者|后者|刚才"
)
_ZH_FRAGMENT = re.compile(r"(对于?|在|关于|如果是?|按|从) ?")
_ZH_TOO = re.compile(r"也(是|要|需|可|一样|适用|如此|能|会|有|同样|得|算)")
_ZH_GENERAL = re.compile(
    r"具体|详细|说说|说明|解释|原因|举个?例子?|例子|继续|更多|一点|一下|还有|大概|大约|到底|依据|理由|意思|这样|那样"
    r"|为什么|为何|真的|确定|怎么|其他|别的|除此之外|时间|地方|部分|哪|[办做讲说再些个多少几久长大高远重钱对会能得]"
)
_DATE = re.compile(r"(?:1[5-9]|20)\d\d年?|\d+[年月日]|第[零一二三四五六七八九十百两\d]+")
_IS_CJK = re.compile(f"[{CJK}]")


def _follows_in_chinese(said: str) -> bool:
    rest = _ZH_LEAD.sub("", said, count=1) if _ZH_LEAD.match(said) else said
    asks = bool(_ZH_ASKS.search(rest))
    if rest.endswith("呢") and not asks:
        return True
    size = _size(_ZH_GENERAL.sub(" ", rest))
    if size <= 1:
        return True
    if rest != said and (size <= 3 or not asks):
        return True
    if size <= 8 and (_ZH_TOO.search(rest) or (_ZH_FRAGMENT.match(rest) and not asks)):
        return True
    pronoun = _ZH_PRONOUN.search(said)
    if not pronoun:
        return False
    before = _size(said[: pronoun.start()])
    return before == 0 or (before <= 3 and pronoun.end() == len(said))


def _size(said: str) -> int:
    """How much is said, in Chinese characters; another word counts as two, dates and words of asking are left out."""
    found = content_terms(_DATE.sub(" ", said))
    chinese = {char for term in found if _IS_CJK.match(term) for char in term}
    return len(chinese) + 2 * sum(not _IS_CJK.match(term) for term in found)


# Joining

_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_NUMBER = re.compile(r"(?<![\d.第])(?!(?:1[5-9]|20)\d\d(?!\d))\d+(?:\.\d+)?(?!\d)")
_ORDINAL = re.compile(r"第[零一二三四五六七八九十百两\d]+")
_LEAD_IN = re.compile(
    r"^(?:(?:and|but|or|so|then|also|plus|ok|okay|well|now)\b,? ?)?(?:(?:what|how) about\b|same (?:for|with)\b)? ?",
    re.IGNORECASE,
)


def _joined(earlier: str, question: str) -> str:
    """The earlier question, its years and numbers replaced by those of the follow-up, and what else that says."""
    left = _bare(question)
    for kind in (_YEAR, _ORDINAL, _NUMBER):
        brought, known = kind.findall(left), kind.findall(earlier)
        if len(brought) == 1 and len(known) == 1:
            earlier, left = kind.sub(brought[0], earlier), kind.sub(" ", left)
        elif brought:
            earlier = kind.sub(" ", earlier)
    new = any(term not in earlier.casefold() for term in content_terms(left))
    return " ".join(f"{earlier} {left if new else ''}".split())


def _bare(question: str) -> str:
    """A follow-up without the words that only tie it to what was said."""
    rest = _LEAD_IN.sub("", " ".join(question.split()), count=1)
    rest = _ZH_LEAD.sub("", rest, count=1) if _ZH_LEAD.match(rest) else rest
    return rest.rstrip(" ?？!！.。").removesuffix("呢")
