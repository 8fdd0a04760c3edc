"""The command: a run from samples to an adapter, stopped and gone on with, and what people get wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from chat_samples import chat, write
from chatglm_folders import Tiny, make_folder
from safetensors.torch import load_file

from engine.models import chatglm
from training import checkpoints
from training.chatglm import train as command
from training.chatglm.train import main


def words(folder: Path, chats: Path, out: str, *more: str) -> list[str]:
    fixed = (
        f"--base {folder} --chats {chats} --out {folder.parent / out} --batch 2 --rank 4 --rate 0.01 --max-tokens 520"
    )
    return [*fixed.split(), *more]


TWO_IN_A_ROW = ("--max-tokens", "520", "--batch", "2")  # six rows of the twelve samples


def adapter(folder: Path, out: str) -> dict[str, torch.Tensor]:
    return load_file(folder.parent / out / "adapter" / "adapter_model.safetensors")


def log(folder: Path, out: str) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder.parent / out / "log.jsonl").read_text().splitlines()]


def test_a_run_leaves_an_adapter_and_a_log(folder: Path, chats: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = ("--steps", "12", "--log-every", "3", "--dev", str(chats), "--max-tokens", "520")
    assert main(words(folder, chats, "run", *more)) == 0
    lines = [line for line in log(folder, "run") if "loss" in line]
    assert [line["step"] for line in lines] == [3, 6, 9, 12]
    assert lines[-1]["loss"] < lines[0]["loss"]
    assert lines[-1].keys() == {"step", "loss", "rate", "gradient", "tokens", "seconds"}
    assert [line["step"] for line in log(folder, "run") if "dev_loss" in line] == [12]
    assert len(adapter(folder, "run")) == 2 * 2 * 6
    assert "12 samples in" in capsys.readouterr().out
    facts = json.loads((folder.parent / "run" / "adapter" / "training.json").read_text())
    assert (facts["method"], facts["steps"], facts["prompt_version"]) == ("qlora", 12, "1")
    assert str(folder.parent) not in (folder.parent / "run" / "adapter" / "adapter_config.json").read_text()


@pytest.mark.parametrize("method", ["qlora", "prefix"])
def test_a_stopped_run_goes_on_to_the_same_numbers(
    folder: Path, chats: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Bit by bit, though dropout is on, and across the end of an epoch."""
    more = ("--steps", "4", "--save-every", "2", "--method", method, "--dropout", "0.2", *TWO_IN_A_ROW)
    assert main(words(folder, chats, "whole", *more)) == 0

    real, steps = command.mean_gradients, []

    def stopping(*arguments: object) -> object:
        steps.append(1)
        if len(steps) == 4:  # after three steps, of which two are saved
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(command, "mean_gradients", stopping)
    assert main(words(folder, chats, "stopped", *more)) == 130
    monkeypatch.setattr(command, "mean_gradients", real)
    assert not (folder.parent / "stopped" / "adapter").exists()
    assert main(words(folder, chats, "stopped", *more, "--resume")) == 0
    whole, stopped = adapter(folder, "whole"), adapter(folder, "stopped")
    assert whole.keys() == stopped.keys()
    assert all(torch.equal(whole[name], stopped[name]) for name in whole)


