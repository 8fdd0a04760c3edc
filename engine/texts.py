"""Every sentence that the engine itself says to a person, in English and Simplified Chinese.

The command line prints them by the system's language or the settings'; the window by its own. Texts that only
the window shows are in its translations.
"""

from __future__ import annotations

from typing import Literal

from engine.command_texts import COMMAND_TEXTS
from engine.errors import EngineError
from engine.refusals import REASONS
from engine.types import Reason

Language = Literal["en", "zh"]

_TEXTS: dict[str, tuple[str, str]] = COMMAND_TEXTS | {
    # errors: what is wrong, and what to do
    "no_such_path": ("{path} does not exist. Check the spelling.", "{path} 不存在。请检查路径是否正确。"),
    "away": (
        "{path} cannot be reached now: the drive or folder that holds it is away. Connect it and try again; what was "
        "read of it stays searchable.",
        "目前无法访问 {path}：它所在的磁盘或文件夹不可用。请重新连接后再试；已读取的内容仍可搜索。",
    ),
    "no_permission": (
        "{path} cannot be read: no permission. Change its permissions, then add it again.",
        "没有权限读取 {path}。请修改权限后再添加。",
    ),
    "not_a_document": (
        "{path} is not a kind of file that can be read. Readable are: PDF, Word, PowerPoint, Excel and CSV, "
        "OpenDocument, web pages, e-books (EPUB), mails, RTF, Jupyter notebooks, Markdown, LaTeX, plain text, "
        "subtitles, and source code.",
        "无法读取 {path} 这类文件。可以读取的有：PDF、Word、PowerPoint、Excel 和 CSV、OpenDocument、网页、"
        "电子书（EPUB）、邮件、RTF、Jupyter 笔记本、Markdown、LaTeX、纯文本、字幕和源代码。",
    ),
    "not_in_library": (
        "{path} is not in the library. `inkstone status` lists what is.",
        "{path} 不在资料库中。用 `inkstone status` 查看已添加的内容。",
    ),
    "no_such_model": (
        "There is no model named {name}. `inkstone models list` shows the installed ones.",
        "没有名为 {name} 的模型。用 `inkstone models list` 查看已安装的模型。",
    ),
    "not_utf8": (
        "{path} is not text in UTF-8. Save it so, with one password a line.",
        "{path} 不是 UTF-8 文本。请另存为 UTF-8，每行一个密码。",
    ),
    "no_such_page": ("{path} has no page {page}.", "{path} 没有第 {page} 页。"),
    "bad_set": (
        "{path} is not an evaluation set: {why}. "
        "Give a folder with corpus, queries and qrels, or a .jsonl file of questions.",
        "{path} 不是评测集：{why}。请给出含 corpus、queries、qrels 的文件夹，或问题的 .jsonl 文件。",
    ),
    "bad_settings": (
        "{path} cannot be understood: {why}. Correct that line or delete the file to start from the defaults.",
        "无法理解 {path}：{why}。请改正该行，或删除此文件以恢复默认设置。",
    ),
    "bad_setting": (
        "The setting {name} cannot be {value}. It may be: {allowed}.",
        "设置 {name} 不能为 {value}。可以是：{allowed}。",
    ),
    "bad_rule": (
        "{rule} is not a rule. Give a pattern as in .gitignore, such as *.log, drafts/ or !keep.txt.",
        "{rule} 不是规则。请使用 .gitignore 那样的模式，例如 *.log、drafts/ 或 !keep.txt。",
    ),
    "no_such_conversation": (
        "This conversation is not there any more. Start a new one.",
        "这个对话已不存在。请新建一个对话。",
    ),
    "no_such_rule": (
        "There is no rule {rule}. `inkstone exclude --list` shows the rules.",
        "没有规则 {rule}。用 `inkstone exclude --list` 查看规则。",
    ),
    "folders_unwatched": (
        "The system lets a program watch {limit} folders, and there are {folders}: changes in some are noticed after "
        "a minute or so. `sudo sysctl fs.inotify.max_user_watches={wanted}` allows more until the next start; the line "
        "fs.inotify.max_user_watches={wanted} in /etc/sysctl.d/60-inkstone.conf allows it for good.",
        "系统允许一个程序监视 {limit} 个文件夹，而这里有 {folders} 个：其中一些文件夹的变化要过一分钟左右才会发现。"
        "运行 `sudo sysctl fs.inotify.max_user_watches={wanted}` 可在本次开机期间提高上限；将 "
        "fs.inotify.max_user_watches={wanted} 写入 /etc/sysctl.d/60-inkstone.conf 则长期有效。",
    ),
    "indexing_elsewhere": (
        "Another Inkstone is indexing this library. Searching and asking work meanwhile; "
        "this one indexes when that one has ended.",
        "另一个 Inkstone 正在为此资料库建立索引。搜索和提问仍可使用；它结束后才能在这里建立索引。",
    ),
    "unreadable": ("{path} cannot be read: {reason}.", "无法读取 {path}：{reason}。"),
    "no_model": (
        "No embedding model is installed at {path}. "
        "Install Inkstone again, or import one with `inkstone models import DIR`.",
        "{path} 没有嵌入模型。请重新安装 Inkstone，或用 `inkstone models import DIR` 导入一个。",
    ),
    "bad_model": (
        "The model in {path} is refused: {why}. Get an undamaged copy and import it again.",
        "模型 {path} 被拒绝：{why}。请取得完好的副本后重新导入。",
    ),
    "model_exists": (
        "A model named {name} is already installed. Remove its folder {path} first.",
        "已安装名为 {name} 的模型。请先删除它的文件夹 {path}。",
    ),
    "model_searches": (
        "{name} is searched with until your library is embedded with another model. Choose another one, and remove it "
        "when that is done.",
        "资料库尚未换用其他模型计算向量，目前仍用 {name} 搜索。请先选用其他模型，完成后再删除它。",
    ),
    "shipped_model": (
        "{name} came with Inkstone and stays: it is what is used when nothing else is.",
        "{name} 随 Inkstone 附带，不能删除：没有选用其他模型时就用它。",
    ),
    "others_in_home": (
        "Nothing was erased: {path} also holds what Inkstone did not make ({names}). Move that elsewhere and try "
        "again.",
        "什么都没有清除：{path} 里还有不是 Inkstone 创建的东西（{names}）。请先移到别处，再试一次。",
    ),
    "model_work_ended": (
        "The work on the model ended by itself ({why}), most likely for want of memory. Close other programs and try "
        "again.",
        "对模型的处理意外中断（{why}），很可能是内存不足。请关闭其他程序后重试。",
    ),
    "importing_elsewhere": (
        "Another Inkstone is importing a model of this name. Wait until it has ended.",
        "另一个 Inkstone 正在导入同名的模型。请等它结束。",
    ),
    "bad_model_name": (
        "{name} cannot be a model's name. Use at most 80 lower case letters, digits and . _ - and begin and end "
        "with a letter or a digit.",
        "{name} 不能用作模型名称。最多 80 个字符，只用小写字母、数字和 . _ -，并以字母或数字开头和结尾。",
    ),
    "not_chatglm3": (
        "{path} cannot be converted: {why}. What can be is ChatGLM3-6B (also -base, -32k and -128k) and models that "
        "were trained further from it.",
        "无法转换 {path}：{why}。可以转换的是 ChatGLM3-6B（以及 -base、-32k、-128k）和在它们基础上继续训练的模型。",
    ),
    "not_an_embedder": (
        "{path} cannot be imported as an embedding model: {why}. What can be is BGE and other encoders with CLS or "
        "mean pooling.",
        "无法将 {path} 导入为嵌入模型：{why}。可以导入的是 BGE 以及其他采用 CLS 或 mean 池化的编码器。",
    ),
    "not_exported": (
        "{path} holds weights for PyTorch only. Export them with `python -m training.export_embedder --model {path} "
        "--out FOLDER`, then import FOLDER.",
        "{path} 只有 PyTorch 权重。请先用 `python -m training.export_embedder --model {path} --out FOLDER` 导出，"
        "再导入 FOLDER。",
    ),
    "no_queries": (
        "The model in {path} is no embedding model, so that --query-prefix means nothing to it. Leave that out.",
        "{path} 中的模型不是嵌入模型，--query-prefix 对它没有意义。请去掉该选项。",
    ),
    "no_such_compute_type": (
        "There is no compute type {name}. Choose one of {known}.",
        "没有计算类型 {name}。请从 {known} 中选择。",
    ),
    "already_converted": (
        "The model in {path} is converted already ({precision}). Import it without --compute-type.",
        "{path} 中的模型已转换（{precision}）。导入时请不要使用 --compute-type。",
    ),
    "no_space_for_model": (
        "The converted model needs {needed} GB, and the disk that holds {path} has {free} GB free. Free some space, or "
        "choose another folder with --home.",
        "转换后的模型需要 {needed} GB，而 {path} 所在的磁盘仅剩 {free} GB。请腾出空间，或用 --home 选择其他文件夹。",
    ),
    "damaged_library": (
        "The library file {path} is damaged: {why}. Nothing was changed. `inkstone doctor --mend` makes a new one of "
        "what can still be read and keeps this one beside it; your documents are untouched.",
        "资料库文件 {path} 已损坏：{why}。未做任何改动。用 `inkstone doctor --mend` 可利用仍能读取的内容重建一个，"
        "并保留原文件；您的文档完好无损。",
    ),
    "newer_library": (
        "The library {path} was made by a newer Inkstone (version {version}). Update Inkstone to open it.",
        "资料库 {path} 由更新版本的 Inkstone（版本 {version}）创建。请更新 Inkstone 后再打开。",
    ),
    "no_space": (
        "The disk that holds {path} is full. Free some space and start again: indexing goes on where it stopped, an "
        "import begins anew.",
        "{path} 所在的磁盘已满。请腾出空间后重新开始：索引会从停下的地方继续，导入会从头开始。",
    ),
    "no_space_to_upgrade": (
        "The library {path} is of an earlier version, and a copy is kept before it is changed. That needs {needed} GB, "
        "and {free} GB are free. Nothing was changed. Free some space and start again.",
        "资料库 {path} 来自较早的版本，改动之前会先保留一份副本。这需要 {needed} GB，而目前仅剩 {free} GB。"
        "未做任何改动。请腾出空间后重新开始。",
    ),
    "no_space_for_vectors": (
        "Embedding the library anew with {name} needs about {needed} GB, and {free} GB are free for {path}. "
        "Nothing was changed. Free some space, then choose the model again.",
        "用 {name} 重新嵌入资料库约需 {needed} GB，而 {path} 仅剩 {free} GB。未做任何改动。请腾出空间后再选用该模型。",
    ),
    "file_exists": (
        "{path} exists already and is left as it is. Choose another name.",
        "{path} 已存在，保持不变。请换一个名称。",
    ),
    "cannot_write": (
        "{path} cannot be written: {why}. Choose another folder with --home.",
        "无法写入 {path}：{why}。请用 --home 选择其他文件夹。",
    ),
    "generator_ended": (
        "The process that holds the language model ended unexpectedly ({why}), most often for lack of memory. "
        "Ask again, which starts it anew. If it ends again, close other programs or use a smaller model.",
        "运行语言模型的进程意外结束（{why}），多半是内存不足。请再问一次，它会重新启动。"
        "如果再次出现，请关闭其他程序，或改用更小的模型。",
    ),
    "no_memory_for_model": (
        "The language model needs about {needed} GB of memory and {free} GB are free. "
        "Close other programs, import the model as int8, or use a smaller one.",
        "语言模型约需 {needed} GB 内存，目前只有 {free} GB 可用。"
        "请关闭其他程序，将模型以 int8 导入，或改用更小的模型。",
    ),
    "no_memory_beside": (
        "The language model needs about {needed} GB of memory and {free} GB are free. "
        "Another Inkstone is open, which may hold a model itself: close it, then try again.",
        "语言模型约需 {needed} GB 内存，目前只有 {free} GB 可用。"
        "另一个 Inkstone 正在运行，它可能也载入了模型：请先关闭它，然后重试。",
    ),
    "internal": (
        "Something went wrong that should not: {why}. The log has the details; it is tried again by itself.",
        "发生了意外错误：{why}。详情见日志；稍后会自动重试。",
    ),
    "quotes_after_all": ("The model's text is dropped. The answer:", "模型写的文字已舍弃。回答如下："),
    "cut_short": (
        "The answer was cut at its longest allowed length.",
        "回答达到允许的最大长度，已被截断。",
    ),
    "unsupported_mark": (
        "[?] marks a sentence that no passage in your documents supports.",
        "[?] 表示该句在您的文档中没有段落支持。",
    ),
    "bad_template": (
        "The instruction to the model cannot be used: {why}. It needs {{passages}} exactly once, may have {{decline}} "
        "once, and no other words in braces.",
        "给模型的指令无法使用：{why}。其中必须恰好有一个 {{passages}}，可以有一个 {{decline}}，不能有其他花括号字段。",
    ),
    "question_too_long": (
        "The question is too long for the model. Shorten it, or allow longer prompts in the settings.",
        "问题对模型来说太长。请缩短问题，或在设置中允许更长的提示。",
    ),
    # reasons for a failed document: what, and its mend
    "encrypted": (
        "It is protected by a password. Enter it in the window, or give a file of passwords to "
        "`inkstone index --password-file`.",
        "文件受密码保护。请在窗口中输入密码，或通过 `inkstone index --password-file` 提供密码文件。",
    ),
    "damaged": (
        "The file is damaged. Open it in its own program and save it again.",
        "文件已损坏。请用原程序打开并重新保存。",
    ),
    "empty file": ("The file is empty.", "文件是空的。"),
    "no pages": (
        "The document has no pages; it is probably cut short. Get a complete copy.",
        "文档没有任何页面，可能不完整。请获取完整的副本。",
    ),
    "no text": ("There is no text in it.", "其中没有文字。"),
    "no text (scan)": (
        "Its pages are pictures, and no text was recognised in them.",
        "页面是图片，其中没有识别出文字。",
    ),
    "no text (scan, and no OCR)": (
        "Its pages are pictures, and text recognition (OCR) is off or not installed. `inkstone doctor` says how to "
        "get it.",
        "页面是图片，而文字识别（OCR）已关闭或未安装。`inkstone doctor` 会说明如何启用。",
    ),
    "not text": (
        "It does not hold text in an encoding that is recognised. Save it as UTF-8.",
        "无法识别其文字编码。请另存为 UTF-8。",
    ),
    "old format": (
        "It is in Word's or PowerPoint's format of before 2007. Open it there and save it as .docx or .pptx.",
        "它是 Word 或 PowerPoint 2007 之前的旧格式。请用原程序打开，另存为 .docx 或 .pptx。",
    ),
    "took too long": (
        "Reading one of its pages took too long and was stopped. It can be tried again.",
        "读取其中一页耗时过长，已停止。可以重试。",
    ),
    "needs too much memory": (
        "Reading it needs more memory than is allowed. Divide it into smaller files.",
        "读取它所需的内存超过了限制。请拆分成较小的文件。",
    ),
    "crashed the reader": (
        "The reading process ended on it; nothing else was affected. It is probably damaged.",
        "读取进程因它而中断，其他内容不受影响。文件可能已损坏。",
    ),
    "no permission": (
        "You have no permission to read it. Change its permissions.",
        "没有读取权限。请修改文件权限。",
    ),
    "being written": (
        "It was written to while it was read. It is read again with the next indexing.",
        "读取时文件正在被写入，下次索引时会重新读取。",
    ),
    "in the cloud": (
        "It is in the cloud, not on this computer. Let its own program keep it on this computer, then it is read.",
        "文件在云端，不在本机。请在云盘程序中将它保留在本机，之后会自动读取。",
    ),
    "over the size limit": (
        "It is larger than the limit for files of its kind. To have it read, raise max_file_mb in settings.toml.",
        "文件超过了此类文件的大小上限。如需读取，请在 settings.toml 中调高 max_file_mb。",
    ),
    # where the language model runs
    "gpu_unusable": (
        "The graphics card is not used: {why}. The language model runs on the processor, which is slower. "
        "Updating the card's driver or installing CUDA 12 with cuBLAS may help.",
        "未使用显卡：{why}。语言模型在处理器上运行，速度较慢。更新显卡驱动或安装 CUDA 12 与 cuBLAS 可能有帮助。",
    ),
    "gpu_libraries_missing": (
        "The graphics card is not used: {names} of CUDA 12 are missing. The language model runs on the processor, "
        "which is slower. Put these files into {path}: they are in NVIDIA's Python package {package}, a zip file. "
        "Where Inkstone was installed with pip, it is enough to install that package, too.",
        "未使用显卡：缺少 CUDA 12 的 {names}。语言模型在处理器上运行，速度较慢。"
        "请将这些文件放入 {path}：它们在 NVIDIA 的 Python 包 {package}（zip 文件）中。"
        "若 Inkstone 是用 pip 安装的，再安装该包即可。",
    ),
    "gpu_driver_too_old": (
        "The graphics card is not used: its driver is too old for CUDA 12. The language model runs on the processor, "
        "which is slower. Update the driver.",
        "未使用显卡：驱动版本过旧，不支持 CUDA 12。语言模型在处理器上运行，速度较慢。请更新驱动。",
    ),
    "no_gpu": (
        "No usable graphics card was found. The language model runs on the processor.",
        "没有找到可用的显卡。语言模型在处理器上运行。",
    ),
    "compute_type_replaced": (
        "This device cannot compute in {wanted} efficiently; {used} is used instead.",
        "此设备无法高效地以 {wanted} 计算，已改用 {used}。",
    ),
    # answers
    "nothing_found": (
        "Your documents don't seem to say anything about this.",
        "您的文档中似乎没有与此相关的内容。",
    ),
    "nearest": ("The nearest passages are:", "最接近的段落是："),
    "library_incomplete": (
        "{read} of {total} files are searchable so far.",
        "目前可搜索 {total} 个文件中的 {read} 个。",
    ),
    "empty_library": (
        "The library is empty. Add a folder first.",
        "资料库是空的。请先添加文件夹。",
    ),
    "page": ("page {number}", "第 {number} 页"),
    "line": ("line {number}", "第 {number} 行"),
    "paragraph": ("paragraph {number}", "第 {number} 段"),
    "slide": ("slide {number}", "幻灯片 {number}"),
    "row": ("row {number}", "行 {number}"),
    "section": ("{number}", "{number}"),
    "cell": ("cell {number}", "单元格 {number}"),
    "model_declined": (
        "The model found no answer in the passages. The nearest sentences are quoted, word for word.",
        "模型在这些段落中没有找到答案。所引为最接近的原文。",
    ),
    "model_unsupported": (
        "No passage supports what the model wrote, so it is dropped. "
        "The answer is what the documents say, word for word.",
        "没有段落支持模型写出的内容，已舍弃。答案以所引原文为准。",
    ),
    "quotes_first": ("Your documents say:", "您的文档中写道："),
    "written_next": ("The model writes:", "模型的回答："),
    "wait_loading": ("Loading the language model ...", "正在载入语言模型……"),
    "wait_loading_s": ("Loading the language model, about {seconds} s ...", "正在载入语言模型，约 {seconds} 秒……"),
    "wait_queued": ("The model still finishes something else ...", "模型正在完成之前的计算……"),
    "wait_queued_s": (
        "The model still finishes something else, about {seconds} s ...",
        "模型正在完成之前的计算，约 {seconds} 秒……",
    ),
    "wait_passages": ("The model reads the passages ...", "模型正在阅读段落……"),
    "wait_passages_s": ("The model reads the passages, about {seconds} s ...", "模型正在阅读段落，约 {seconds} 秒……"),
}


def say(key: str, language: Language, /, **facts: object) -> str:
    """The sentence named `key`, its braces filled with `facts`; a `why` that names a reason is said in words."""
    if "why" in facts:
        facts["why"] = say_why(language, **facts)
    return _chosen(_TEXTS[key], language).format(**facts)


def say_why(language: Language, /, *, why: object, **facts: object) -> str:
    """The reason named `why`, filled with `facts`. What names none is a library's own words, and stays."""
    reason = REASONS.get(str(why))
    return _chosen(reason, language).format(**facts) if reason else str(why)


def say_error(error: EngineError, language: Language) -> str:
    return say(error.code.value, language, **error.facts)


def say_reason(reason: Reason, language: Language) -> str:
    return say(reason.value, language)


def _chosen(texts: tuple[str, str], language: Language) -> str:
    english, chinese = texts
    return chinese if language == "zh" else english
