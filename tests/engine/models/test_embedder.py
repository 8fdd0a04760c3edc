"""Vectors by the shipped model, and by a tiny one whose right answers can be worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from refusing import reason

from engine.config import SHIPPED_MODELS
from engine.errors import BrokenInstallation, Code
from engine.hashing import sha256_of
from engine.models.embedder import Embedder
from engine.models.manifest import Calibration, Manifest, ModelFile

SHIPPED = SHIPPED_MODELS / "inkstone-embed-small"


@pytest.fixture(scope="module")
def small() -> Embedder:
    return Embedder.open(SHIPPED, threads=2)


def refusal(folder: Path) -> str:
    with pytest.raises(BrokenInstallation) as caught:
        Embedder.open(folder, threads=1)
    assert caught.value.code == Code.BAD_MODEL
    return reason(caught.value)


# ---- the shipped model


def test_shipped_model_says_what_it_is(small):
    manifest = Manifest.load(SHIPPED)
    assert (small.id, small.name, small.dimension) == (manifest.id, "inkstone-embed-small", 384)
    assert small.languages == ("zh", "en")


def test_vectors_have_unit_length(small):
    texts = ["", " ", "a", "What is backpropagation?", "什么是反向传播？", "😀", "\0", "word " * 600]
    vectors = small.embed_passages(texts)
    assert vectors.shape == (len(texts), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-6)


def test_no_texts_give_no_vectors(small):
    assert small.embed_passages([]).shape == (0, 384)


def test_vector_does_not_depend_on_its_neighbours(small):
    texts = ["Water boils at 100 °C.", "x", "The treaty was signed in 1648. " * 30]
    together = small.embed_passages(texts)
    alone = np.concatenate([small.embed_passages([text]) for text in reversed(texts)])[::-1]
    assert np.array_equal(together, alone)


def test_question_is_nearest_to_the_passage_that_answers_it(small):
    passages = small.embed_passages(
        [
            "Remove the four screws at the back, lift the cover, and take out the filter.",
            "The board proposes a dividend of 0.35 per share, to be paid on 14 May.",
            "Glaciers form where more snow falls in winter than melts in summer.",
        ]
    )
    questions = ["how do I clean the filter?", "when do shareholders get their money?", "where does ice build up?"]
    assert [int(np.argmax(passages @ small.embed_query(question))) for question in questions] == [0, 1, 2]


def test_english_is_known(small):
    assert small.known_share("Which brotherhoods does the Armenian Church have in 2010?") == 1.0
    assert small.known_share("café Zürich") == 1.0


def test_chinese_question_is_nearest_to_the_passage_that_answers_it(small):
    passages = small.embed_passages(
        [
            "拧下背面的四颗螺丝，取下盖板，即可拿出滤网。",
            "董事会建议每股派息0.35元，于5月14日支付。",
            "冬天的降雪多于夏天的融雪，便会形成冰川。",
        ]
    )
    questions = ["怎样清洗过滤器？", "股东什么时候能分到钱？", "哪里的冰会越积越厚？"]
    assert [int(np.argmax(passages @ small.embed_query(question))) for question in questions] == [0, 1, 2]


def test_both_scripts_of_chinese_are_one(small):
    assert np.array_equal(small.embed_query("機器學習的應用"), small.embed_query("机器学习的应用"))


def test_chinese_is_known(small):
    assert small.known_share("锂电池的隔膜应当如何检验？") == 1.0
    assert small.known_share("鋰電池的隔膜應當如何檢驗？") == 1.0


def test_known_share_counts_characters(small):
    # 𠮷 is not in the vocabulary; the ten letters are, and what is no letter doesn't count
    assert small.known_share("engineered — 𠮷!") == pytest.approx(10 / 11)


@pytest.mark.parametrize("text", ["", "  ", "?!", "😀"])
def test_nothing_is_known_of_a_text_without_letters(small, text):
    assert small.known_share(text) == 0.0


# ---- a tiny model


def test_mean_pooling_averages_the_tokens(make_model):
    vector = Embedder.open(make_model(), threads=1).embed_query("red red")
    # [CLS] red red [SEP]: places 2, 4, 4, 3 of the vocabulary
    np.testing.assert_allclose(vector, np.array([0, 0, 1, 1, 2, 0, 0, 0, 0]) / np.sqrt(6), atol=1e-6)


def test_cls_pooling_takes_the_first_token(make_model):
    vector = Embedder.open(make_model(pooling="cls"), threads=1).embed_query("red")
    np.testing.assert_array_equal(vector, np.eye(9)[2])


def test_prefixes_go_before_queries_and_passages(make_model):
    plain = Embedder.open(make_model(), threads=1)
    prefixed = Embedder.open(make_model("prefixed", query_prefix="query: ", passage_prefix="blue "), threads=1)
    np.testing.assert_array_equal(prefixed.embed_query("red"), plain.embed_query("query: red"))
    np.testing.assert_array_equal(prefixed.embed_passages(["red"]), plain.embed_passages(["blue red"]))


def test_long_text_is_read_in_windows(make_model):
    embedder = Embedder.open(make_model(pooling="mean"), threads=1)  # 8 tokens: 6 between the special ones
    red, blue = embedder.embed_passages(["red " * 4, "blue " * 4])
    both = embedder.embed_query("red " * 4 + "blue " * 4)
    np.testing.assert_allclose(both, (red + blue) / np.linalg.norm(red + blue), atol=1e-6)


def test_text_beyond_four_windows_is_left_out(make_model):
    embedder = Embedder.open(make_model(), threads=1)
    np.testing.assert_array_equal(embedder.embed_query("red " * 24 + "blue"), embedder.embed_query("red " * 24))
    assert not np.array_equal(embedder.embed_query("red " * 23 + "blue"), embedder.embed_query("red " * 24))


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0])
def test_vector_without_a_length_is_an_error(make_model, value):
    embedder = Embedder.open(make_model(table=np.full((9, 3), value, np.float32)), threads=1)
    with pytest.raises(BrokenInstallation) as caught:
        embedder.embed_passages(["red"])
    assert "without a length" in reason(caught.value)


def test_wrong_dimension_is_an_error(make_model):
    embedder = Embedder.open(make_model(dimension=5), threads=1)
    with pytest.raises(BrokenInstallation) as caught:
        embedder.embed_query("red")
    assert reason(caught.value) == "it gives (3, 9) where (3, 5) is right"


def test_folder_that_does_not_verify_is_not_opened(make_model):
    folder = make_model()
    (folder / "tokenizer.json").write_text("{}", "utf-8")
    assert refusal(folder).startswith("tokenizer.json has sha256 ")


def test_another_kind_of_model_is_not_opened(make_model):
    assert refusal(make_model(kind="reader", reading=Calibration())) == "it is of the kind 'reader', not 'embedder'"


def test_unlisted_tokenizer_is_refused(make_model):
    folder = make_model()
    weights = ModelFile("model.onnx", sha256_of(folder / "model.onnx"))
    Manifest("tiny", "embedder", (weights,), max_tokens=8, dimension=9, pooling="mean").save(folder)
    assert refusal(folder) == "model.json does not list tokenizer.json"


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_file_that_its_library_refuses_is_told(make_model, name):
    folder = make_model()
    (folder / name).write_text("{}", "utf-8")
    files = tuple(ModelFile(file, sha256_of(folder / file)) for file in ("model.onnx", "tokenizer.json"))
    Manifest("tiny", "embedder", files, max_tokens=8, dimension=9, pooling="mean").save(folder)
    assert refusal(folder).startswith(f'{name} cannot be used: "')
