from collections.abc import Callable
from pathlib import Path

import pytest

from engine.library.listers import Lister
from engine.library.listing import Listed, Listing, Wish
from engine.library.scanning import Changes, compare
from engine.library.store import KnownFile, Root
from engine.types import Reason

ROOT = Root(Path("/papers"), is_file=False)
DRIVE = {"/papers": "drive"}


def listing(*files: Listed, unreachable: set[str] | None = None, volumes: dict[str, str] | None = None) -> Listing:
    return Listing([(ROOT, files)], unreachable or set(), volumes if volumes is not None else DRIVE)


def listed(name: str, size: int = 1, mtime: int = 1, refused: Reason | None = None, target: str = "") -> Listed:
    return Listed(f"/papers/{name}", size, mtime, refused, target)


def known(*names: str, **facts: object) -> dict[str, KnownFile]:
    values: dict[str, object] = {"size_bytes": 1, "mtime_ns": 1, "read": True, "root": "/papers", **facts}
    return {
        f"/papers/{name}": KnownFile(id=id, name=f"/papers/{name}", **values)  # type: ignore[arg-type]
        for id, name in enumerate(names, start=1)
    }


def names(files: tuple[object, ...]) -> list[str]:
    return [str(file.path.relative_to("/papers")) for file in files]  # type: ignore[attr-defined]


def test_what_is_as_it_was_is_left_alone():
    assert compare(listing(listed("a")), known("a"), [ROOT], DRIVE) == Changes(volumes=DRIVE)


@pytest.mark.parametrize(
    "file", [listed("a", size=2), listed("a", mtime=2), listed("new")], ids=["longer", "later", "new"]
)
def test_new_and_changed_files_are_read(file: Listed):
    assert names(compare(listing(listed("a"), file), known("a"), [ROOT], DRIVE).to_read)[-1:] == [Path(file.name).name]


def test_a_file_that_was_not_read_yet_is_read():
    assert names(compare(listing(listed("a")), known("a", read=False), [ROOT], DRIVE).to_read) == ["a"]


def test_a_file_that_came_to_another_root_is_read_again_and_belongs_there():
    assert names(compare(listing(listed("a")), known("a", root="/other"), [ROOT], DRIVE).to_read) == ["a"]


def test_a_missing_file_is_gone():
    changes = compare(listing(listed("a")), known("a", "b"), [ROOT], DRIVE)
    assert (names(changes.gone), changes.away) == (["b"], ())


def test_what_is_below_an_unreachable_folder_is_away_and_nothing_else_is():
    changes = compare(listing(unreachable={"/papers/sub"}), known("sub/x/a", "subway/b"), [ROOT], DRIVE)
    assert (names(changes.gone), changes.away) == (["subway/b"], (1,))


def test_what_is_away_is_told_once_and_comes_back_unread():
    away = known("a", away=True)
    assert compare(listing(unreachable={"/papers"}), away, [ROOT], DRIVE).away == ()
    changes = compare(listing(listed("a")), away, [ROOT], DRIVE)
    assert (changes.back, changes.to_read) == ((1,), ())


def test_what_is_away_goes_with_its_root():
    changes = compare(Listing([]), known("a", away=True), [], DRIVE)
    assert (names(changes.gone), changes.volumes) == (["a"], {})


def test_an_empty_folder_on_the_same_drive_was_emptied():
    assert names(compare(listing(), known("a"), [ROOT], DRIVE).gone) == ["a"]


def test_an_empty_folder_on_another_drive_is_the_place_where_one_was_mounted():
    elsewhere = {"/papers": "system disk"}
    changes = compare(listing(volumes=elsewhere), known("a"), [ROOT], DRIVE)
    assert (changes.gone, changes.away, changes.volumes) == ((), (1,), DRIVE)


def test_another_drive_in_its_place_is_read_while_the_first_is_away():
    changes = compare(listing(listed("new"), volumes={"/papers": "second"}), known("a"), [ROOT], DRIVE)
    assert (names(changes.to_read), changes.gone, changes.away) == (["new"], (), (1,))


