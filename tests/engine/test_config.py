from pathlib import Path

import pytest

from engine.config import Config, Settings
from engine.errors import BrokenInstallation, Code, UsageError


def test_settings_survive(tmp_path: Path):
    Config.load(tmp_path / "家").change(language="zh", theme="dark")
    assert Config.load(tmp_path / "家").settings == Settings(language="zh", theme="dark")


def test_every_kind_of_setting_survives(tmp_path: Path):
    said = 'Answer "briefly" 😀\n\x7f\t{passages}'
    changes = {"temperature": 1, "max_new_tokens": 64, "compute_ahead": False, "instruction_en": said}
    Config.load(tmp_path).change(**changes)
    settings = Config.load(tmp_path).settings
    assert settings == Settings(temperature=1.0, max_new_tokens=64, compute_ahead=False, instruction_en=said)
    assert type(settings.temperature) is float


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", 2.1),
        ("temperature", -1),
        ("temperature", float("nan")),
        ("top_p", 0.0),
        ("repetition_penalty", 0.4),
        ("max_new_tokens", 15),
        ("max_new_tokens", 64.0),
        ("max_new_tokens", True),
        ("prompt_tokens", 255),
        ("unload_after_minutes", 1441),
        ("device", "tpu"),
        ("compute_type", "int4"),
        ("generator", None),
        ("compute_ahead", 1),
    ],
)
def test_a_setting_that_cannot_be_is_refused_and_nothing_changes(tmp_path: Path, name: str, value):
    config = Config.load(tmp_path)
    with pytest.raises(UsageError) as caught:
        config.change(**{name: value})
    assert caught.value.code is Code.BAD_SETTING
    assert caught.value.facts["name"] == name
    assert Config.load(tmp_path).settings == Settings()


@pytest.mark.parametrize(("name", "value"), [("prompt_tokens", 0), ("prompt_tokens", 256), ("top_p", 1)])
def test_the_ends_of_a_range_are_in_it(tmp_path: Path, name: str, value: float):
    assert getattr(Config.load(tmp_path).change(**{name: value}).settings, name) == value


@pytest.mark.parametrize("text", ["theme = ", "theme = 3", "temperature = 3", "\x00"])
def test_settings_that_cannot_be_understood_are_refused(tmp_path: Path, text: str):
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        Config.load(tmp_path)
    assert caught.value.code is Code.BAD_SETTINGS


def test_a_setting_of_another_version_is_passed_over(tmp_path: Path):
    (tmp_path / "settings.toml").write_text('future = "x"\ntheme = "light"\n')
    assert Config.load(tmp_path).settings.theme == "light"


def test_the_embedder_that_was_shipped_before_gives_way_to_the_one_that_is(tmp_path: Path):
    (tmp_path / "settings.toml").write_text('embedder = "all-minilm-l6-v2"\ntheme = "dark"\n', "utf-8")
    assert Config.load(tmp_path).settings == Settings(theme="dark")
    (tmp_path / "models" / "all-minilm-l6-v2").mkdir(parents=True)  # imported by the person
    assert Config.load(tmp_path).settings.embedder == "all-minilm-l6-v2"


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BrokenInstallation) as caught:
        Config.load(tmp_path / "file" / "home")
    assert caught.value.code is Code.CANNOT_WRITE
