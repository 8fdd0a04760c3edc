"""Which texts are the same to us."""

from __future__ import annotations

import subprocess
import sys

from training.data.normalising import digest, language_of, normalised


def test_width_case_blanks_and_punctuation_do_not_count():
    assert normalised("U.S. 100 %") == normalised("us１００") == "us100"
    assert normalised("他说：「好。」") == "他说好"


def test_another_letter_counts():
    assert normalised("purple") != normalised("purples")


def test_digest_is_the_same_in_every_process():
    code = "from training.data.normalising import digest; print(digest('文'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) == digest("文") < 2**64


def test_language_goes_by_the_letters():
    assert language_of("什么是 transformer？") == "zh"
    assert language_of("What is 茶 in English, and how is it drunk there?") == "en"
