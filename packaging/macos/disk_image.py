"""The disk image's look, for dmgbuild 1.6:

dmgbuild -s packaging/macos/disk_image.py -D app=build/package/Inkstone.app Inkstone dist/inkstone-0.1.0-macos.dmg
"""

from pathlib import Path

APP = Path(defines["app"])  # type: ignore[name-defined]  # noqa: F821 - dmgbuild puts `defines` there

files = [str(APP)]
symlinks = {"Applications": "/Applications"}
icon_locations = {APP.name: (160, 180), "Applications": (440, 180)}
window_rect = ((200, 200), (600, 380))
icon_size = 112
format = "UDZO"
