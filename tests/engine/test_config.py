from pathlib import Path

import pytest

from engine.config import Config, Settings
from engine.errors import BrokenInstallation, Code, UsageError


def test_settings_survive(tmp_path: Path):
    Config.load(tmp_path / "家").change(language="zh", theme="dark")
    assert Config.load(tmp_path / "家").settings == Settings(language="zh", theme="dark")


@pytest.mark.parametrize("text", ["theme = ", "theme = 3", "\x00"])
def test_settings_that_cannot_be_understood_are_refused(tmp_path: Path, text: str):
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        Config.load(tmp_path)
    assert caught.value.code is Code.BAD_SETTINGS


def test_a_setting_of_another_version_is_passed_over(tmp_path: Path):
    (tmp_path / "settings.toml").write_text('future = "x"\ntheme = "light"\n')
    assert Config.load(tmp_path).settings.theme == "light"


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BrokenInstallation) as caught:
        Config.load(tmp_path / "file" / "home")
    assert caught.value.code is Code.CANNOT_WRITE
