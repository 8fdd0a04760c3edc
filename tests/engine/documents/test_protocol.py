from __future__ import annotations

import pytest

from engine.documents.kinds import Kind
from engine.documents.protocol import (
    Blank,
    Cut,
    Done,
    Gone,
    NoSuchPage,
    Opened,
    PagesRead,
    ReadPages,
    Ready,
    RecognisePage,
    Refused,
    RenderPage,
    Reply,
    Request,
    ShowLines,
    SkimPages,
    decode_reply,
    decode_request,
    encode_reply,
    encode_request,
)
from engine.types import Box, Chunk, PageImage, Reason, Span, TextLines, Unit

CHUNKS = (
    Chunk("茶 tea", "On tea", (Span(0, 2, 3, Box(3, 1, 2, 3, 4.5)), Span(2, 5, 4))),
    Chunk("cells", "", (Span(0, 5, 14, label="Sales!14"),)),
)


@pytest.mark.parametrize(
    "request_",
    [
        ReadPages("/a/\udcff.pdf", Kind.PDF, (7, 9), ocr=True),
        RecognisePage("scan.pdf", 3, 2),
        RenderPage("b.pdf", 2, 1.5),
        SkimPages("s.pdf"),
        ShowLines("c.md", Kind.MARKDOWN, 1, 50),
    ],
)
def test_requests_arrive_as_sent(request_: Request) -> None:
    assert decode_request(encode_request(request_)) == request_


@pytest.mark.parametrize(
    "reply",
    [
        *(Ready(), NoSuchPage(), Gone(), Done(5, 2), Opened("书", 9, Unit.SLIDE, 3), Refused(Reason.SCAN)),
        *(PagesRead(3), PagesRead(1, Blank.PICTURE), Cut(()), Cut(CHUNKS)),
        *(PageImage(1, 2, 30, 40, 1.5, b"\x89PNG\x00"), TextLines(1, 2, ("a", "茶"), ("1", "2"))),
    ],
)
def test_replies_arrive_as_sent(reply: Reply) -> None:
    assert decode_reply(encode_reply(reply)) == reply


@pytest.mark.parametrize("payload", [b"", b"{}", b'["refused","because"]', b'["run","rm"]', b"\xff"])
def test_nonsense_is_a_value_error(payload: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        decode_reply(payload)
