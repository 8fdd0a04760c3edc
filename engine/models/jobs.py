"""What the engine and the generator's child say to each other: dataclasses <-> frames of JSON.

Texts and prompts never go there, only token ids.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from engine.types import Notice


@dataclass(frozen=True, slots=True)
class Setup:
    """What the child is started with."""

    folder: str
    device: str  # "", "cpu" or "cuda"
    compute_type: str  # "": by device and precision
    threads: int
    idle_s: float  # 0: it never ends by itself
    cuda: str = ""  # a folder where CUDA's libraries may lie (`cuda`)


# Requests


@dataclass(frozen=True, slots=True)
class Generate:
    job: int
    static: list[int]  # computed and kept, unless it is there already; may be empty
    start: list[int]  # at least one
    end: list[int]  # any of them ends the text
    max_new_tokens: int
    temperature: float = 0.0  # 0: the likeliest token, always
    top_p: float = 1.0
    repetition_penalty: float = 1.0


@dataclass(frozen=True, slots=True)
class Abandon:
    """Job `job` is to end after its next token, or not to begin."""

    job: int


@dataclass(frozen=True, slots=True)
class Forget:
    """What static prompts have left is to be given back, unless another request comes within `after_s`."""

    after_s: float


# Replies. A child says Trying..., then Loaded or Refused. A job is Token..., then Done or Failed.


@dataclass(frozen=True, slots=True)
class Trying:
    device: str  # should the child die now, then of this


@dataclass(frozen=True, slots=True)
class Loaded:
    device: str
    compute_type: str
    spare_bytes: int | None  # of memory, for kept static prompts; None: as much as is wanted
    notice_code: str = ""
    notice_facts: dict[str, str] = field(default_factory=dict)

    @property
    def notice(self) -> Notice | None:
        return Notice(self.notice_code, self.notice_facts) if self.notice_code else None


@dataclass(frozen=True, slots=True)
class Refused:
    """The model cannot be loaded: an error's code and facts. The child ends."""

    code: str
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Token:
    job: int
    id: int


@dataclass(frozen=True, slots=True)
class Done:
    job: int
    complete: bool  # an end token came; else it was abandoned or has reached its length


@dataclass(frozen=True, slots=True)
class Failed:
    """The library has given up on the job. The child ends."""

    why: str


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing was asked for so long that the child may be ended; it goes on while it is not."""

    again: bool  # and another one loaded, which keeps nothing


Request = Generate | Abandon | Forget
Reply = Trying | Loaded | Refused | Token | Done | Failed | Idle

_KINDS = {
    kind.__name__: kind
    for kind in (Setup, Generate, Abandon, Forget, Trying, Loaded, Refused, Token, Done, Failed, Idle)
}


def encode(message: Setup | Request | Reply) -> bytes:
    return json.dumps([type(message).__name__, asdict(message)], separators=(",", ":")).encode()


def decode(frame: bytes | str) -> Setup | Request | Reply:
    """Raises ValueError for what no `encode` made."""
    try:
        name, values = json.loads(frame)
        return _KINDS[name](**values)
    except (TypeError, KeyError) as error:
        raise ValueError(f"no message: {error}") from error
