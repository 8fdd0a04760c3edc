"""Whether a model fits."""

from __future__ import annotations

import pytest

from engine.errors import BrokenInstallation, Code
from engine.models.manifest import Chat
from engine.models.memory import (
    free_bytes,
    loads_with_mkl,
    needed_bytes,
    prompt_tokens,
    spare_bytes,
    token_bytes,
)
from engine.texts import say_error

CHATGLM3 = Chat({}, (2,), cache_values=28 * 2 * 32 * 128, weight_bytes=6_200_000_000)


def test_need_of_the_six_billion() -> None:
    assert 7e9 < needed_bytes(CHATGLM3, "int8", "int8") < 8e9
    assert token_bytes(CHATGLM3) == 917_504


@pytest.mark.parametrize(
    ("compute_type", "share"),
    [("float32", 1), ("int8", 1), ("int8_float32", 1), ("float16", 0.5), ("int8_float16", 0.5), ("bfloat16", 0.5)],
)
def test_a_card_keeps_keys_and_values_in_the_type_that_it_computes_in(compute_type: str, share: float) -> None:
    assert token_bytes(CHATGLM3, compute_type) == 917_504 * share


def test_weights_count_as_the_larger_of_read_and_used() -> None:
    assert needed_bytes(CHATGLM3, "float16", "float32") > 2 * 6.2e9
    assert needed_bytes(CHATGLM3, "float16", "int8") > 6.2e9


def test_what_is_free_beside_it_may_be_used() -> None:
    assert spare_bytes(6, lambda: 10) == 4
    assert free_bytes() > 0


def test_too_little_is_said_with_both_sizes() -> None:
    with pytest.raises(BrokenInstallation) as caught:
        spare_bytes(7_000_000_000, lambda: 4_100_000_000)
    assert caught.value.code is Code.NO_MEMORY_FOR_MODEL
    sentence = say_error(caught.value, "en")
    assert "7.0 GB" in sentence
    assert "4.1 GB" in sentence


def test_mkl_is_left_out_where_it_has_no_room_to_load() -> None:
    """It needs the weights twice for a moment: 12.0 GB were seen for the 6 billion, and 6.6 without it."""
    assert loads_with_mkl(CHATGLM3, lambda: 13_000_000_000)
    assert not loads_with_mkl(CHATGLM3, lambda: 11_000_000_000)


def test_prompts_are_as_long_as_the_memory_allows() -> None:
    assert prompt_tokens(CHATGLM3, 0) == 700
    assert prompt_tokens(CHATGLM3, 2 * 917_504 * 500) == 1200
