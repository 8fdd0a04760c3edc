from __future__ import annotations

import codecs
import random

import pytest

from engine.documents.decoding import decode, decode_as

SIMPLIFIED = """
    知识助手离线工作，文档不会离开这台电脑。把文件夹拖进窗口，它就会阅读里面的文件，并为每个回答注明出处。
    审计日志保存七年；2021年的收入为三点四亿元。请在设置中选择嵌入模型，然后等待索引完成。
    目前可读取网页、电子书、邮件和表格；扫描件由文字识别逐页处理，识别完一页即可搜索一页。
    如果移动硬盘被拔出，其中的文档会保留，并标注为“不在线”。程序从不修改用户的文件。
    """
TRADITIONAL = """
    知識助手離線工作，文件不會離開這臺電腦。把資料夾拖進視窗，它就會閱讀裡面的檔案，並為每個回答註明出處。
    稽核紀錄保存七年；2021年的營收為三點四億元。請在設定中選擇嵌入模型，然後等待索引完成。
    目前可讀取網頁、電子書、郵件和試算表；掃描件由文字辨識逐頁處理，辨識完一頁即可搜尋一頁。
    如果行動硬碟被拔出，其中的文件會保留，並標示為「離線」。程式從不修改使用者的檔案。
    """
JAPANESE = """
    知識アシスタントはオフラインで動作し、文書がこのコンピューターの外に出ることはありません。
    フォルダーをウィンドウにドラッグすると、中のファイルを読み、すべての回答に出典を示します。
    """
WESTERN = """
    Le café près de l’église coûte trois euros, “naturellement”. Die Prüfung dauert 90 Minuten; Müller fällt aus.
    El año próximo será mejor – 5 m² a 20 °C, ½ más. Çok güzel, Søren og Åse spiste brød.
    """


def samples(text: str, least: int, most: int) -> list[str]:
    """20 stretches of `text`, each with something beyond ASCII."""
    chance = random.Random(6)
    whole = "\n".join(line.strip() for line in text.strip().splitlines()) * 20
    found: list[str] = []
    while len(found) < 20:
        start = chance.randrange(len(whole) - most)
        piece = whole[start : start + chance.randint(least, most)]
        if not piece.isascii():
            found.append(piece)
    return found


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((SIMPLIFIED, name) for name in ("utf-8", "gb18030", "gbk", "utf-16-le", "utf-16-be", "utf-32-le", "utf-16")),
        *((TRADITIONAL, name) for name in ("utf-8", "big5", "gb18030", "utf-16-le", "utf-16-be", "utf-32")),
        (JAPANESE, "shift_jis"),
        (WESTERN, "cp1252"),
        (WESTERN, "utf-8-sig"),
    ],
)
@pytest.mark.parametrize(("least", "most"), [(40, 80), (200, 1000)])
def test_text_is_decoded(text: str, encoding: str, least: int, most: int) -> None:
    for piece in samples(text, least, most):
        assert decode(piece.encode(encoding)) == piece


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF8, "utf-8"),
    ],
)
def test_a_mark_decides(mark: bytes, encoding: str) -> None:
    assert decode(mark + "茶".encode(encoding)) == "茶"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-be"])
def test_wide_english_without_a_mark_is_decoded(encoding: str) -> None:
    assert decode("plain words\n".encode(encoding)) == "plain words\n"


def test_a_table_with_one_chinese_character_a_cell_is_decoded() -> None:
    table = "序号,在库\n1,是\n2,否\n3,是\n"
    assert decode(table.encode("gb18030")) == table


def test_a_table_of_japanese_names_is_decoded() -> None:
    table = "名前,年齢,住所\r\n佐藤太郎,30,東京\r\n三木英子,25,大阪\r\n"
    assert decode(table.encode("shift_jis")) == table


def test_a_log_with_stray_bytes_is_read() -> None:
    log = b"2021-03-04 12:00:01 INFO request served in 12 ms\n" * 40
    for stray in (b"\xff\xfe\x80", b"\xe7\x9f", b"\x81\x8d", b"\x00\x00"):
        text = decode(log + stray + b"\n" + log)
        assert text is not None
        assert text.count("request served") == 80


def test_chinese_with_a_damaged_character_is_read() -> None:
    for encoding in ("utf-8", "gb18030", "big5"):
        data = (TRADITIONAL * 3).encode(encoding)
        text = decode(data[:101] + b"\xff" + data[102:])
        assert text is not None
        assert text.count("稽核紀錄保存七年") >= 2


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02\x03" * 20,
        bytes(range(1, 256)),
        b"\x7fELF\x02\x01\x01" + b"\x00" * 30,
        b"\x93\xfe\x1b\x02" * 40,
        random.Random(1).randbytes(3000),
        bytes(random.Random(2).choices(range(0x80, 0x100), k=900)),
    ],
)
def test_rubbish_is_not_text(data: bytes) -> None:
    assert decode(data) is None


def test_a_declared_encoding_is_believed_where_it_fits() -> None:
    assert decode_as("日本語".encode("euc-jp"), "EUC-JP") == "日本語"
    assert decode_as("镕基".encode("gb18030"), "gb2312") == "镕基"  # 镕 is not in GB 2312
    assert decode_as("“café”".encode("cp1252"), "iso-8859-1") == "“café”"
    assert decode_as("茶叶在这里".encode(), "gb2312") == "茶叶在这里"
    assert decode_as(SIMPLIFIED.encode("gb18030"), "no-such-encoding") == SIMPLIFIED
    assert decode_as(b"plain", "base64") == "plain"
    assert decode_as(codecs.BOM_UTF8 + "茶".encode(), "big5") == "茶"


def test_undecodable_bytes_never_raise() -> None:
    chance = random.Random(3)
    for _ in range(200):
        text = decode(chance.randbytes(chance.randint(1, 40)))
        assert text is None or len(text) <= 40


def test_long_ascii_lines_are_passed_over_at_once() -> None:
    assert decode(b"x" * 3_000_000 + "\nLe café près de l’église".encode("cp1252")) is not None
