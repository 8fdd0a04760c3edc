"""The engine: documents become passages, questions become cited answers. Imported, it shuts a library's mouth.

onnxruntime's own builds of 1.31 report to Microsoft what they do, on every system, and keep an identifier of the
computer in `~/.cache/Microsoft`, unless this variable is there before it is loaded (its Privacy.md). So it is set
before anything else, for this process and the children that it starts. `tests.end_to_end.offline` is what found it.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
