"""A `pytorch_model.bin` gives its tensors' places, and runs nothing."""

from __future__ import annotations

import os
import pickle
import struct
import zipfile
from collections import OrderedDict
from pathlib import Path

import pytest
from refusing import reason

from engine.models import torch_files
from engine.models.flaws import Flaw

torch = pytest.importorskip("torch")


def why(path: Path) -> str:
    with pytest.raises(Flaw) as caught:
        torch_files.entries(path)
    return reason(caught.value, file="it").removeprefix("it ")


def archive(
    path: Path, program: bytes, values: bytes = bytes(8), how: int = zipfile.ZIP_STORED, **files: bytes
) -> Path:
    with zipfile.ZipFile(path, "w", how) as made:
        made.writestr("archive/data.pkl", program)
        made.writestr("archive/data/0", values)
        for name, data in files.items():
            made.writestr(f"archive/{name}", data)
    return path


class Storage:
    """What the pickle of a tensor names as its values."""

    def __init__(self, kind: str = "HalfStorage", values: int = 4, key: object = "0") -> None:
        self.pid = ("storage", getattr(torch, kind), key, "cpu", values)


class _Pickler(pickle._Pickler):
    def persistent_id(self, value: object) -> object:
        return value.pid if isinstance(value, Storage) else None


def program(value: object) -> bytes:
    import io

    stream = io.BytesIO()
    _Pickler(stream, 2).dump(value)
    return stream.getvalue()


class Tensor:
    """Pickles as torch's tensors do."""

    def __init__(self, storage: object, offset: object = 0, shape: object = (2, 2), stride: object = (2, 1)) -> None:
        self.arguments = (storage, offset, shape, stride, False, OrderedDict())

    def __reduce__(self) -> object:
        return torch._utils._rebuild_tensor_v2, self.arguments


def test_places_are_where_the_values_are(tmp_path):
    path = tmp_path / "pytorch_model.bin"
    base = torch.arange(24, dtype=torch.float16).reshape(6, 4)
    state = OrderedDict(whole=base, part=base[2:4], weight=torch.nn.Parameter(torch.ones(3)), scalar=torch.tensor(1.0))
    state._metadata = {"": {"version": 1}}  # what state_dict() adds: an attribute, set by the pickle
    torch.save(state, path)
    found = {entry.name: entry for entry in torch_files.entries(path)}
    assert [(entry.dtype, entry.shape) for entry in found.values()] == [
        ("float16", (6, 4)),
        ("float16", (2, 4)),
        ("float32", (3,)),
        ("float32", ()),
    ]
    part = found["part"]
    data = path.read_bytes()[part.offset : part.offset + 16]
    assert data == base[2:4].numpy().tobytes()


def test_hostile_file_is_refused_and_does_nothing(tmp_path, monkeypatch):
    class Hostile:
        def __reduce__(self) -> object:
            return os.system, (f"touch {tmp_path / 'was-run'}",)

    path = tmp_path / "pytorch_model.bin"
    torch.save({"a": torch.ones(2), "b": Hostile()}, path)
    assert why(path) == f"asks for {os.name}.system, which is not run; save the model as safetensors"
    assert not (tmp_path / "was-run").exists()


@pytest.mark.parametrize(
    "asked",
    ["builtins eval", "torch.hub load", "torch._utils _rebuild_tensor", "torch.storage _load_from_bytes", "a.b c"],
)
def test_anything_else_is_refused_by_name(tmp_path, asked):
    module, name = asked.split()
    code = f"c{module}\n{name}\n(Vx\ntR.".encode()
    assert why(archive(tmp_path / "a.bin", code)).startswith(f"asks for {module}.{name}, ")


