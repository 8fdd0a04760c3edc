"""What nobody can read is told from what is only odd: code, tables, formulas, other languages."""

from __future__ import annotations

import random

import pytest

from engine.documents.garbage import is_garbage

ENGLISH = (
    "The kettle stands on the stove, and for an hour it has been singing a song that nobody in the house hears. " * 8
)
CHINESE = "茶壶放在炉子上，一个小时以来一直在唱着屋里没有人听见的歌。水开了以后，应当先烫杯子，再放茶叶。" * 5
POLISH = (
    "Czajnik stoi na kuchence i od godziny śpiewa pieśń, której nikt w domu nie słyszy, choć wszyscy już wstali. " * 8
)
FINNISH = "Teepannu seisoo liedellä ja on tunnin ajan laulanut laulua, jota kukaan talossa ei kuule aamulla. " * 8
CODE = (
    "static int pthread_mutexattr_setpshared(struct ctx *p, u8 *buf, size_t n) { if (!p) return -EINVAL; } // fwd\n" * 8
)
ASSEMBLER = (
    "mov rbx, [rsp+0x18]\nlea rdi, [rip+0x2f]\nvpxor xmm0, xmm0\nxchg rax, rdx\njnz 0x7f3b\nbswap ecx\npushfq\n" * 12
)
TABLE = "VDD 3.3 V 2.7 3.6\nIDDQ 12 µA\nfCLK 48 MHz ±2%\nRTH 45 °C/W\nVIH 0.7×VDD\nVIL 0.3×VDD\n" * 15
FORMULA = "∀x ∈ ℝ: ∫ f(x) dx = Σ aᵢ·xⁱ ⊗ λ(t) ≤ ∂y/∂x ⇒ ‖Ax − b‖² ≈ 0 α β γ δ ∇ ∈ ∉ ⊂ \n" * 10
HEX = "deadbeef 0badf00d cafebabe 8badf00d feedface fdfdfdfd bfbfcbdb a5a5c3c3 \n" * 20
PINYIN = "Wǒ xǐhuān hē chá, qǐng gěi wǒ yī bēi rè shuǐ, xièxiè nǐ. Zhōngguó rén dōu xǐhuān hē chá. " * 8


@pytest.mark.parametrize(
    "text",
    [ENGLISH, CHINESE, POLISH, FINNISH, CODE, ASSEMBLER, TABLE, FORMULA, HEX, PINYIN, "", "\ufffd" * 20],
    ids="english chinese polish finnish code assembler table formula hex pinyin empty few".split(),
)
def test_what_is_only_odd_is_text(text: str) -> None:
    assert not is_garbage(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ελληνικό κείμενο για το τσάι. " * 20,
        "Чайник стоит на плите и поёт песню. " * 20,
        "إبريق الشاي على الموقد ويغني. " * 20,
        "やかんはストーブの上で歌っています。誰も聞いていません。" * 20,
        "주전자는 난로 위에서 노래를 부른다. " * 20,
        "臺灣的茶壺放在爐子上，沒有人聽見它唱歌。憂鬱龜與體驗學習圖書館。" * 10,
    ],
    ids="greek russian arabic japanese korean traditional".split(),
)
def test_other_scripts_are_text(text: str) -> None:
    assert not is_garbage(text)


def test_formulas_in_fonts_without_a_mapping_leave_the_prose_readable() -> None:
    assert not is_garbage(ENGLISH + "\x1a\n\ufffd=\nO\n\x0f\n" * 12)


def test_drawing_made_of_letters_is_no_garbage() -> None:
    assert not is_garbage("Three trees of rank 3, and how they are linked\n" + "\ufffd\nC\n\ufffd\nA\n" * 200)


def test_list_of_rare_characters_is_no_garbage() -> None:
    assert not is_garbage("".join(chr(0x58A3 + number) for number in range(300)))


def test_characters_without_a_mapping_are_garbage() -> None:
    assert is_garbage("\ufffd" * 80 + ENGLISH[:200])
    assert is_garbage("Search in Rotated Array\n// \ufffd\ufffd\ufffd\ufffd\ufffd O(n)\nclass Solution {\n" * 10)
    assert is_garbage("\x96]\x9a\x9c\xad\x1f§`\x99\x8d¬a\x96]\x9a" * 20)


def test_private_use_is_garbage_but_bullets_are_not() -> None:
    assert is_garbage("".join(chr(0xE000 + number % 90) for number in range(300)))
    assert not is_garbage("\uf0b7 Boil the water\n\uf0b7 Wait for it\n" * 10)


def test_letters_that_were_shifted_are_garbage() -> None:
    shifted = "".join(chr((ord(c) - 97 + 3) % 26 + 97) if c.islower() else c for c in ENGLISH)
    assert is_garbage(shifted)


def test_chinese_at_random_is_garbage() -> None:
    rng = random.Random(7)
    assert is_garbage("".join(chr(rng.randint(0x4E00, 0x9FA5)) for _ in range(200)))
