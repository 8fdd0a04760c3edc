from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sentencepiece
from refusing import reason
from sentencepiece_models import IDENTITY, trained, written

from engine.errors import BrokenInstallation, Code
from engine.models.manifest import Chat
from engine.models.sentencepieces import tokenizer_json
from engine.models.tokens import FILE_NAME, Tokens
from tests.benchmarks.tokenizing import SPECIAL, compare, documents, made_up, sources_of_python
from training.parity_texts import PARAGRAPHS

DATA = Path(__file__).parents[3].parent / "shared" / "data"
CHATGLM3 = DATA / "vocab" / "chatglm3-6b" / "tokenizer.model"
needs_data = pytest.mark.skipif(not CHATGLM3.is_file(), reason="no shared data beside the repository")

ODD = (
    "",
    " ",
    "  ",
    "\n",
    "\0",
    "a\0b",
    " a",
    "a ",
    "a  b   c",
    "\u2581",
    " \u2581 a\u2581\u2581b ",
    "\t\r\n\x0b\x0c\x85\xa0\u3000\u200b\ufeff",
    "a" * 3000,
    " " * 3000,
    "e\u0301\u0300 \u1100\u1161 \u0e01\u0e47\u0e47",
    "👨\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 🇨🇳",
    "\ue000\U000f0000\U0010fffd\U000e0001\ufffe\ufffd",
    "中文，没有空格。Mixed 混合 text",
    *SPECIAL,
    "".join(SPECIAL),
)

Oracle = sentencepiece.SentencePieceProcessor
Opened = tuple[Tokens, Oracle]


def chat(special: dict[str, int] | None = None) -> Chat:
    return Chat(special_ids=special or {}, end_ids=(2,), cache_values=0, weight_bytes=0)


def opened(folder: Path, model: bytes, special: dict[str, int] | None = None) -> Opened:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_text(tokenizer_json(model), "utf-8")
    return Tokens.open(folder, chat(special)), Oracle(model_proto=model)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """A model trained on the spot, and its oracle."""
    return opened(tmp_path_factory.mktemp("small"), trained(PARAGRAPHS, 800))


@pytest.fixture(scope="module")
def chatglm3(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return opened(tmp_path_factory.mktemp("chatglm3"), CHATGLM3.read_bytes(), {"[gMASK]": 64790, "<|user|>": 64795})


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_have_sentencepieces_ids(small: Opened, text: str) -> None:
    ours, theirs = small
    assert ours.encode(text) == theirs.encode(text)
    assert ours.decode(ours.encode(text)) == theirs.decode(theirs.encode(text))


def test_texts_and_noise_have_sentencepieces_ids(small: Opened) -> None:
    ours, theirs = small
    noise = made_up(random.Random(5), [theirs.id_to_piece(id) for id in range(len(theirs))])
    assert_equal(itertools.chain(PARAGRAPHS, itertools.islice(noise, 200)), ours, theirs)


@needs_data
@pytest.mark.parametrize("kind", ["text", "code", "made up"])
def test_chatglm3_has_sentencepieces_ids(chatglm3: Opened, kind: str) -> None:
    ours, theirs = chatglm3
    texts: dict[str, Callable[[], Iterator[str]]] = {
        "text": lambda: documents([DATA / "text"]),
        "code": sources_of_python,
        "made up": lambda: made_up(random.Random(7), [theirs.id_to_piece(id) for id in range(len(theirs))]),
    }
    assert_equal(texts[kind](), ours, theirs, size_bytes=700_000)


def assert_equal(texts: Iterator[str], ours: Tokens, theirs: Oracle, size_bytes: float = float("inf")) -> None:
    tally = compare(texts, size_bytes, ours, theirs)
    assert tally.texts > 0
    assert (tally.different_ids, tally.different_texts) == (0, 0)


@pytest.mark.parametrize("name", SPECIAL)
def test_text_never_becomes_a_special_token(small: Opened, name: str) -> None:
    ours, theirs = small
    for text in (name, f" {name}", f"a{name}b", name * 3):
        ids = ours.encode(text)
        assert not any(theirs.is_control(id) or theirs.is_unknown(id) for id in ids)
        assert ours.decode(ids) == text.replace("\u2581", " ")


def test_lone_surrogate_counts_as_a_replacement_character(small: Opened) -> None:
    ours, _ = small
    assert ours.encode("a\ud800b\udfff") == ours.encode("a\ufffdb\ufffd")
    assert ours.encode("\ud83d\ude00") == ours.encode("😀")


def test_ids_without_text_decode_to_nothing(small: Opened) -> None:
    ours, _ = small
    hello = ours.encode("hello 中")
    assert ours.decode([1, *hello, 2, 10**9, -1]) == "hello 中"
    assert ours.decode([]) == ""


def test_any_ids_decode_as_in_sentencepiece(small: Opened) -> None:
    ours, theirs = small
    dice = random.Random(11)
    few = [0, 1, 2, theirs.piece_to_id("\u2581"), theirs.piece_to_id("\u2581the"), *dice.sample(range(3, 259), 5)]
    starts_of_characters = [theirs.piece_to_id(f"<0x{byte:02X}>") for byte in b"\xe4\xb8\xad\xf0\x9f\x98\x80\xc3\xa9a"]
    for choice in (few, range(259), starts_of_characters, range(len(theirs))):
        for _ in range(400):
            ids = dice.choices(choice, k=dice.randrange(9))
            assert ours.decode(ids) == theirs.decode(ids), ids
            assert streamed(ours, ids) == theirs.decode(ids), ids


@pytest.mark.parametrize("text", [*ODD, *PARAGRAPHS[:4], "中😀é\u200d한" * 5])
def test_stream_yields_whole_characters_only(small: Opened, text: str) -> None:
    ours, _ = small
    stream, ids = ours.stream(), ours.encode(text)
    said = [stream.text(id) for id in ids]
    assert stream.rest() == ""
    assert "".join(said) == ours.decode(ids)
    assert "\ufffd" in text or not any("\ufffd" in part for part in said)


@pytest.mark.parametrize("character", ["é", "中", "😀", "\U0010fffd", "\0"])
def test_stream_waits_for_every_byte_of_a_character(small: Opened, character: str) -> None:
    ours, theirs = small
    stream = ours.stream()
    *first, last = [theirs.piece_to_id(f"<0x{byte:02X}>") for byte in character.encode()]
    assert [stream.text(id) for id in first] == [""] * len(first)
    assert stream.text(last) == character


def test_stream_says_at_the_end_what_never_became_whole(small: Opened) -> None:
    ours, theirs = small
    half = [theirs.piece_to_id(f"<0x{byte:02X}>") for byte in "中".encode()[:2]]
    stream = ours.stream()
    assert [stream.text(id) for id in half] == ["", ""]
    assert stream.rest() == theirs.decode(half) == "\ufffd\ufffd"
    assert stream.rest() == ""


def test_model_without_prefix_keeps_a_leading_blank(tmp_path: Path) -> None:
    ours, theirs = opened(tmp_path, written([("\u2581", -1.0), ("a", -2.0)], normalizer=IDENTITY | {3: 0}))
    ids = ours.encode(" a")
    assert ids == theirs.encode(" a")
    assert ours.decode(ids) == theirs.decode(ids) == " a"


def test_several_threads_may_share_one(small: Opened) -> None:
    ours, theirs = small
    texts = [*PARAGRAPHS, *ODD] * 5
    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(ours.encode, texts)] == [theirs.encode(text) for text in texts]


