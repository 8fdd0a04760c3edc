"""One model: what it says of itself, what it takes, how quick it is here, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app import wording
from desktop_app.bridge import Failure
from desktop_app.widgets.basics import ElidedLabel, IconButton, Retranslated, TextButton, label
from engine.types import ModelFacts


class ModelCard(Retranslated, QFrame):
    """Signals: `use_wanted`, `leave_wanted` (use none), `measure_wanted`, `stop_wanted`, `remove_wanted`, each with the
    ModelFacts."""

    use_wanted = Signal(object)
    leave_wanted = Signal(object)
    measure_wanted = Signal(object)
    stop_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self, model: ModelFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.model = model
        self._measured = ""  # the name of the model that is being measured
        self._failure: Failure | None = None
        self._build()
        self._connect()
        self.show_model(model, "", None)

    def _build(self) -> None:
        self._name = ElidedLabel("name")
        self.in_use, self._shipped = label("badge"), label("badge")
        self.use = TextButton("plain")
        self.remove = IconButton("trash-2", 18)
        self.facts = label("muted", wrap=True)
        self.speed = label("muted", wrap=True)
        self.trouble = label("danger", wrap=True)
        self.measure = TextButton("quiet", "gauge")
        self.details = TextButton("quiet", "info")
        self.details.setCheckable(True)
        self.about = label("muted", wrap=True)
        self.about.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.about.hide()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name, 1)
        for part in (self.in_use, self._shipped, self.use, self.remove):
            head.addWidget(part)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(4)
        foot.addWidget(self.speed, 1)
        foot.addWidget(self.measure, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self.details, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 12, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.facts)
        column.addLayout(foot)
        column.addWidget(self.trouble)
        column.addWidget(self.about)

    def _connect(self) -> None:
        self.use.clicked.connect(self._use_or_leave)
        self.remove.clicked.connect(lambda: self.remove_wanted.emit(self.model))
        self.measure.clicked.connect(self._measure_or_stop)
        self.details.toggled.connect(self.about.setVisible)

    def show_model(self, model: ModelFacts, measured: str, failure: Failure | None) -> None:
        self.model, self._measured, self._failure = model, measured, failure
        self.retranslate()

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Of the Tab key, in its order."""
        return self.use, self.remove, self.measure, self.details, self.about

    @property
    def is_measured(self) -> bool:
        return self._measured == self.model.name

    def retranslate(self) -> None:
        model = self.model
        self._name.setText(model.name)
        self.in_use.setText(self.tr("in use"))
        self.in_use.setVisible(model.in_use)
        self._shipped.setText(self.tr("comes with Inkstone"))
        self._shipped.setVisible(model.shipped)
        self.facts.setText(" · ".join(self._facts()))
        self.speed.setText(self._speed_text())
        self.trouble.setText(wording.failure(self._failure) if self._failure else "")
        self.trouble.setVisible(self._failure is not None)
        self._say_buttons()
        self.about.setText("\n".join(self._about()))
        self.about.setAccessibleName(self.tr("Details of {name}").format(name=model.name))

    def _say_buttons(self) -> None:
        model = self.model
        may_leave = model.in_use and model.kind != "embedder"
        if model.in_use:
            self.use.say(self.tr("Do without"), self.tr("Do without {name}").format(name=model.name))
        else:
            self.use.say(self.tr("Use"), self.tr("Use {name}").format(name=model.name))
        self.use.setVisible(may_leave or not model.in_use)
        self.remove.say(self.tr("Remove {name}…").format(name=model.name))
        self.remove.setVisible(not model.shipped)
        if self.is_measured:
            self.measure.say(self.tr("Stop"), self.tr("Stop measuring {name}").format(name=model.name))
        else:
            self.measure.say(self.tr("Measure"), self.tr("Measure the speed of {name}").format(name=model.name))
        self.measure.setToolTip(self.tr("A few seconds of work on this computer; questions go on meanwhile."))
        self.measure.setEnabled(self._measured in ("", model.name))
        self.details.say(self.tr("Details"), self.tr("Details of {name}").format(name=model.name))

    def _facts(self) -> list[str]:
        model, card = self.model, self.model.card
        parts = [wording.languages(model.languages), card.base_model if card else "", model.precision]
        parts += [wording.size(model.size_bytes), card.licence if card else ""]
        if card and not card.licence:
            parts.append(self.tr("no licence given"))
        return [part for part in parts if part]

    def _speed_text(self) -> str:
        model, speed = self.model, self.model.speed
        if self.is_measured:
            return self.tr("Being measured…")
        needs = self.tr("needs {size} of memory").format(size=wording.size(model.needed_bytes))
        if speed is None:
            unknown = self.tr("speed not measured here yet")
            return f"{needs} · {unknown}" if model.needed_bytes else unknown
        parts = [self._rate(speed.per_second).format(rate=_rate(speed.per_second))]
        if model.kind == "generator":
            taken_in = self.tr("takes in {rate} tokens/s").format(rate=_rate(speed.taken_in_per_second))
            where = self.tr("on the graphics card") if speed.device == "cuda" else self.tr("on the processor")
            parts += [taken_in, where, needs]
        else:
            parts.append(self.tr("takes {size} of memory").format(size=wording.size(speed.memory_bytes)))
        parts.append(self.tr("loads in {time}").format(time=self._seconds(speed.load_s)))
        return " · ".join(parts)

    def _rate(self, rate: float) -> str:
        if self.model.kind == "embedder":
            return self.tr("embeds {rate} passages/s")
        if self.model.kind == "reader":
            return self.tr("reads {rate} passages/s")
        return self.tr("writes {rate} tokens/s") if rate else self.tr("wrote nothing when it was measured")

    def _seconds(self, value: float) -> str:
        if value >= 10:
            return wording.duration(value)
        return self.tr("{count} s").format(count=QLocale().toString(value, "f", 1))

    def _about(self) -> list[str]:
        card = self.model.card
        if card is None:
            return []
        lines = [self.tr("Reads at most {count} tokens at once.").format(count=wording.number(card.max_tokens))]
        if card.dimension:
            lines.append(self.tr("Numbers of a vector: {count}").format(count=wording.number(card.dimension)))
        if card.query_prefix:
            lines.append(self.tr("Stands before each question: “{text}”").format(text=card.query_prefix.strip()))
        if card.training_data:
            lines.append(self.tr("Trained on: {text}").format(text=card.training_data))
        if card.scores:
            told = ", ".join(f"{score.name} {score.value:.4g}" for score in card.scores)
            lines.append(self.tr("Measured by its makers: {scores}").format(scores=told))
        return [*lines, *(["", card.notice.strip()] if card.notice.strip() else [])]

    def _use_or_leave(self) -> None:
        (self.leave_wanted if self.model.in_use else self.use_wanted).emit(self.model)

    def _measure_or_stop(self) -> None:
        (self.stop_wanted if self.is_measured else self.measure_wanted).emit(self.model)


def _rate(value: float) -> str:
    return QLocale().toString(value, "f", 1 if value < 10 else 0)
