"""The page of models: what there is, what is used, how quick it is, what comes and what goes."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from desktop_app.choices import Choices
from desktop_app.library_state import LibraryState
from desktop_app.pages.models import ModelsPage
from desktop_app.widgets.rail import GUIDE, MODELS
from engine.config import Config
from engine.types import Anew, Stage, Working

CHATGLM = "chatglm3-6b"


@pytest.fixture
def page(near, tmp_path, qtbot) -> ModelsPage:
    config = Config(tmp_path / "home")
    library = LibraryState(near)
    made = ModelsPage(near, library, Choices(config, near, library))
    library.setParent(made)
    qtbot.addWidget(made)
    made.resize(1000, 900)
    made.show()
    qtbot.waitUntil(lambda: made.card_of(CHATGLM) is not None and made.card_of(CHATGLM).isVisible(), timeout=20_000)
    return made


@pytest.fixture
def bring(page, tmp_path):
    """A function that imports the folder of a model."""

    def bring(name: str) -> None:
        (tmp_path / name).mkdir()
        page.import_folder(tmp_path / name)

    return bring


@pytest.fixture
def changed(tmp_path, qtbot):
    """A function that waits until the engine has heard of a change."""
    file = tmp_path / "home" / "changed.json"
    return lambda **settings: qtbot.waitUntil(
        lambda: file.exists() and file.read_text() == json.dumps(settings), timeout=20_000
    )


def box_of(page: ModelsPage, qtbot) -> QMessageBox:
    def boxes() -> list[QMessageBox]:
        return [box for box in page.findChildren(QMessageBox) if box.isVisible()]

    qtbot.waitUntil(lambda: bool(boxes()), timeout=20_000)
    return boxes()[0]


def names(control: QWidget) -> str:
    return control.accessibleName() or control.text()


def press(box: QMessageBox, text: str) -> None:
    next(button for button in box.buttons() if button.text().replace("&", "") == text).click()


def test_every_task_shows_its_models_with_their_cards(page):
    card = page.card_of("fake")
    assert card in page.sections["embedder"].cards.values()
    assert card.facts.text() == "English · fakes/base · int8 · 24 MB · Apache-2.0"
    assert card.in_use.isVisible()
    assert not card.remove.isVisible()  # it was shipped
    assert not card.use.isVisible()
    card.details.click()
    assert card.about.isVisible()
    assert "recall 0.5" in card.about.text()
    assert "Copyright nobody" in card.about.text()
    assert page.card_of(CHATGLM).speed.text() == "needs 7.5 GB of memory · speed not measured here yet"


def test_what_is_missing_is_said_with_what_to_do(page):
    assert "ranked by their words" in page.sections["reader"].tip.text()
    assert "None is in use" in page.sections["generator"].tip.text()
    assert not page.sections["embedder"].tip.isVisible()


def test_generator_is_chosen_and_done_without(page, person, changed, qtbot):
    card = page.card_of(CHATGLM)
    person.click(card.use)
    changed(generator=CHATGLM)
    qtbot.waitUntil(lambda: card.in_use.isVisible() and card.use.text() == "Do without", timeout=20_000)
    person.click(card.use)
    changed(generator="")
    qtbot.waitUntil(lambda: not card.in_use.isVisible(), timeout=20_000)


def test_speed_is_measured_and_shown(page, person, qtbot):
    card = page.card_of("fake")
    person.click(card.measure)
    qtbot.waitUntil(lambda: "embeds 35 passages/s" in card.speed.text(), timeout=20_000)
    assert card.speed.text() == "embeds 35 passages/s · takes 133 MB of memory · loads in 0.4 s"


def test_measuring_is_stopped_and_holds_up_the_others_only(page, person, qtbot):
    card, other = page.card_of(CHATGLM), page.card_of("fake")
    person.click(card.measure)
    assert card.speed.text() == "Being measured…"
    assert not other.measure.isEnabled()
    person.click(card.measure)
    qtbot.waitUntil(other.measure.isEnabled, timeout=20_000)
    assert card.speed.text().endswith("speed not measured here yet")


def test_folder_becomes_a_model(page, bring, qtbot):
    bring("other")
    qtbot.waitUntil(lambda: page.card_of("other") is not None, timeout=20_000)
    assert page.told.isVisible()
    assert "other is installed" in page.told.text()
    assert "float32" in page.card_of("other").facts.text()


def test_small_is_asked_for(page, bring, qtbot):
    page.bringing.small.setChecked(True)
    bring("other")
    qtbot.waitUntil(
        lambda: page.card_of("other") is not None and "int8" in page.card_of("other").facts.text(), timeout=20_000
    )


def test_import_shows_how_far_it_is_and_can_be_cancelled(page, bring, person, qtbot):
    bring("slow")
    qtbot.waitUntil(lambda: page.bringing.bar.value() == 250, timeout=20_000)
    assert page.bringing.more.text() == "1 MB of 4 MB written. You can ask meanwhile."
    assert not page.bringing.zone.isVisible()
    person.click(page.bringing.cancel)
    qtbot.waitUntil(page.bringing.zone.isVisible, timeout=20_000)
    assert page.card_of("slow") is None


def test_refusal_says_why_and_what_to_do(page, bring, person, qtbot):
    bring("letters")
    qtbot.waitUntil(page.bringing.trouble.isVisible, timeout=20_000)
    assert "holds no model: model.json is missing" in page.bringing.trouble.text()
    assert "library’s page" in page.bringing.trouble.text()
    person.click(page.bringing.dismiss)
    assert not page.bringing.trouble.isVisible()


def test_another_embedder_is_chosen_at_once_while_the_library_is_empty(page, bring, person, changed, qtbot):
    bring("other")
    qtbot.waitUntil(lambda: page.card_of("other") is not None, timeout=20_000)
    person.click(page.card_of("other").use)
    changed(embedder="other")


def test_another_embedder_is_chosen_when_the_person_knows_what_it_takes(
    page, near, bring, person, changed, folder, qtbot
):
    near.engine.folders.append(folder)
    bring("other")
    qtbot.waitUntil(lambda: page.card_of("other") is not None, timeout=20_000)
    person.click(page.card_of("other").use)
    box = box_of(page, qtbot)
    assert "140 passages are embedded" in box.informativeText()
    assert "until it is done, fake finds" in box.informativeText()
    press(box, "Use it")
    changed(embedder="other")


def test_removal_is_confirmed_and_says_what_follows(page, person, qtbot):
    person.click(page.card_of(CHATGLM).use)
    qtbot.waitUntil(page.card_of(CHATGLM).in_use.isVisible, timeout=20_000)
    person.click(page.card_of(CHATGLM).remove)
    box = box_of(page, qtbot)
    assert "Without it they are quotes" in box.informativeText()
    assert "6.2 GB of the disk" in box.informativeText()
    press(box, "Remove")
    qtbot.waitUntil(lambda: page.card_of(CHATGLM) is None, timeout=20_000)


def test_cancelled_removal_removes_nothing(page, person, qtbot):
    person.click(page.card_of(CHATGLM).remove)
    box = box_of(page, qtbot)
    assert box.defaultButton().text().replace("&", "") == "Cancel"
    press(box, "Cancel")
    assert page.card_of(CHATGLM) is not None


def test_embedding_anew_shows_how_far_it_is_and_the_way_back(page, person, changed):
    page.anew.show_state(Anew("other", "fake", 100, 900), Working(Stage.EMBEDDING, 200, 800, seconds_left=240.0))
    assert page.anew.isVisible()
    assert page.anew.more.text() == "300 of 900 passages · about 4 minutes left · until then fake finds"
    person.click(page.anew.button)
    changed(embedder="fake")


def test_links_lead_to_the_settings_and_to_the_guide(page, person, qtbot):
    with qtbot.waitSignal(page.settings_wanted):
        person.click(page.device)
    with qtbot.waitSignal(page.guide_wanted):
        person.click(page.guide)


def test_tab_goes_down_the_page_and_every_control_has_a_name(page, qtbot):
    card, shipped = page.card_of(CHATGLM), page.card_of("fake")
    wanted = [page.pick, page.bringing.small, shipped.measure, shipped.details]
    wanted += [card.use, card.remove, card.measure, card.details, page.device, page.guide]
    page.pick.setFocus()
    reached = []
    for _ in wanted:
        reached.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert [names(one) for one in reached] == [names(one) for one in wanted]
    assert all(map(names, wanted))


def test_folder_dropped_on_the_page_is_a_model_and_no_document(inkstone, tmp_path, person, dragged, qtbot):
    window = inkstone.window
    qtbot.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    assert window.pages.currentIndex() == MODELS
    (tmp_path / "other").mkdir()
    person.drag_over(window, dragged(tmp_path / "other"))
    assert window.models.bringing.zone.is_hovered
    person.drop(window, dragged(tmp_path / "other"))
    qtbot.waitUntil(lambda: window.models.card_of("other") is not None, timeout=20_000)
    assert window.state.status.folders == ()
    window.models.guide.click()
    assert window.pages.currentIndex() == GUIDE
    assert window.guide.contents.currentItem().text().strip() == "BGE"
