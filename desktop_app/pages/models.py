"""The page of models: which there are for each task, what they take, how quick they are here, and new ones."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMessageBox, QScrollArea, QVBoxLayout, QWidget

from desktop_app import language, wording
from desktop_app.bridge import Bridge
from desktop_app.choices import Choices
from desktop_app.library_state import LibraryState
from desktop_app.models_state import KINDS, ModelsState
from desktop_app.widgets.anew_card import AnewCard
from desktop_app.widgets.basics import Retranslated, TextButton, label
from desktop_app.widgets.import_card import ImportCard
from desktop_app.widgets.model_card import ModelCard
from desktop_app.widgets.model_section import ModelSection
from engine.texts import say
from engine.types import AnewNeed, ModelFacts, Stage

WIDEST = 900


class ModelsPage(Retranslated, QScrollArea):
    """Signals: `settings_wanted` for the device; `guide_wanted`."""

    settings_wanted = Signal()
    guide_wanted = Signal()

    def __init__(self, bridge: Bridge, library: LibraryState, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._library = library
        self._choices = choices
        self._expects_anew = False  # another embedder was chosen: the status tells of its work once that has begun
        self.state = ModelsState(bridge, choices, self)
        self._arrived = ""  # the model that was imported last
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._title = label("title")
        self.pick = TextButton("primary", "folder-plus", "accent_text")
        self._sentence = label("muted", wrap=True)
        self.told = label("plain", wrap=True)
        self.anew = AnewCard()
        self.bringing = ImportCard()
        self.sections = {kind: ModelSection(kind) for kind in KINDS}
        self.graphics = label("muted", wrap=True)
        self.device = TextButton("quiet", "settings")
        self.guide = TextButton("quiet", "circle-help")
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.pick)
        links = QHBoxLayout()
        links.addWidget(self.device)
        links.addWidget(self.guide)
        links.addStretch(1)
        parts = QWidget()
        parts.setMaximumWidth(WIDEST)
        column = QVBoxLayout(parts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        for part in (self._sentence, self.told, self.anew, self.bringing, *self.sections.values(), self.graphics):
            column.addWidget(part)
        column.addLayout(links)
        column.addStretch(1)
        inner = QWidget()
        inner.setProperty("role", "clear")
        row = QHBoxLayout(inner)
        row.setContentsMargins(40, 30, 40, 30)
        row.addWidget(parts, 1000)
        row.addStretch(1)
        self.setWidget(inner)

    def _connect(self) -> None:
        self.state.changed.connect(self._show)
        self.state.arrived.connect(self._on_arrived)
        self._choices.kept.connect(self._on_kept)
        self._library.changed.connect(self._show_anew)
        self._library.progressed.connect(self._show_progress)
        self.anew.back_wanted.connect(lambda name: self.state.choose("embedder", name))
        self.bringing.cancel_wanted.connect(self.state.cancel_import)
        self.bringing.forget_wanted.connect(self.state.forget_import)
        self.pick.clicked.connect(self.pick_folder)
        self.device.clicked.connect(self.settings_wanted)
        self.guide.clicked.connect(self.guide_wanted)
        for section in self.sections.values():
            section.made.connect(self._connect_card)

    def _connect_card(self, card: ModelCard) -> None:
        card.use_wanted.connect(self.use)
        card.leave_wanted.connect(lambda model: self.state.choose(model.kind, ""))
        card.measure_wanted.connect(lambda model: self.state.measure(model.name))
        card.stop_wanted.connect(self.state.stop_measuring)
        card.remove_wanted.connect(self.remove)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.state.refresh()
        self._library.refresh()

    def card_of(self, name: str) -> ModelCard | None:
        return next((section.cards[name] for section in self.sections.values() if name in section.cards), None)

    def import_folder(self, folder: Path) -> None:
        """Bring the model in this folder, or beside this file; how it goes is shown here."""
        self._arrived = ""
        folder = folder.parent if folder.is_file() else folder
        self.state.import_folder(folder, self.bringing.small.isChecked())
        self.ensureWidgetVisible(self.bringing)

    def pick_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose the folder of a model"), str(Path.home()))
        if chosen:
            self.import_folder(Path(chosen))

    def use(self, model: ModelFacts) -> None:
        """Choose a model; another embedder is chosen once the person knows what that takes."""
        if model.kind != "embedder":
            self.state.choose(model.kind, model.name)
            return
        reply = self._bridge.request("need", embedder=model.name)
        reply.done.connect(lambda need: self._use_embedder(model, need))
        reply.failed.connect(lambda failure: self.state.fail(model.name, failure))

    def remove(self, model: ModelFacts) -> None:
        """Ask once, saying what takes over, then remove it."""
        if model.kind == "embedder" and model.in_use and model.successor:
            reply = self._bridge.request("need", embedder=model.successor)
            reply.done.connect(lambda need: self._remove_embedder(model, need))
            reply.failed.connect(lambda failure: self.state.fail(model.name, failure))
            return
        self.confirm_removal(model)

    def confirm_removal(self, model: ModelFacts) -> QMessageBox:
        told = self.tr("{size} of the disk become free. The folder that it was imported from is not touched.").format(
            size=wording.size(model.size_bytes)
        )
        box = self._box(
            self.tr("Remove “{name}” from this computer?").format(name=model.name),
            "\n\n".join(part for part in (self._what_follows(model), told) if part),
        )
        remove = self._offer(box, self.tr("Remove"))
        remove.clicked.connect(lambda: self.state.remove(model.name))
        box.open()
        return box

    def confirm_use(self, name: str, need: AnewNeed, why: str = "") -> QMessageBox:
        """Say what embedding the library with another model takes."""
        told = self.tr(
            "{passages} are embedded with it, without any document being read again. That needs {size} of the disk; "
            "until it is done, {before} finds as it does now."
        ).format(passages=wording.passages(need.passages), size=wording.size(need.needed_bytes), before=need.before)
        box = self._box(
            self.tr("Use “{name}” to find by meaning?").format(name=name),
            "\n\n".join(part for part in (why, told, self._how_long(name, need)) if part),
        )
        use = self._offer(box, self.tr("Use it"))
        use.clicked.connect(lambda: self.state.choose("embedder", name))
        box.open()
        return box

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Models"))
        self._title.setText(self.tr("Models"))
        self.pick.say(self.tr("Import a model…"))
        self._sentence.setText(self.tr("All of them run on this computer. Nothing is ever downloaded."))
        self.device.say(self.tr("Device and number format, in the settings"))
        self.guide.say(self.tr("How to get a model, in the guide"))
        self.told.setText(
            self.tr("{name} is installed. It is listed below, with its card.").format(name=self._arrived)
            if self._arrived
            else ""
        )
        self.told.setVisible(bool(self._arrived))
        notice = self.state.graphics
        self.graphics.setText(say(notice.code, language.current(), **notice.facts) if notice else "")
        self.graphics.setVisible(notice is not None)

    def _show(self) -> None:
        for section in self.sections.values():
            section.show_state(self.state)
        self._order_tabs()
        self.bringing.show_state(self.state)
        self.pick.setVisible(self.state.importing is None)
        self.retranslate()

    def _order_tabs(self) -> None:
        """Down the page: cards come later than what stands below them."""
        cards = [card for section in self.sections.values() for card in section.cards.values()]
        stops = [self.pick, self.anew.button, *self.bringing.stops, *(stop for card in cards for stop in card.stops)]
        for before, after in pairwise([*stops, self.device, self.guide]):
            QWidget.setTabOrder(before, after)

    def _show_anew(self) -> None:
        status = self._library.status
        self.anew.show_state(status.anew if status else None, self._library.working)

    def _show_progress(self) -> None:
        working = self._library.working
        if self._expects_anew and working is not None and working.stage == Stage.EMBEDDING:
            self._expects_anew = False
            self._library.refresh()
        self._show_anew()

    def _on_kept(self, name: str) -> None:
        if name == "embedder":
            self._expects_anew = True
            self._library.refresh()

    def _on_arrived(self, name: str) -> None:
        self._arrived = name
        self.verticalScrollBar().setValue(0)
        self.retranslate()

    def _use_embedder(self, model: ModelFacts, need: AnewNeed | None) -> None:
        if need is None or not need.passages:
            self.state.choose("embedder", model.name)
        else:
            self.confirm_use(model.name, need)

    def _remove_embedder(self, model: ModelFacts, need: AnewNeed | None) -> None:
        """The one that the library is searched with stays until another one has taken over."""
        if need is None or not need.passages:
            self.confirm_removal(model)
            return
        first = self.tr("Your library is searched with {name}, so another model has to take over first.").format(
            name=model.name
        )
        self.confirm_use(model.successor, need, f"{first} " + self.tr("Then it can be removed."))

    def _what_follows(self, model: ModelFacts) -> str:
        if not model.in_use:
            return ""
        if model.successor:
            return self.tr("It is in use; {name} takes over.").format(name=model.successor)
        if model.kind == "generator":
            return self.tr("It writes your answers now. Without it they are quotes from your documents.")
        return self.tr("It is in use. Without it passages are ranked by their words and their meaning alone.")

    def _how_long(self, name: str, need: AnewNeed) -> str:
        card = self.card_of(name)
        speed = card.model.speed if card else None
        if speed is None or not speed.per_second:
            return ""
        return self.tr("At the speed that was measured here this takes about {time}.").format(
            time=wording.duration(need.passages / speed.per_second)
        )

    def _box(self, question: str, told: str) -> QMessageBox:
        box = QMessageBox(self.window())
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle(self.tr("Models"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(question)
        box.setInformativeText(told)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return box

    def _offer(self, box: QMessageBox, text: str) -> QWidget:
        """The button that does it, beside one that does not, which Enter takes."""
        button = box.addButton(text, QMessageBox.ButtonRole.AcceptRole)
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(cancel)
        for each in (button, cancel):
            each.setAccessibleName(each.text().replace("&", ""))
        return button