def test_the_whole_model_learns_in_pieces(
    folder: Path, chats: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its time is over after one step; gone on with, it has the bits of a run in one piece, and is a ChatGLM3."""
    more = ("--method", "full", "--steps", "2", "--micro", "1", *TWO_IN_A_ROW)
    assert main(words(folder, chats, "whole", *more)) == 0
    monkeypatch.setattr(command, "over", lambda *_: True)
    assert main(words(folder, chats, "parts", *more, "--minutes", "9")) == 0
    assert "Stopped after 1 of 2 steps" in capsys.readouterr().out
    assert not (folder.parent / "parts" / "model").exists()
    assert main(words(folder, chats, "parts", *more, "--minutes", "9", "--resume")) == 0
    base, whole, parts = (
        load_file(path / "model.safetensors")
        for path in (folder, folder.parent / "whole" / "model", folder.parent / "parts" / "model")
    )
    assert all(torch.equal(whole[name], parts[name]) for name in whole)
    assert whole.keys() == base.keys()
    assert not any(torch.equal(whole[name], base[name]) for name in whole if name.endswith("weight"))
    assert chatglm.read(folder.parent / "whole" / "model").prompt_version == "1"


def test_the_whole_model_computes_in_sixteen_bits_and_learns_in_more(folder: Path, chats: Path) -> None:
    """As on a GPU: two parts of a step, each cast anew from what is learnt."""
    more = ("--method", "full", "--steps", "2", "--micro", "1", *TWO_IN_A_ROW)
    for out, dtype in (("exact", "float32"), ("cast", "bfloat16")):
        assert main(words(folder, chats, out, *more, "--dtype", dtype)) == 0
    exact, cast = (log(folder, out)[-1]["loss"] for out in ("exact", "cast"))
    assert exact == pytest.approx(cast, rel=0.02)
    assert exact != cast


def test_the_seed_decides(folder: Path, chats: Path) -> None:
    for out, seed in (("one", "1"), ("same", "1"), ("other", "2")):
        assert main(words(folder, chats, out, "--steps", "1", "--seed", seed)) == 0
    one, same, other = (adapter(folder, out) for out in ("one", "same", "other"))
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not all(torch.equal(one[name], other[name]) for name in one)


def test_rows_at_once_change_no_number_much(folder: Path, chats: Path) -> None:
    for out, micro in (("one", "1"), ("two", "2")):
        assert main(words(folder, chats, out, "--steps", "1", "--batch", "2", "--micro", micro, "--dropout", "0")) == 0
    one, two = adapter(folder, "one"), adapter(folder, "two")
    for name in one:
        torch.testing.assert_close(one[name], two[name], atol=1e-4, rtol=1e-3)


# --- what people get wrong ---------------------------------------------------------------------------------------


def refusal(arguments: list[str], capsys: pytest.CaptureFixture[str], code: int = 2) -> str:
    capsys.readouterr()
    assert main(arguments) == code
    lines = [line for line in capsys.readouterr().err.splitlines() if "Reading" not in line and "Loading" not in line]
    return "\n".join(lines)


def test_folder_that_is_no_chatglm3(folder: Path, chats: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "config.json").write_text('{"architectures": ["GPT2LMHeadModel"]}')
    assert "describes GPT2LMHeadModel" in refusal(words(folder, chats, "run"), capsys, 3)


def test_missing_empty_and_broken_samples(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing, empty, broken = (tmp_path / f"{name}.jsonl" for name in ("missing", "empty", "broken"))
    empty.write_text("")
    broken.write_text(json.dumps(chat(0)) + "\n{'no': json}\n")
    assert "There is no file" in refusal(words(folder, missing, "run"), capsys)
    assert "empty.jsonl is empty." in refusal(words(folder, empty, "run"), capsys)
    assert "broken.jsonl, line 2: " in refusal(words(folder, broken, "run"), capsys)
    assert not (folder.parent / "run").exists()


def test_a_run_is_not_begun_anew_over_another(folder: Path, chats: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words(folder, chats, "run", "--steps", "1")) == 0
    before = adapter(folder, "run")
    assert "add --resume" in refusal(words(folder, chats, "run", "--steps", "2"), capsys)
    assert all(torch.equal(value, before[name]) for name, value in adapter(folder, "run").items())


def test_a_run_is_not_gone_on_with_as_another(
    folder: Path, chats: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(folder, chats, "run", "--steps", "1")) == 0
    again = words(folder, chats, "run", "--steps", "1", "--resume")
    assert "--seed 1, but this run has 2" in refusal([*again, "--seed", "2"], capsys)
    assert "was saved with samples" in refusal(
        words(folder, write(tmp_path / "others.jsonl", [chat(7)]), "run", "--steps", "1", "--resume"), capsys
    )
    wider = make_folder(folder.parent / "wider" / "base", Tiny(hidden=96))
    other = words(wider, chats, "run", "--steps", "1", "--resume")
    other[other.index("--out") + 1] = str(folder.parent / "run")
    assert "was saved with a base of" in refusal(other, capsys)


def test_damaged_checkpoint(folder: Path, chats: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words(folder, chats, "run", "--steps", "1")) == 0
    path = folder.parent / "run" / "checkpoint" / checkpoints.FILE
    path.write_bytes(path.read_bytes()[:1000])
    assert "is damaged" in refusal(words(folder, chats, "run", "--steps", "1", "--resume"), capsys, 3)


def test_full_disk_keeps_what_was_saved_before(
    folder: Path, chats: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second checkpoint does not fit; with room again, the run ends as one that was never stopped."""
    more = ("--steps", "2", "--save-every", "1", "--dropout", "0.1")
    assert main(words(folder, chats, "whole", *more)) == 0
    real, saves = checkpoints._Watched.write, []

    def filling(self: checkpoints._Watched, data: bytes) -> int:
        if len(saves) == 1:
            self.failure = OSError(28, "No space left on device", "state.pt")
            raise self.failure
        return real(self, data)

    def counted(*arguments: object) -> None:
        checkpoints.save(*arguments)  # type: ignore[arg-type]
        saves.append(1)

    monkeypatch.setattr(checkpoints._Watched, "write", filling)
    monkeypatch.setattr(command, "checkpoints", type("Counting", (), {**vars(checkpoints), "save": counted}))
    assert "The disk is full" in refusal(words(folder, chats, "run", *more), capsys, 3)
    monkeypatch.undo()
    assert checkpoints.load(folder.parent / "run" / "checkpoint", saved_settings(folder, "run"))["step"] == 1
    assert main(words(folder, chats, "run", *more, "--resume")) == 0
    whole, run = adapter(folder, "whole"), adapter(folder, "run")
    assert all(torch.equal(whole[name], run[name]) for name in whole)


def saved_settings(folder: Path, out: str) -> dict[str, object]:
    path = folder.parent / out / "checkpoint" / checkpoints.FILE
    settings: dict[str, object] = torch.load(path, weights_only=True)["settings"]
    return settings


def test_eight_bit_optimiser_wants_a_gpu(folder: Path, chats: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = words(folder, chats, "run", "--optimizer", "paged-adamw-8bit", "--device", "cpu")
    assert "needs a GPU" in refusal(arguments, capsys)


def test_loss_that_is_no_number_stops_the_run(folder: Path, chats: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = words(folder, chats, "run", "--steps", "9", "--clip", "1e30")
    arguments[arguments.index("--rate") + 1] = "1e30"
    assert "try again with a lower --rate" in refusal(arguments, capsys)
