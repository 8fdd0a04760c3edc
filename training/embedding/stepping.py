"""What both trainings of an encoder share: the optimiser's step, and a run that can be stopped at any time.

Nothing random is carried from step to step: dropout is seeded by (seed, step, process), the order of the data by (seed,
epoch). So a resumed run does what the run would have done that was not stopped.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training import checkpoints, processes
from training.errors import TrainingError


@dataclass(frozen=True, slots=True)
class Position:
    """How much is done."""

    step: int = 0
    epoch: int = 0
    batch: int = 0  # of the epoch


@dataclass(frozen=True, slots=True)
class Schedule:
    """Linear warm-up from 0 to `peak`, then linear decay to 0 at the last step; `constant`: then no decay at all.

    A constant run can go on for more steps than it was begun for; a short linear one follows it (Hu et al. 2024,
    "warmup-stable-decay", https://arxiv.org/abs/2404.06395).
    """

    peak: float
    steps: int
    warm_up: float  # share of the steps; from 1 on their number
    constant: bool = False

    def rate(self, step: int) -> float:
        """Of the step with this number, counted from 0; never 0 itself."""
        rising = math.ceil(self.steps * self.warm_up) if self.warm_up < 1 else int(self.warm_up)
        if step < rising:
            return self.peak * (step + 1) / rising
        if self.constant:
            return self.peak
        return self.peak * (self.steps - step) / max(1, self.steps - rising)


def adamw(model: nn.Module, decay: float = 0.01, apart: tuple[nn.Parameter, float] | None = None) -> torch.optim.AdamW:
    """Weights decay; biases and layer norms do not (Devlin et al. 2019).

    `apart`: a parameter that never decays and learns so many times as fast as the others.
    """
    learnt = [each for each in model.parameters() if each.requires_grad and not (apart and each is apart[0])]
    matrices = [each for each in learnt if each.ndim > 1]
    others = [each for each in learnt if each.ndim <= 1]
    groups = [{"params": matrices, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]
    if apart:
        groups.append({"params": [apart[0]], "weight_decay": 0.0, "times": apart[1]})
    return torch.optim.AdamW(groups, lr=0.0)


def seed_step(seed: int, step: int) -> None:
    """Dropout of this step in this process."""
    state = np.random.SeedSequence((seed, step, processes.rank())).generate_state(1, np.uint64)
    torch.manual_seed(int(state[0]) >> 1)


def descend(optimiser: torch.optim.Optimizer, rate: float, clip: float) -> float:
    """One step along the gradients summed over all processes; they are gone afterwards.

    Returns their norm, which is cut to `clip`. Raises TrainingError when it is no number: the weights are unchanged.
    """
    parameters = [each for group in optimiser.param_groups for each in group["params"]]
    processes.sum_gradients(parameters)
    norm = nn.utils.clip_grad_norm_(parameters, clip).item()
    if not math.isfinite(norm):
        raise TrainingError("The gradients are no numbers any more: choose a lower --rate, or --bf16 off.", 3)
    for group in optimiser.param_groups:
        group["lr"] = rate * group.get("times", 1.0)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return norm


class Run:
    """A run's folder: `checkpoint/`, and `settings` that a resumed run must share with the one that began it."""

    def __init__(self, folder: Path, settings: Mapping[str, object]) -> None:
        self.folder = folder
        self._checkpoint = folder / "checkpoint"
        self._settings = dict(settings)

    def begin(self, model: nn.Module, optimiser: torch.optim.Optimizer, resume: bool) -> Position:
        """Where to go on; the model and the optimiser are brought there.

        Raises TrainingError for a checkpoint of another model or other settings, and for one that would be lost
        because `resume` was not said.
        """
        device = next(model.parameters()).device
        state = checkpoints.load(self._checkpoint, self._settings, device)
        processes.wait_for_all()
        if state is None:
            return Position()
        position = Position(**state["position"])
        if not resume:
            raise TrainingError(
                f"{self._checkpoint} holds a run at step {position.step}: add --resume to go on, or choose another "
                "--out."
            )
        checkpoints.check_shapes(self._checkpoint / checkpoints.FILE, state["model"], model.state_dict())
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        return position

    def save(self, model: nn.Module, optimiser: torch.optim.Optimizer, position: Position) -> None:
        """The first process writes, all wait. Raises OSError; the earlier checkpoint is still there then."""
        if processes.rank() == 0:
            state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "position": asdict(position)}
            checkpoints.save(self._checkpoint, state, self._settings)
        processes.wait_for_all()


def parameter_count(parameters: Iterable[nn.Parameter]) -> int:
    return sum(each.numel() for each in parameters)
