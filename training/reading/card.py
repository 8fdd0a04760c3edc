"""The model card of a reader: what it is, what it learnt from, how good it is, what it cannot do."""

from __future__ import annotations

from typing import Any

from engine.models.manifest import Manifest

CARD = "README.md"


def written(manifest: Manifest, report: dict[str, Any]) -> str:
    """Markdown. `report`: what `training.data.prepare` left in report.json, {} where it is not at hand."""
    train = report.get("splits", {}).get("train", {})
    assert manifest.reading  # a reader's manifest has it
    lines = [
        f"# {manifest.name}",
        "",
        "A cross-encoder for Inkstone: question and passage in; how likely the passage answers, and with which words, "
        f"out. {manifest.precision}, rows of at most {manifest.max_tokens} tokens, {', '.join(manifest.languages)}.",
        "",
        "## Recipe",
        "",
        f"Begun from {manifest.base_model}; three numbers for every token (start, end, relevance). Cross entropy of "
        "the answer's first and last token in passages that hold it, binary cross entropy of the relevance over right "
        "passages and hard wrong ones. `training/runs/reader_small.sh` makes it again.",
        "",
        f"Confidence is 1 / (1 + exp(-({manifest.reading.scale:g} · relevance + {manifest.reading.shift:g}))), fitted "
        f"on held-out questions; nothing answers below {manifest.reading.bound:g}. In the ranking it counts "
        f"{manifest.reading.weight:g}, the search the rest.",
        "",
        "## Data and licences",
        "",
    ]
    lines += [f"- {name}: {count} questions" for name, count in train.get("sources", {}).items()] or ["Not recorded."]
    lines += [f"- licence {name}: {count} questions" for name, count in train.get("licences", {}).items()]
    lines += ["", f"Weights: {manifest.licence}, with the attribution that the data's licences ask for.", ""]
    lines += ["## Scores", ""]
    lines += [f"- {name}: {value:g}" for name, value in manifest.scores.items()] or ["None recorded."]
    lines += [
        "",
        "## Limits",
        "",
        "- It answers with words of one passage; what has to be put together from several, counted or reckoned, it "
        "cannot answer, nor yes and no.",
        "- Its confidence was fitted on encyclopaedias and reviews; on other texts it may be too sure or too careful.",
        "- It reads what the search has found, and no more.",
        "",
    ]
    return "\n".join(lines)
