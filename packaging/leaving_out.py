"""What the packages do without: modules, files, symbols. Each line is a decision.

Names are paths inside the program's folder, with `/`, as PyInstaller calls them.
"""

from __future__ import annotations

import posixpath
import re

# never imported by what we use of the libraries that name them
MODULES = (
    *(
        "IPython",
        "PIL.ImageQt",
        "PIL.ImageTk",
        "jinja2",
        "matplotlib",
        "pandas",
        "pygments",
        "pytest",
        "scipy",
        "setuptools",
    ),
    *("tkinter", "_tkinter", "pydoc_data", "lib2to3", "ensurepip", "idlelib", "turtledemo"),
    *("nis", "crypt", "spwd", "ossaudiodev", "_gdbm", "_dbm", "curses", "_curses", "readline"),  # want more libraries
    *("torch", "transformers", "optimum", "sentence_transformers", "peft", "bitsandbytes", "accelerate", "datasets"),
    *("networkx", "sympy", "sklearn", "paddle", "openvino", "tensorrt", "MNN", "coremltools", "onnxslim"),
    *("huggingface_hub", "hf_xet", "httpx", "httpx2", "httpcore", "fsspec", "aiohttp"),  # 25 MB; would open connections
    *("lxml.objectify", "numpy.f2py"),
    *("onnx.backend", "onnxruntime.tools"),  # not onnx.reference, nor onnxruntime.transformers: quantising needs them
    *("ctranslate2.converters",),
    *("pymupdf.layout", "pymupdf4llm"),
    *("PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtDesigner", "PySide6.QtHelp", "PySide6.QtSql", "PySide6.QtTest"),
    *("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets", "PySide6.QtUiTools", "PySide6.QtXml", "PySide6.QtConcurrent"),
)

_FILES = [
    r"PySide6/Qt/plugins/(egldeviceintegrations|generic|qmltooling|sqldrivers|designer|networkinformation|tls)/",
    r"PySide6/Qt/plugins/platforms/libq(eglfs|linuxfb|minimal|minimalegl|vnc|vkkhrdisplay|direct2d)",
    r"PySide6/Qt/plugins/xcbglintegrations/",  # nothing here is painted by OpenGL
    r"PySide6/Qt/plugins/wayland-shell-integration/(?!libxdg-shell)",  # desktops speak this one; cars and phones others
    r"PySide6/Qt/plugins/wayland-graphics-integration-client/",  # OpenGL's too
    r"PySide6/Qt/plugins/platformthemes/libqgtk3",  # needs GTK 3
    r"PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboard",
    r"PySide6/Qt/plugins/imageformats/(lib)?q(pdf|tiff|tga|wbmp|icns|webp)",  # Qt paints only PNG, JPEG and our SVG
    r"PySide6/Qt/(qml|resources|libexec|metatypes)/",
    r"PySide6/Qt/translations/(?!qtbase_(zh_CN|en)\.qm)",
    r"PySide6/Qt/lib/libQt6(EglF[Ss]|WlShellIntegration|Qml|Quick|VirtualKeyboard|Pdf|OpenGLWidgets|Sql|Test|Designer|Help)",
    r"pymupdf/(mupdf-devel|layout)/",
    r"onnx/(backend|test)/",
    r"onnx/.*\.(proto|pyi|h|cc)$",
    r"onnxruntime/(tools|datasets|backend)/",
    r"zstandard/_cffi\.",  # 12 MB for PyPy; CPython takes backend_c
    r"numpy/.*/(tests|include)/",
    r"numpy/.*\.pyi$",
    r"cv2/(qt|data)/",
    r"lxml/(includes|isoschematron)/",
    r"(tcl|tk)\w*/",
    r".*\.(a|lib|pdb)$",
    r"rapidocr/models/(?!PP-OCRv6_(det|rec)_small\.onnx|ch_ppocr_mobile_v2\.0_cls_mobile\.onnx|.*\.(yaml|txt)$)",
]

# Libraries of the build's own system: a copy of these breaks on newer systems (drivers, fonts, the session's bus), so
# the packages depend on the system's. What only Python's own modules need is carried: its names change every few years.
_CARRIED = re.compile(r"lib(python3|ssl|crypto|sqlite3|ffi|bz2|lzma|uuid|readline|ncurses\w*|tinfo|expat|mpdec)[.\-]")


def is_wanted(name: str) -> bool:
    """Whether a file of the libraries that we use goes into the program's folder."""
    return not any(re.match(pattern, name) for pattern in _FILES)


def linked(name: str, leads_to: str) -> str:
    """The file that the link `name` leads to: PyInstaller puts one beside Python for each library of a package."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), leads_to))


def is_carried(name: str, source: str) -> bool:
    """Whether a library goes along; `source` is where the build found it. Those beside a Python package always do."""
    if not source.startswith(("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")) or "/site-packages/" in source:
        return True
    return bool(_CARRIED.match(name.rpartition("/")[2])) or "/python3" in source


def may_be_stripped(name: str) -> bool:
    """Whether `stripping` may try: a library, and not one that auditwheel has laid out (CTranslate2's stands it)."""
    if not re.search(r"\.so(\.[\d.]+)?$", name):
        return False
    return ".libs/" not in name or name.startswith("ctranslate2.libs/libctranslate2")


# OpenCV's 80 MB of film codecs go along: its one extension cannot be loaded without them
_OCR = re.compile(r"(cv2|opencv_python_headless\.libs|rapidocr|shapely|shapely\.libs|pyclipper|PIL|pillow\.libs)/")


def is_for_ocr(name: str) -> bool:
    """Whether a file is of use for scans alone, and so belongs to the package of its own."""
    return bool(_OCR.match(name))
