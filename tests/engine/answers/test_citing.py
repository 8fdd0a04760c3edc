import pytest
from papers import CHINESE, POLICY, Library, passage

from engine.answers.citing import Citer, needs_support
from engine.types import UNSUPPORTED, Citation

QUESTION = "How long are audit logs and backups kept?"


@pytest.fixture
def citer(library: Library) -> Citer:
    """Passage 1 is about logs and backups, passage 2 is Chinese, the others are about gardens."""
    library.put("visits.pdf", passage(("Ada Lovelace visited the archive in Turin in 1842.",), page=7))
    hits = [
        library.retriever.find(text, 1)[0]
        for text in (POLICY[1], CHINESE[1], "Chapter 3 gardens", "Ada Lovelace Turin")
    ]
    return Citer(library.support(QUESTION, hits))


def written(citer: Citer, *texts: str, cut: bool = False) -> str:
    pieces = [piece for text in texts for piece in citer.feed(text)]
    pieces += citer.finish(cut=cut)
    for piece in pieces:
        if piece.citation:
            assert piece.text == f" [{piece.citation.number}]"
    return "".join(piece.text for piece in pieces)


def quotes(citer: Citer) -> list[str]:
    return [citation.quote for citation in citer.citations]


def test_each_sentence_gets_its_passage(citer: Citer):
    text = written(citer, "Audit logs are retained for seven years. Backups are destroyed after ninety days.")
    assert text == "Audit logs are retained for seven years. [1] Backups are destroyed after ninety days. [2]"
    assert quotes(citer) == [POLICY[1], POLICY[2]]
    first: Citation = citer.citations[0]
    assert (first.number, first.page, first.boxes[0].y0) == (1, 4, 112)


@pytest.mark.parametrize(
    "said",
    [
        "Audit logs are retained for seven years [1].",
        "Audit logs are retained for seven years.[1]",
        "Audit logs are retained for seven years. [1]",
        "Audit logs are retained for seven years [2].",  # the wrong one
        "Audit logs are retained for seven years [9].",  # one that there is not
        "Audit logs are retained for 7 years.",
        "- **Audit logs** are retained for seven years",
        "The audit log is retained for seven years.",
        "1、Audit logs are retained for seven years.",
        "(2) Audit logs are retained for seven years.",
        "① Audit logs are retained for seven years.",
        "According to passage 3, audit logs are retained for seven years.",
        "Audit logs are retained for seven years (passage 2).",
    ],
)
def test_marks_are_checked_and_made_good(citer: Citer, said: str):
    text = written(citer, said)
    assert text.count("[") == 1
    assert text.endswith(" [1]")
    assert quotes(citer) == [POLICY[1]]


@pytest.mark.parametrize(
    "said",
    [
        "Audit logs are retained for nine years [1].",
        "Audit logs are retained for 9 years [1].",
        "Audit logs are retained by Napoleon for seven years [1].",
        "Audit logs are retained for ninety years [1].",
        "Backups are kept for seven days [1].",
        "Paint dries faster on warm walls [1].",
        "审计日志的保留期限为九年[2]。",
        "审计日志由财务部长亲自保管[2]。",
        "The archive in Turin was visited in 1843.",
    ],
)
def test_what_no_passage_supports_is_shown_as_such(citer: Citer, said: str):
    assert written(citer, said).endswith(UNSUPPORTED)
    assert not citer.citations
    assert not citer.has_support


def test_chinese_sentences_are_cited(citer: Citer):
    text = written(citer, "审计日志的保留期限为七年[2]。备份策略每季度复核。")
    assert text == "审计日志的保留期限为七年。 [1]备份策略每季度复核。 [2]"
    assert quotes(citer) == [CHINESE[1], CHINESE[2]]


def test_the_same_words_have_the_same_number(citer: Citer):
    text = written(citer, "Audit logs are retained for seven years. 备份策略每季度复核。 Audit logs: seven years.")
    assert text == "Audit logs are retained for seven years. [1] 备份策略每季度复核。 [2] Audit logs: seven years. [1]"
    assert len(citer.citations) == 2


def test_what_claims_nothing_needs_no_support(citer: Citer):
    text = written(citer, "# Retention\n\nThe rules are:\n\n1. Audit logs are retained for seven years.\n")
    assert text == "# Retention\n\nThe rules are:\n\n1. Audit logs are retained for seven years. [1]"


@pytest.mark.parametrize(
    "said", ["Yes.", "是的。", "## Rules", "**Rules**", "以下是要点：", "In summary,", "---", "好的，", ""]
)
def test_short_words_between_need_no_support(said: str):
    assert not needs_support(said)


@pytest.mark.parametrize("said", ["It is forbidden.", "Logs are kept for 9 years:", "保留九年：", "- Seven years"])
def test_a_claim_needs_support(said: str):
    assert needs_support(said)


def test_code_stays_whole_and_its_mark_follows_it(citer: Citer):
    text = written(citer, "```\naudit_logs[:] = retained\n# seven years\n```\nAudit logs are retained for seven years.")
    assert text == (
        "```\naudit_logs[:] = retained\n# seven years\n```\n\n [1]\nAudit logs are retained for seven years. [1]"
    )


def test_a_table_stays_whole_and_its_mark_follows_it(citer: Citer):
    table = "| what | how long |\n|---|---|\n| audit logs | seven years |\n| backups | ninety days |"
    assert written(citer, table + "\n\nBackups are kept for ninety days.") == (
        table + "\n\n [1]\n\nBackups are kept for ninety days. [2]"
    )


def test_a_written_text_makes_no_links_pictures_or_tags(citer: Citer):
    text = written(citer, "See ![x](file:///etc/passwd) and [me](http://x) <b>now</b> in `a[0]`.")
    assert text.startswith(r"See !\[x\](file:///etc/passwd) and \[me\](http://x) \<b>now\</b> in `a[0]`.")


def test_text_is_told_as_it_comes(citer: Citer):
    told = ["".join(piece.text for piece in citer.feed(text)) for text in ("Audit logs are", " retained for", " seven")]
    assert told == ["Audit logs are", " retained for", " seven"]


def test_the_end_of_a_cut_answer_is_not_called_unsupported(citer: Citer):
    assert written(citer, "Audit logs are retained for seven years. They", cut=True) == (
        "Audit logs are retained for seven years. [1] They"
    )


ANSWER = (
    "Audit logs are retained for seven years [1][2]. Dr. Who keeps 3.5 of them!\n\n- 备份策略每季度复核[2]。"
    "然后“归档”。\n- Backups `a[1]` for ninety days【1】\n\n```\nx[1]\n```\n\n"
    "Ada Lovelace visited Turin in 1842 [4, 9]. Yes."
)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 11])
def test_pieces_of_any_size_give_the_same_answer(citer: Citer, library: Library, size: int):
    whole = Citer(citer._support)
    expected = written(whole, ANSWER)
    assert written(citer, *(ANSWER[at : at + size] for at in range(0, len(ANSWER), size))) == expected
    assert citer.citations == whole.citations
    assert "Ada Lovelace visited Turin in 1842." in expected


def test_declining_after_an_answer_needs_no_support(citer: Citer):
    text = written(citer, "Audit logs are retained for seven years. The passages do not answer this.")
    assert text == "Audit logs are retained for seven years. [1] The passages do not answer this."
