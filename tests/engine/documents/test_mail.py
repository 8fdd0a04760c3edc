from __future__ import annotations

import base64
import struct
from email.message import EmailMessage
from pathlib import Path

import pytest
from ole_files import Tree, compound_file

from engine.documents.kinds import Kind
from engine.documents.mail import open_document
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit


def read(tmp_path: Path, data: bytes, kind: Kind = Kind.MAIL) -> tuple[str, ...]:
    (tmp_path / "a").write_bytes(data)
    return open_document(str(tmp_path / "a"), kind).lines


def refused(tmp_path: Path, data: bytes, kind: Kind = Kind.MAIL) -> Reason:
    with pytest.raises(UnreadableDocument) as caught:
        read(tmp_path, data, kind)
    return caught.value.reason


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in headers.items():
        message[name] = value
    return message


def test_a_mail_says_who_wrote_what_to_whom(tmp_path: Path) -> None:
    message = mail(Subject="茶叶 order", From="Ann <ann@example.org>", To="Bo <bo@example.org>, cy@example.org")
    message["Cc"], message["Date"] = "dee@example.org", "Thu, 4 Mar 2021 12:00:00 +0100"
    message.set_content("Dear Bo,\n\nplease send the leaves.\n> Which?\n")
    message.add_alternative("<p>Dear <b>Bo</b></p>", subtype="html")
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="报价单.pdf")
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    document = open_document(str(tmp_path / "a.eml"), Kind.MAIL)
    assert document.lines == (
        "茶叶 order",
        "From: Ann <ann@example.org>",
        "To: Bo <bo@example.org>, cy@example.org",
        "Cc: dee@example.org",
        "Date: 2021-03-04 12:00 +0100",
        "Attachments: 报价单.pdf",
        *("Dear Bo,", "please send the leaves.", "> Which?"),
    )
    assert (document.title, document.unit, document.blocks[0].heading) == ("茶叶 order", Unit.LINE, True)


def test_html_is_read_where_there_is_no_text(tmp_path: Path) -> None:
    message = mail(Subject="s")
    message.set_content("<table><tr><th>Year<th>Sum<tr><td>2021<td>3</table>", subtype="html")
    assert read(tmp_path, message.as_bytes())[1:] == ("Year | Sum", "Year: 2021 | Sum: 3")


@pytest.mark.parametrize("encoding", ["gb2312", "gbk", "gb18030", "big5", "utf-8"])
def test_chinese_mails(encoding: str, tmp_path: Path) -> None:
    subject, text = (
        "會議記錄" if encoding == "big5" else "会议记录",
        "下午三點開會。" if encoding == "big5" else "下午三点开会。",
    )
    coded = base64.b64encode(subject.encode(encoding)).decode()
    head = f"Subject: =?{encoding}?B?{coded}?=\nContent-Type: text/plain; charset={encoding}\n"
    assert read(tmp_path, head.encode() + b"Content-Transfer-Encoding: 8bit\n\n" + text.encode(encoding)) == (
        subject,
        text,
    )


def test_raw_and_cut_headers_are_read(tmp_path: Path) -> None:
    raw = "会议记录和下一步的工作".encode("gb18030")
    first, second = base64.b64encode(raw[:5]).decode(), base64.b64encode(raw[5:]).decode()
    assert read(tmp_path, b"Subject: " + raw + b"\n\ntext")[0] == raw.decode("gb18030")
    cut = f"Subject: =?gbk?B?{first}?=\n =?gbk?B?{second}?=\n\ntext"
    assert read(tmp_path, cut.encode())[0] == raw.decode("gb18030")
    attached = b'Content-Disposition: attachment; filename="' + raw + b'.doc"\nContent-Type: application/msword\n\nx'
    assert f"Attachments: {raw.decode('gb18030')}.doc" in read(tmp_path, b"Subject: s\n" + attached)
    assert read(tmp_path, b"Subject: =?no-such?B?YWJj?= x\nFrom: =?utf-8?B?!!?=\n\ntext")[0].endswith("x")


def test_a_mail_that_was_saved_as_utf_16_is_read(tmp_path: Path) -> None:
    for encoding in ("utf-16", "utf-16-be"):
        assert read(tmp_path, "Subject: Tea\n\nSome words.".encode(encoding)) == ("Tea", "Some words.")


def test_a_mail_within_a_mail_is_only_named(tmp_path: Path) -> None:
    inner = mail(Subject="The inner one")
    inner.set_content("secret of the inner")
    outer = mail(Subject="outer")
    outer.set_content("see below")
    outer.add_attachment(inner)
    assert read(tmp_path, outer.as_bytes()) == ("outer", "Attachments: The inner one", "see below")


def test_dates_that_are_none_stay_as_they_are(tmp_path: Path) -> None:
    for date in ("tomorrow", "Thu, 99 Mar 2021 25:00:00", "2021-03-04T12:00:00Z"):
        assert read(tmp_path, f"Subject: s\nDate: {date}\n\nx".encode())[1] == f"Date: {date}"


def test_enciphered_mails_are_refused(tmp_path: Path) -> None:
    smime = b"Subject: s\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nMIAG"
    assert refused(tmp_path, smime) is Reason.ENCRYPTED
    pgp = b"Subject: s\nContent-Type: multipart/encrypted; boundary=x\n\n--x\n"
    assert refused(tmp_path, pgp + b"Content-Type: application/octet-stream\n\nhQ\n--x--") is Reason.ENCRYPTED


