"""The settings about answers: who writes them, on what, how long and how freely, and the instruction to the model."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app import wording
from desktop_app.bridge import Bridge, Failure
from desktop_app.choices import Choices
from desktop_app.widgets.basics import Retranslated, label
from desktop_app.widgets.controls import Choice, Decimal, Number, Tick, show_value, value_of
from desktop_app.widgets.instruction_editor import InstructionEditor
from desktop_app.widgets.setting_row import SettingRow
from engine.types import ModelFacts

DEVICES = ("", "cpu", "cuda")
STYLES = ("", "brief", "detailed", "list")
COMPUTE_TYPES = ("", "int8", "int8_float16", "int8_bfloat16", "float16", "bfloat16", "float32")


class AnswerSettings(Retranslated, QFrame):
    def __init__(self, bridge: Bridge, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._bridge = bridge
        self._choices = choices
        self._generators: tuple[ModelFacts, ...] | None = None  # None: not heard yet
        self._refusal: Failure | None = None
        self.generator, self.device, self.compute_type, self.style_box = Choice(), Choice(), Choice(), Choice()
        self.controls = {
            "generator": self.generator,
            "device": self.device,
            "compute_type": self.compute_type,
            "answer_style": self.style_box,
            "max_new_tokens": Number(16, 4096, 32),
            "prompt_tokens": Number(0, 32768, 256),
            "compute_ahead": Tick(),
            "unload_after_minutes": Number(0, 1440, 5),
            "temperature": Decimal(0, 2, 0.1),
            "top_p": Decimal(0.05, 1, 0.05),
            "repetition_penalty": Decimal(0.5, 2, 0.05),
        }
        self.rows = {name: SettingRow(control) for name, control in self.controls.items()}
        self.instruction = InstructionEditor(bridge, choices)
        self.trouble = label("danger", wrap=True)
        self._build()
        self._connect()
        self._show_generators()
        for name, control in self.controls.items():
            show_value(control, getattr(choices.settings, name))
        self.retranslate()

    def _build(self) -> None:
        self._title = label("heading")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 20)
        column.setSpacing(16)
        for part in (self._title, self.trouble, *self.rows.values(), self.instruction):
            column.addWidget(part)
        for code in DEVICES:
            self.device.addItem("", code)
        for style in STYLES:
            self.style_box.addItem("", style)
        for name in COMPUTE_TYPES:
            self.compute_type.addItem(name, name)

    def _connect(self) -> None:
        for name, control in self.controls.items():
            if isinstance(control, Choice):
                changed = control.activated
            else:
                changed = control.toggled if isinstance(control, Tick) else control.valueChanged
            changed.connect(lambda _, name=name: self._choices.change(name, value_of(self.controls[name])))
        self._choices.kept.connect(self._on_kept)
        self._choices.refused.connect(self._on_refused)

    def refresh(self) -> None:
        """Ask which models there are, whenever the page is shown: the command line may have brought one."""
        self._choices.refresh()
        self._bridge.request("models").done.connect(self.show_models)
        self._bridge.request("instructions").done.connect(self.instruction.show_defaults)

    def retranslate(self) -> None:
        self._title.setText(self.tr("Answers"))
        for index, text in enumerate((self.tr("Automatic"), self.tr("Processor"), self.tr("Graphics card"))):
            self.device.setItemText(index, text)
        self.compute_type.setItemText(0, self.tr("Automatic"))
        styles = (self.tr("As the instruction says"), self.tr("Brief"), self.tr("In detail"), self.tr("As a list"))
        for index, text in enumerate(styles):
            self.style_box.setItemText(index, text)
        for name in ("max_new_tokens", "prompt_tokens"):
            self.controls[name].setSuffix(self.tr(" tokens"))
        self.controls["prompt_tokens"].setSpecialValueText(self.tr("Automatic"))
        self.controls["unload_after_minutes"].setSuffix(self.tr(" min"))
        self.controls["unload_after_minutes"].setSpecialValueText(self.tr("Never"))
        self.generator.setItemText(0, self.tr("Quotes only"))
        for name, (title, hint) in self._texts().items():
            self.rows[name].say(title, hint)
        self.trouble.setText(wording.failure(self._refusal) if self._refusal else "")
        self.trouble.setVisible(self._refusal is not None)

    def _texts(self) -> dict[str, tuple[str, str]]:
        return {
            "generator": (self.tr("Who answers"), self._generator_hint()),
            "device": (
                self.tr("Device"),
                self.tr("Automatic takes the graphics card where there is a usable one, else the processor."),
            ),
            "compute_type": (
                self.tr("Number format"),
                self.tr("Small formats need less memory and are faster; float32 is the most exact."),
            ),
            "answer_style": (
                self.tr("Style"),
                self.tr("One more sentence in the instruction; how well it is followed depends on the model."),
            ),
            "max_new_tokens": (
                self.tr("Longest answer"),
                self.tr("The model stops after this many tokens; a token is roughly a word."),
            ),
            "prompt_tokens": (
                self.tr("Longest prompt"),
                self.tr("How much of the passages and the conversation the model reads; more takes longer to begin."),
            ),
            "compute_ahead": (
                self.tr("Read ahead while you type"),
                self.tr("The model takes in the likely passages before you press Enter, so that it answers sooner."),
            ),
            "unload_after_minutes": (
                self.tr("Free the memory when idle"),
                self.tr("After this time without a question the model leaves the memory until it is needed."),
            ),
            "temperature": (
                self.tr("Temperature"),
                self.tr("At 0 the likeliest word is always taken. Higher values vary the wording and err more often."),
            ),
            "top_p": (
                self.tr("Top-p"),
                self.tr("Only the likeliest words that together reach this probability are drawn from; 1 allows all."),
            ),
            "repetition_penalty": (
                self.tr("Repetition penalty"),
                self.tr("Values above 1 make the model less likely to repeat words; 1 leaves it as it is."),
            ),
        }

    def _generator_hint(self) -> str:
        if self._generators == ():
            return self.tr(
                "Answers are quotes from your documents. To have them written, import a language model on the page of "
                "models."
            )
        return self.tr("Quotes come at once; a language model then writes an answer from the same passages.")

    def show_models(self, models: tuple[ModelFacts, ...]) -> None:
        self._generators = tuple(model for model in models if model.kind == "generator")
        self._show_generators()
        self.retranslate()

    def _show_generators(self) -> None:
        chosen = self._choices.settings.generator
        names = [model.name for model in self._generators or ()]
        with QSignalBlocker(self.generator):
            self.generator.clear()
            for name in dict.fromkeys(["", *names, chosen]):  # one that is gone stands there too, to be chosen away
                self.generator.addItem(name, name)
        show_value(self.generator, chosen)
        for part in (*(row for name, row in self.rows.items() if name != "generator"), self.instruction):
            part.setVisible(bool(chosen))  # for those who have quotes only there is nothing to set

    def _on_kept(self, name: str) -> None:
        if name in self.controls and name != "generator":
            show_value(self.controls[name], getattr(self._choices.settings, name))
        if name == "generator":
            self._show_generators()
        self._refusal = None
        self.retranslate()

    def _on_refused(self, name: str, failure: Failure) -> None:
        if name in self.controls:
            show_value(self.controls[name], getattr(self._choices.settings, name))
            self._refusal = failure
            self.retranslate()