def test_a_drive_whose_number_changed_is_known_by_its_files():
    renumbered = {"/papers": "other number"}
    changes = compare(listing(listed("a"), volumes=renumbered), known("a", "b"), [ROOT], DRIVE)
    assert (names(changes.gone), changes.away, changes.volumes) == (["b"], (), renumbered)


def test_a_drive_mounted_within_a_root_is_away_when_its_folder_is_empty_or_gone():
    before = DRIVE | {"/papers/usb": "stick"}
    changes = compare(listing(listed("a")), known("a", "usb/b"), [ROOT], before)
    assert (changes.gone, changes.away, changes.volumes) == ((), (2,), before)


def test_a_drive_within_a_root_that_was_excluded_since_is_forgotten():
    without = listing(listed("a"))
    without.excluded.add("/papers/usb")
    changes = compare(without, known("a", "usb/b"), [ROOT], DRIVE | {"/papers/usb": "stick"})
    assert (names(changes.gone), changes.volumes) == (["usb/b"], DRIVE)


def test_a_refused_file_is_told_once():
    large = listed("a", refused=Reason.OVER_LIMIT)
    assert [reason for _, reason in compare(listing(large), {}, [ROOT], DRIVE).refused] == [Reason.OVER_LIMIT]
    before = known("a", read=False, reason=Reason.OVER_LIMIT)
    assert compare(listing(large), before, [ROOT], DRIVE) == Changes(volumes=DRIVE)
    assert names(compare(listing(listed("a")), before, [ROOT], DRIVE).to_read) == ["a"]


def test_what_went_into_the_cloud_keeps_what_was_read_of_it():
    evicted = listed("a", size=0, mtime=9, refused=Reason.IN_CLOUD)
    assert compare(listing(evicted), known("a"), [ROOT], DRIVE) == Changes(volumes=DRIVE)
    assert len(compare(listing(evicted), known("a", read=False), [ROOT], DRIVE).refused) == 1


def test_a_link_to_a_file_that_is_listed_is_not_read_beside_it():
    link = listed("a-link", target="/papers/b")
    assert names(compare(listing(link, listed("b")), {}, [ROOT], DRIVE).to_read) == ["b"]
    changes = compare(listing(link, listed("b")), known("a-link", "b"), [ROOT], DRIVE)
    assert (changes.to_read, names(changes.gone)) == ((), ["a-link"])


def test_of_several_links_to_one_file_outside_the_first_is_read():
    links = (listed("one", target="/elsewhere/b"), listed("two", target="/elsewhere/b"))
    assert names(compare(listing(*links), {}, [ROOT], DRIVE).to_read) == ["one"]


def test_a_file_whose_time_was_too_fresh_is_checked():
    assert names(compare(listing(listed("a")), known("a", fresh=True), [ROOT], DRIVE).to_check) == ["a"]


def test_a_listing_and_its_comparison_give_what_changed(tmp_path: Path, look: Callable[[], Changes]):
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "张 三").mkdir()
    (tmp_path / "张 三" / "报告（终稿）.txt").write_text("b")
    found = look().to_read
    assert [file.path.name for file in found] == ["a.txt", "报告（终稿）.txt"]
    assert {file.size_bytes for file in found} == {1}


@pytest.fixture
def look(tmp_path: Path) -> Callable[[], Changes]:
    root = Root(tmp_path, is_file=False)
    return lambda: compare(Lister().list([root], Wish(), lambda: False), {}, [root], {})


def test_unicode_forms_of_a_name_are_two_names(tmp_path: Path, look: Callable[[], Changes]):
    for name in ("caf\u00e9.txt", "cafe\u0301.txt"):
        (tmp_path / name).write_text(name)
    if len([*tmp_path.iterdir()]) == 1:
        pytest.skip("this file system takes both forms for one name")
    assert len(look().to_read) == 2
