import pytest

from engine.answers.following import is_follow_up, understood
from engine.types import Turn

FOLLOW_UPS = [
    "why?",
    "How so?",
    "how long exactly?",
    "And in 2019?",
    "in 2019?",
    "2019?",
    "what about Chinese?",
    "How about contractors who work from abroad?",
    "and who approves them?",
    "And for contractors?",
    "Who wrote it?",
    "What is its capital?",
    "Does that apply to contractors?",
    "Is this policy valid in Germany?",
    "When do they have to be destroyed?",
    "Can you give an example?",
    "Tell me more",
    "which one?",
    "Is it the same for laptops?",
    "为什么？",
    "它多大？",
    "那2019年呢？",
    "2019年呢",
    "中文呢？",
    "那备份呢？",
    "谁批准它？",
    "还有呢？",
    "具体是多久？",
    "举个例子",
    "这条规定适用于承包商吗？",
    "他是哪一年出生的？",
    "承包商也一样吗？",
    "那谁批准？",
    "该公司成立于哪年？",
]

FULL = [
    "How long are audit logs retained?",
    "How long does it take to restore a backup?",
    "Is it allowed to take a laptop home?",
    "What time is it when the backup begins?",
    "When did Einstein publish his theory of relativity?",
    "What does the policy say about laptops and who owns them?",
    "Which department is responsible for the archive that was founded in 1874?",
    "So how long are audit logs retained?",
    "What if an employee loses a laptop?",
    "In which year was the archive founded?",
    "For how many years are the audit logs kept?",
    "Is a yard the same as a meter?",
    "audit logs",
    "What happened in 2019 at the archive?",
    "审计日志要保留多久？",
    "为什么审计日志要保留七年呢？",
    "爱因斯坦什么时候发表他的相对论？",
    "其他部门如何备份？",
    "硬盘报废前应该怎样处理？",
    "那么审计日志由谁批准销毁？",
    "在2019年公司的营收是多少？",
    "ACCA是什么？",
    "电脑坏了该怎么办？",
    "",
    "   ",
]


@pytest.mark.parametrize("question", FOLLOW_UPS)
def test_a_follow_up_is_known(question: str):
    assert is_follow_up(question)


@pytest.mark.parametrize("question", FULL)
def test_a_full_question_stands_alone(question: str):
    assert not is_follow_up(question)
    assert understood(question, [Turn("When was the archive founded?", "In 1874 [1].")]).searched == question


def searched(*questions: str) -> str:
    *earlier, last = questions
    return understood(last, [Turn(question, "…") for question in earlier]).searched


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        (["What was the revenue in 2018?", "and in 2019?"], "What was the revenue in 2019?"),
        (["2018年的营收是多少？", "那2019年呢？"], "2019年的营收是多少？"),
        (["第三章讲了什么？", "第四章呢？"], "第四章讲了什么？"),
        (
            ["What does section 3 of the 2018 report say?", "And section 4?"],
            "What does section 4 of the 2018 report say?",
        ),
        (["How long are audit logs retained?", "What about backups?"], "How long are audit logs retained? backups"),
        (["审计日志要保留多久？", "那备份呢？"], "审计日志要保留多久？ 备份"),
        (["Who founded the archive?", "why?"], "Who founded the archive?"),
    ],
)
def test_what_is_left_unsaid_comes_from_the_question_before(questions: list[str], expected: str):
    assert searched(*questions) == expected


def test_a_new_topic_ends_the_old_one():
    assert searched("Who founded the archive?", "How long are audit logs retained?", "why?") == (
        "How long are audit logs retained?"
    )


def test_of_several_follow_ups_the_last_is_kept():
    last = searched("How long are audit logs retained?", "what about backups?", "and laptops?", "why?")
    assert last == "How long are audit logs retained? laptops"


def test_what_a_follow_up_brings_is_told_apart():
    history = [Turn("How long are audit logs retained?", "Seven years [1].")]
    assert understood("What about backups?", history).own == ("backups",)
    assert understood("为什么？", history).own == ()


def test_without_a_conversation_nothing_is_joined():
    assert understood("why?", []).searched == "why?"
    assert not understood("why?", []).follows