def test_found_constructor_cannot_be_changed(tmp_path):
    # BUILD would set attributes on the function that OrderedDict became
    code = b"ccollections\nOrderedDict\n}Vkey\nVvalue\nsb0(dVa\nVb\ns."
    archive(tmp_path / "a.bin", code)
    with pytest.raises(Flaw):
        torch_files.entries(tmp_path / "a.bin")
    assert not hasattr(torch_files._mapping, "key")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"a": Tensor(Storage(), shape=(2, 3), stride=(3, 1))}, "has impossible sizes for a"),
        ({"a": Tensor(Storage(), offset=1)}, "has impossible sizes for a"),
        ({"a": Tensor(Storage(), offset=-4)}, "has a tensor with impossible sizes"),
        ({"a": Tensor(Storage(), shape=(-2, -2))}, "has a tensor with impossible sizes"),
        ({"a": Tensor(Storage(), shape=(2.0, 2))}, "has a tensor with impossible sizes"),
        ({"a": Tensor(Storage(), shape=(2, 2, 1))}, "holds a transposed or with gaps"),
        ({"a": Tensor(Storage(), stride=(1, 2))}, "holds a transposed or with gaps"),
        ({"a": Tensor(Storage(values=5))}, "has values data/0 of another size"),
        ({"a": Tensor(Storage(values=3))}, "has values data/0 of another size"),
        ({"a": Tensor(Storage(key="7"))}, "lacks the values data/7"),
        ({"a": Tensor(Storage(key=7))}, "has a pickle that is not understood"),
        ({"a": Tensor(Storage("LongStorage", 1), shape=(1,), stride=(1,))}, ""),
        ({"a": Tensor(3)}, "has a pickle that is not understood"),
        ({"a": 3}, "holds something else than a model's tensors"),
        ([1], "holds something else than a model's tensors"),
    ],
)
def test_places_outside_the_file_are_refused(tmp_path, value, words):
    path = archive(tmp_path / "a.bin", program(value))
    if words:
        assert words in why(path)
    else:
        assert torch_files.entries(path)[0].dtype == "int64"


@pytest.mark.parametrize(
    "code",
    [b"", b".", b"R.", b"\x80\x02}", b"garbage", b"\x96" + struct.pack("<Q", 1 << 62), b"r\xff\xff\xff\x7f.", b"(" * 9],
)
def test_damaged_pickle_is_refused(tmp_path, code):
    assert why(archive(tmp_path / "a.bin", code)) == "has a damaged pickle"


def test_number_of_many_bytes_is_not_read(tmp_path):
    long4 = b"\x80\x02\x8b" + struct.pack("<i", 100_000) + b"\x7f" * 100_000 + b"."
    assert why(archive(tmp_path / "a.bin", long4)) == "has a damaged pickle"
    huge = {"a": Tensor(Storage(), shape=(1 << 2000, 1 << 2000))}
    assert why(archive(tmp_path / "b.bin", program(huge))) == "has a tensor with impossible sizes"


def test_key_that_takes_years_to_hash_is_refused(tmp_path):
    pairs = b"".join(b"q%ch%c\x86" % (place, place) for place in range(60))  # each tuple holds the one before twice
    for code in (b"\x80\x02}(" + b")" + pairs + b"K\x01u.", b"\x80\x02})" + pairs + b"K\x01s."):
        assert why(archive(tmp_path / "a.bin", code)) == "has a pickle that is not understood"


def test_pickle_beyond_any_models_size_is_not_run(tmp_path, monkeypatch):
    monkeypatch.setattr(torch_files, "_MAX_PICKLE_BYTES", 100)
    path = archive(tmp_path / "a.bin", program({"a": Tensor(Storage()), "b" * 100: Tensor(Storage())}))
    assert "data.pkl compressed or too large" in why(path)


def test_compressed_file_is_refused(tmp_path):
    sound = program({"a": Tensor(Storage())})
    assert "compressed" in why(archive(tmp_path / "a.bin", sound, how=zipfile.ZIP_DEFLATED))


def test_big_endian_file_is_refused(tmp_path):
    path = archive(tmp_path / "a.bin", program({"a": Tensor(Storage())}), byteorder=b"big")
    assert "big-endian" in why(path)


def test_old_format_is_told_what_to_do(tmp_path):
    path = tmp_path / "a.bin"
    torch.save({"a": torch.ones(2)}, path, _use_new_zipfile_serialization=False)
    assert "save it as safetensors" in why(path)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_file_that_is_cut_short_is_refused(tmp_path, share):
    path = tmp_path / "a.bin"
    torch.save({"a": torch.ones(200)}, path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert why(path) == "is cut short or no PyTorch file"


def test_zip_of_something_else_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.bin", "w") as made:
        made.writestr("letter.txt", "hello")
    assert why(tmp_path / "a.bin") == "is no PyTorch file: there is no data.pkl in it"