def streamed(tokens: Tokens, ids: list[int]) -> str:
    stream = tokens.stream()
    return "".join([stream.text(id) for id in ids]) + stream.rest()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda values: values.clear(), "is none that converting makes"),
        (lambda values: values.update(normalizer=None), "is none that converting makes"),
        (lambda values: values["model"].update(merges=["a b"]), FILE_NAME),
        (lambda values: values["model"]["vocab"].update(a=10**6), "is none that converting makes"),
        (lambda values: values["model"].update(type="Nonsense"), ""),
        (lambda values: values.update(added_tokens=[added("<|user|>", 300)]), "does more than converting makes it do"),
        (
            lambda values: values.update(truncation=dict(TRUNCATION)),
            "does more than converting makes it do",
        ),
    ],
)
def test_refuses_a_file_that_converting_did_not_make(
    tmp_path: Path, change: Callable[[dict[str, object]], None], why: str
) -> None:
    values = json.loads(tokenizer_json(written([("\u2581", -1.0), ("a", -2.0), ("b", -2.0), ("ab", -3.0)])))
    change(values)
    (tmp_path / FILE_NAME).write_text(json.dumps(values), "utf-8")
    assert why in refusal(tmp_path, {})


TRUNCATION = {"direction": "Right", "max_length": 8, "strategy": "LongestFirst", "stride": 0}


def added(text: str, id: int) -> dict[str, object]:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": id, "content": text, "special": True, **flags}


def test_refuses_no_file_and_a_special_id_that_is_text(tmp_path: Path) -> None:
    assert "there is no tokenizer.json" in refusal(tmp_path, {})
    (tmp_path / FILE_NAME).write_bytes(b"\xff")
    assert FILE_NAME in refusal(tmp_path, {})
    opened(tmp_path, written([("\u2581", -1.0)]), {"sop": 1, "[gMASK]": 300})
    assert "259, which is sop" in refusal(tmp_path, {"sop": 259})


def refusal(folder: Path, special: dict[str, int]) -> str:
    with pytest.raises(BrokenInstallation) as raised:
        Tokens.open(folder, chat(special))
    assert raised.value.code is Code.BAD_MODEL
    return reason(raised.value)
