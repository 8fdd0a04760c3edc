"""Training; it needs the engine, which keeps onnxruntime from telling Microsoft of what it does."""

import engine  # noqa: F401 - before any library that brings onnxruntime along