def test_what_is_no_mail_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, b"") is Reason.EMPTY
    assert refused(tmp_path, b"\x00\x01\x02" * 50) is Reason.DAMAGED
    assert refused(tmp_path, b"no mail at all\nreally") is Reason.DAMAGED


def test_parts_nested_beyond_sense_end(tmp_path: Path) -> None:
    nested = b"Subject: s\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth) for depth in range(1000)
    )
    assert refused(tmp_path, nested) is Reason.DAMAGED
    shallow = b"Subject: s\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth) for depth in range(80)
    )
    assert read(tmp_path, shallow) == ("s",)


def test_each_mail_of_a_mailbox_is_a_section(tmp_path: Path) -> None:
    box = b"".join(
        b"From ann@example.org Thu Mar  4 12:00:0%d 2021\nSubject: Mail %d\n\nWords of %d.\nFrom here on, 1984\n\n"
        % (n, n, n)
        for n in range(3)
    )
    (tmp_path / "a.mbox").write_bytes(box)
    document = open_document(str(tmp_path / "a.mbox"), Kind.MAILBOX)
    assert (document.unit, document.unit_count) == (Unit.SECTION, 3)
    assert dict.fromkeys(document.labels) == dict.fromkeys(("Mail 0", "Mail 1", "Mail 2"))
    assert document.lines[:3] == ("Mail 0", "Words of 0.", "From here on, 1984")
    assert refused(tmp_path, b"no mailbox", Kind.MAILBOX) is Reason.DAMAGED


# Outlook's files

_HEAD, _INNER_HEAD = 32, 8  # bytes before the properties, of the message and of what is within


def properties(values: dict[int, str | bytes], head: int) -> Tree:
    """Streams of a storage with these properties (MS-OXMSG 2.4): text in UTF-16, dates as 8 bytes."""
    streams: dict[str, bytes] = {}
    listed = b"\0" * head
    for number, value in values.items():
        if isinstance(value, bytes):
            listed += struct.pack("<HHI8s", 0x40, number, 6, value)
        else:
            data = value.encode("utf-16-le")
            streams[f"__substg1.0_{number:04X}001F"] = data
            listed += struct.pack("<HHIII", 0x1F, number, 6, len(data) + 2, 0)
    return {**streams, "__properties_version1.0": listed}


def outlook(values: dict[int, str | bytes], **inner: Tree) -> bytes:
    storages = {f"__{name[:-1]}_version1.0_#0000000{name[-1]}": tree for name, tree in inner.items()}
    return compound_file({**properties(values, _HEAD), **storages, "__nameid_version1.0": {}})


def test_a_mail_of_outlook(tmp_path: Path) -> None:
    sent = struct.pack("<Q", (1614855600 + 11644473600) * 10**7)  # 2021-03-04 11:00, in 100 ns since 1601
    data = outlook(
        {
            0x1A: "IPM.Note",
            0x37: "茶叶 order",
            0x1000: "Dear Bo,\r\n\r\nplease.",
            0xC1A: "Ann",
            0xC1F: "ann@x.org",
            0x39: sent,
        },
        recip0=properties({0x3001: "Bo", 0x39FE: "bo@x.org"}, _INNER_HEAD),
        attach0=properties({0x3707: "报价单.pdf"}, _INNER_HEAD),
    )
    assert read(tmp_path, data, Kind.OUTLOOK) == (
        "茶叶 order",
        "From: Ann <ann@x.org>",
        "To: Bo <bo@x.org>",
        "Date: 2021-03-04 11:00 +0000",
        "Attachments: 报价单.pdf",
        *("Dear Bo,", "please."),
    )


def test_an_older_mail_of_outlook_in_a_chinese_code_page(tmp_path: Path) -> None:
    for page, encoding, subject in ((936, "gb18030", "朱镕基的会议记录"), (950, "big5", "會議記錄與附件")):
        text = subject.encode(encoding)
        listed = b"\0" * _HEAD + struct.pack("<HHIII", 3, 0x3FFD, 6, page, 0)
        listed += struct.pack("<HHIII", 0x1E, 0x37, 6, len(text) + 1, 0)
        receiver = {"__substg1.0_3001001E": text, "__properties_version1.0": b"\0" * _INNER_HEAD}
        data = compound_file(
            {"__substg1.0_0037001E": text, "__recip_version1.0_#00000000": receiver, "__properties_version1.0": listed}
        )
        assert read(tmp_path, data, Kind.OUTLOOK) == (subject, f"To: {subject}")


def test_enciphered_and_broken_mails_of_outlook_are_refused(tmp_path: Path) -> None:
    data = outlook({0x1A: "IPM.Note.SMIME", 0x37: "s"})
    assert refused(tmp_path, data, Kind.OUTLOOK) is Reason.ENCRYPTED
    assert refused(tmp_path, b"no compound file" * 100, Kind.OUTLOOK) is Reason.DAMAGED
    assert refused(tmp_path, data[:1100], Kind.OUTLOOK) is Reason.DAMAGED
    for place in range(0, len(data), 97):
        broken = data[:place] + b"\xff\xfe\xfd\xfc" + data[place + 4 :]
        try:
            assert read(tmp_path, broken, Kind.OUTLOOK)
        except UnreadableDocument as error:
            assert error.reason in (Reason.DAMAGED, Reason.ENCRYPTED, Reason.NO_TEXT)  # noqa: PT017
