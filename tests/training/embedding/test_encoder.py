"""An encoder gives what sentence-transformers gives, whatever texts stand beside one."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside these packages, at their import
    torch = pytest.importorskip("torch", reason="torch comes with the training extra")
    pytest.importorskip("sentence_transformers", reason="it comes with the training extra")
    from sentence_transformers import SentenceTransformer

    from tests.small_encoders import write_bert
    from training.embedding.encoder import Encoder, embed
    from training.embedding.folders import Card, pooling_of, save_folder
from training.errors import TrainingError

TEXTS = ["the river of katan", "is?", "what was made in the old city and the big river of the year", "zzz 9"]


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bert(tmp_path_factory.mktemp("model") / "bert")


@pytest.mark.parametrize("pooling", ["cls", "mean"])
def test_saved_folder_opens_in_sentence_transformers_with_the_same_vectors(
    bert: Path, tmp_path: Path, pooling: str
) -> None:
    encoder = Encoder.open(str(bert), pooling).eval()
    save_folder(
        tmp_path / "out", encoder.model, encoder.tokenizer, Card(encoder.pooling, 64, {"query_en": "q: "}), bert
    )
    theirs = SentenceTransformer(str(tmp_path / "out"), device="cpu")
    with torch.no_grad():
        ours = embed(encoder, encoder.tokenise(TEXTS, 64), 2)
    torch.testing.assert_close(ours, torch.tensor(theirs.encode(TEXTS)), atol=1e-6, rtol=0)
    assert theirs.prompts["query_en"] == "q: "
    assert Encoder.open(str(tmp_path / "out")).pooling == pooling  # read from the folder


def test_vectors_do_not_depend_on_the_group(bert: Path) -> None:
    encoder = Encoder.open(str(bert), "mean").eval()
    ids = encoder.tokenise(TEXTS, 64)
    with torch.no_grad():
        alone = torch.cat([encoder([each]) for each in ids])
        for size in (1, 2, 3, 4):
            torch.testing.assert_close(embed(encoder, ids, size), alone, atol=1e-6, rtol=0)


def test_long_text_is_cut_before_its_last_special_token(bert: Path) -> None:
    encoder = Encoder.open(str(bert))
    whole, short = encoder.tokenise(TEXTS[2:3], 64)[0], encoder.tokenise(TEXTS[2:3], 5)[0]
    assert short == [*whole[:4], whole[-1]]


def test_vocabulary_file_alone_gives_the_same_tokens(bert: Path, tmp_path: Path) -> None:
    alone = write_bert(tmp_path / "alone")
    (alone / "tokenizer.json").unlink()
    chinese = [*TEXTS, "为这个句子生成表示"]
    assert Encoder.open(str(alone)).tokenise(chinese, 64) == Encoder.open(str(bert)).tokenise(chinese, 64)
    assert len(Encoder.open(str(alone)).tokenise(["为这个句子"], 64)[0]) == 7  # a token for each character


def test_cls_is_the_pooling_of_a_plain_bert(bert: Path) -> None:
    assert Encoder.open(str(bert)).pooling == "cls"


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("1_Pooling/config.json", {"pooling_mode_max_tokens": True}, "neither CLS nor mean"),
        ("1_Pooling/config.json", {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True}, "neither CLS"),
        ("modules.json", [{"type": "sentence_transformers.models.Dense"}], "models.Dense"),
    ],
)
def test_other_poolings_are_refused(tmp_path: Path, name: str, value: object, why: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(json.dumps(value), "utf-8")
    with pytest.raises(TrainingError, match=why):
        pooling_of(tmp_path)


def test_folders_without_a_model_are_refused(bert: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"no model folder: it holds no config\.json"):
        Encoder.open(str(tmp_path))
    broken = write_bert(tmp_path / "broken")
    (broken / "model.safetensors").write_bytes(b"12345678901234567890")
    with pytest.raises(TrainingError, match="cannot be opened as a model"):
        Encoder.open(str(broken))
    write_bert(broken, words=("more", "words"))
    (broken / "config.json").write_text((bert / "config.json").read_text("utf-8"), "utf-8")
    with pytest.raises(TrainingError, match=r"cannot be opened as a model|does not fit together"):
        Encoder.open(str(broken))
