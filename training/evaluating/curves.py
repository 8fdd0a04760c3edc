"""One picture of a run's curves: loss, learning rate and, where they were measured, the scores on dev data.

    python -m training.evaluating.curves RUN

reads RUN/log.jsonl and writes RUN/curves.png. A line of the log is {"step", "loss", "rate", …} while training, and
{"step", "dev_…": score, …} where scores were taken; what a line lacks is not drawn.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # draws into files; before pyplot, which would look for a screen

from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from training.errors import TrainingError, ended_by

Points = list[tuple[int, float]]  # a step, and a value
Curves = dict[str, Points]  # by the log's own names

INK, MUTED, GRID = "#24292f", "#6e7781", "#e9ebee"
COLOURS = ("#2f6fb3", "#c2571a", "#3b8f5a", "#8a4fa3", "#a3822a", "#b3405c")
LOSSES = {"loss": "training", "dev_loss": "dev data"}  # the log's name, and ours where there are both
PIXELS_PER_INCH = 200  # twice what a screen shows
SMOOTH = 0.06  # of the curve: how much of it the average that lies over the loss takes together
STYLE = {
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": GRID,
    "axes.labelcolor": MUTED,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.xmargin": 0.015,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
}


# ---- arguments


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, metavar="RUN", help="the run's folder")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)
    return ended_by(lambda: run(arguments.run))


def run(folder: Path) -> int:
    curves = read(folder / "log.jsonl")
    figure = drawn(curves, folder.resolve().name)
    figure.savefig(folder / "curves.png", dpi=PIXELS_PER_INCH)
    pyplot.close(figure)
    print(folder / "curves.png")
    return 0


# ---- reading


def read(path: Path) -> Curves:
    """Every number of the log over its step. Of a step that was logged twice, after a resume, the later counts.

    Raises TrainingError: no such file, a broken line, no loss and no score in it.
    """
    found: dict[str, dict[int, float]] = {}
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.endswith("\n"):
                break  # a run that was killed, or goes on, has not finished it
            step, figures = parsed(line, f"{path}, line {number}")
            for name, value in figures.items():
                found.setdefault(name, {})[step] = value
    curves = {name: sorted(points.items()) for name, points in found.items()}
    if not any(is_loss(name) or is_score(name) for name in curves):
        raise TrainingError(f"{path} holds no loss and no score yet: there is nothing to draw.")
    return curves


def parsed(line: str, place: str) -> tuple[int, dict[str, float]]:
    """A step and its figures. Raises TrainingError."""
    try:
        row = json.loads(line)
        step = int(row.pop("step"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TrainingError(f"{place}: it is no line of a training log.") from error
    return step, {name: float(value) for name, value in row.items() if isinstance(value, int | float)}


def is_loss(name: str) -> bool:
    return name in LOSSES


def is_score(name: str) -> bool:
    return name.startswith("dev_") and not is_loss(name)


# ---- drawing


def drawn(curves: Curves, title: str) -> Figure:
    """A panel below the other for each of loss, learning rate and scores that the log has."""
    losses = {LOSSES[name]: curves[name] for name in LOSSES if name in curves}
    scores = {name.removeprefix("dev_"): points for name, points in curves.items() if is_score(name)}
    rates = {name: points for name, points in curves.items() if name == "rate"}
    panels = [(draw, each) for draw, each in ((draw_losses, losses), (draw_rate, rates), (draw_scores, scores)) if each]
    heights = [1.0 if draw is draw_rate else 2.0 for draw, _ in panels]
    with pyplot.rc_context(STYLE):
        figure, rows = pyplot.subplots(
            len(panels),
            sharex=True,
            squeeze=False,
            layout="constrained",
            figsize=(7.2, 0.9 + 1.15 * sum(heights)),
            height_ratios=heights,
        )
        figure.get_layout_engine().set(w_pad=0.12, h_pad=0.1)
        figure.suptitle(title, x=0.02, ha="left", fontsize=11, fontweight="bold", color=INK)
        for axes, (draw, each) in zip(rows[:, 0], panels, strict=True):
            draw(axes, each)
        rows[-1, 0].set_xlabel("step")
        rows[-1, 0].xaxis.set_major_locator(MaxNLocator(integer=True))
    return figure


def draw_losses(axes: Axes, losses: Curves) -> None:
    """The loss as it was logged, thin, and its running average over it."""
    heading(axes, "loss")
    for colour, (name, points) in zip(COLOURS, losses.items(), strict=False):
        steps, values = zip(*points, strict=True)
        if name == LOSSES["loss"]:
            axes.plot(steps, values, color=colour, linewidth=0.7, alpha=0.35)
            axes.plot(steps, averaged(values), color=colour, linewidth=1.6)
        else:
            axes.plot(steps, values, color=colour, linewidth=1.4, marker="o", markersize=3)
    if len(losses) > 1:
        label_ends(axes, losses)


def draw_rate(axes: Axes, rates: Curves) -> None:
    heading(axes, "learning rate")
    steps, values = zip(*rates["rate"], strict=True)
    axes.plot(steps, values, color=MUTED, linewidth=1.4)
    peak = max(values) or 1.0
    axes.set_ylim(0, 1.08 * peak)
    axes.set_yticks([0, peak], ["0", f"{peak:.2g}"])


def draw_scores(axes: Axes, scores: Curves) -> None:
    heading(axes, "on dev data")
    for colour, points in zip(COLOURS, scores.values(), strict=False):
        steps, values = zip(*points, strict=True)
        axes.plot(steps, values, color=colour, linewidth=1.4, marker="o", markersize=3)
    label_ends(axes, scores)


def label_ends(axes: Axes, curves: Curves) -> None:
    """Each curve's name at its last point, moved apart where two would overlap."""
    ends = sorted(
        (points[-1][1], name, colour) for colour, (name, points) in zip(COLOURS, curves.items(), strict=False)
    )
    low, high = axes.get_ylim()
    gap = (high - low) * 0.11
    heights = apart([value for value, _, _ in ends], gap)
    for height, (value, name, colour) in zip(heights, ends, strict=True):
        axes.annotate(
            f"{name} {value:.3g}",
            (1.0, height),
            (6, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            color=colour,
            va="center",
            fontsize=8.5,
        )


def apart(values: Sequence[float], gap: float) -> list[float]:
    """Ascending places at least `gap` apart, each as near to its value as one pass upwards and one down leave it."""
    places = list(values)
    for here in range(1, len(places)):
        places[here] = max(places[here], places[here - 1] + gap)
    excess = places[-1] - values[-1]
    return [place - excess / 2 for place in places] if excess > 0 else places


def heading(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", fontsize=9, color=MUTED, pad=5)


def averaged(values: Sequence[float]) -> list[float]:
    """The mean of each value and its neighbours, as many on either side; together SMOOTH of the curve."""
    reach = round(SMOOTH * len(values) / 2)
    sums = [0.0, *accumulate(values)]
    spans = [min(reach, here, len(values) - 1 - here) for here in range(len(values))]
    return [(sums[here + span + 1] - sums[here - span]) / (2 * span + 1) for here, span in enumerate(spans)]


if __name__ == "__main__":
    sys.exit(main())
