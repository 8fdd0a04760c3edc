"""The models of one task: what the task is, which there are, and what to do while there is none."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.models_state import ModelsState
from desktop_app.widgets.basics import Retranslated, label
from desktop_app.widgets.model_card import ModelCard
from engine.types import ModelFacts


class ModelSection(Retranslated, QWidget):
    """Signal: `made` with each new ModelCard."""

    made = Signal(object)

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.cards: dict[str, ModelCard] = {}
        self._title = label("heading")
        self._sentence = label("muted", wrap=True)
        self.tip = label("muted", wrap=True)
        self.tip.setContentsMargins(0, 2, 0, 2)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self._title)
        self._column.addWidget(self._sentence)
        self._column.addWidget(self.tip)
        self.retranslate()

    def show_state(self, state: ModelsState) -> None:
        models = {model.name: model for model in state.of_kind(self.kind)}
        for name in [name for name in self.cards if name not in models]:
            card = self.cards.pop(name)
            self._column.removeWidget(card)
            card.deleteLater()
        for name, model in models.items():
            if name not in self.cards:
                self._add(name, model)
            self.cards[name].show_model(model, state.measuring, state.failures.get(name))
        self.tip.setVisible(state.models is not None and not any(model.in_use for model in models.values()))
        self.retranslate()

    def retranslate(self) -> None:
        if self.kind == "embedder":
            self._title.setText(self.tr("Finding by meaning"))
            self._sentence.setText(
                self.tr("Turns passages and questions into vectors, so that the same is found in other words.")
            )
            self.tip.setText(self.tr("None is in use: use one of these, or import one."))
        elif self.kind == "reader":
            self._title.setText(self.tr("Reading what was found"))
            self._sentence.setText(
                self.tr("Reads the best passages with the question, ranks them anew and finds the words that answer.")
            )
            self.tip.setText(self.tr("None is in use: passages are ranked by their words and their meaning alone."))
        else:
            self._title.setText(self.tr("Writing answers"))
            self._sentence.setText(self.tr("Quotes always come at once; a language model then writes an answer."))
            self.tip.setText(self._no_generator())

    def _no_generator(self) -> str:
        if self.cards:
            return self.tr("None is in use: answers are quotes from your documents.")
        return self.tr(
            "None yet: answers are quotes from your documents. To have them written, drop the folder of a ChatGLM3 on "
            "this page; the guide (F1) says where it comes from and what it needs."
        )

    def _add(self, name: str, model: ModelFacts) -> None:
        self.cards[name] = ModelCard(model)
        self._column.addWidget(self.cards[name])
        self.made.emit(self.cards[name])
