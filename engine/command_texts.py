"""What only the command line says to a person, in English and Simplified Chinese: sentences of `engine.texts`."""

from __future__ import annotations

COMMAND_TEXTS: dict[str, tuple[str, str]] = {
    "help": (
        "Inkstone answers from your own documents, offline, and shows where each answer stands. "
        "Without a command it opens its window.",
        "Inkstone 离线地依据您自己的文档回答问题，并指明每个答案的出处。不带命令时打开窗口。",
    ),
    "help_home": ("the folder that holds the library", "存放资料库的文件夹"),
    "help_json": ("print one JSON object on standard output", "在标准输出上打印一个 JSON 对象"),
    "help_open": ("the window, with these folders and files added", "打开窗口，并添加这些文件夹和文件"),
    "help_hidden": (
        "begin in the tray, or minimised where there is none, as when you log in",
        "启动后留在托盘里；没有托盘时最小化，登录时启动就是这样",
    ),
    "help_add": ("watch folders, or add files", "监视文件夹，或添加文件"),
    "help_remove": ("stop watching; the documents themselves are never touched", "停止监视；文档本身不会被改动"),
    "help_index": ("bring the library up to date", "更新资料库"),
    "help_no_ocr": (
        "leave scanned pages for later; that they wait is no failure (exit code 0)",
        "暂不识别扫描页；仅有扫描页等待时退出码为 0",
    ),
    "help_password_file": (
        "passwords to try on encrypted PDFs, one a line, in UTF-8; they are kept nowhere",
        "用于打开加密 PDF 的密码文件，每行一个，UTF-8 编码；密码不会被保存",
    ),
    "help_retry": ("read failed documents again too", "同时重读失败的文档"),
    "help_status": ("folders, documents by state, failures with reasons", "文件夹、各状态的文档、失败及原因"),
    "help_search": ("the passages that fit best", "最匹配的段落"),
    "help_ask": ("an answer with its sources", "带出处的回答"),
    "help_models": ("list, import, choose, check, measure and remove models", "列出、导入、选用、检查、测速和删除模型"),
    "help_eval": ("score retrieval and answers on a set", "在评测集上为检索和回答评分"),
    "score_row": ("{score}: {value} ({count} questions)", "{score}：{value}（{count} 个问题）"),
    "score_em": ("exact match", "完全匹配"),
    "score_f1": ("F1", "F1"),
    "score_rouge_l": ("ROUGE-L", "ROUGE-L"),
    "score_yes_no": ("right about yes or no", "是非判断正确"),
    "score_contains": ("holds the expected words", "含有预期的文字"),
    "score_answered": ("answered", "已作答"),
    "score_citation_precision": ("cited documents that are right", "所引文档中正确的"),
    "score_citation_recall": ("right documents that are cited", "正确文档中被引用的"),
    "score_right_refusals": ("declined where there is no answer", "没有答案时不作答"),
    "score_wrong_refusals": ("declined although there is an answer", "有答案却不作答"),
    "help_doctor": ("what is installed, what is missing, and how to mend it", "已安装什么、缺少什么、如何修复"),
    "added": ("Watching {path}", "正在监视 {path}"),
    "index_next": ("Now run `inkstone index`.", "接下来请运行 `inkstone index`。"),
    "removed": (
        "No longer watching {path}. The files themselves were not touched.",
        "不再监视 {path}。文件本身未被改动。",
    ),
    "scanning": ("Looking through the folders", "正在查看文件夹"),
    "skimming": ("Looking through {done} of {total}: {name}", "正在浏览 {done} / {total}：{name}"),
    "reading": ("Reading {done} of {total}: {name}", "正在读取 {done} / {total}：{name}"),
    "embedding": ("Embedding passage {done} of {total}", "正在嵌入段落 {done} / {total}"),
    "recognising": ("Recognising scanned page {done} of {total}: {name}", "正在识别扫描页 {done} / {total}：{name}"),
    "left": ("about {time} left", "剩余约 {time}"),
    "seconds": ("{count} s", "{count} 秒"),
    "minutes": ("{count} min", "{count} 分钟"),
    "failed_row": ("failed: {path}: {sentence}", "失败：{path}：{sentence}"),
    "index_done": (
        "{indexed} documents are indexed ({passages} passages), {failed} failed, in {seconds} s.",
        "已索引 {indexed} 个文档（{passages} 个段落），{failed} 个失败，用时 {seconds} 秒。",
    ),
    "scans_wait": (
        "{count} scanned pages wait to be recognised; `inkstone index` does it.",
        "有 {count} 个扫描页等待识别；运行 `inkstone index` 即可识别。",
    ),
    "status_scans": (
        "{path}: {count} of {pages} scanned pages wait to be recognised",
        "{path}：{pages} 个扫描页中有 {count} 个等待识别",
    ),
    "status_scans_lost": (
        "{path}: {count} scanned pages were given up, for they hung or crashed the recognition. "
        "`inkstone index --retry-failed` tries them again.",
        "{path}：{count} 个扫描页使识别卡住或崩溃，已放弃。运行 `inkstone index --retry-failed` 重试。",
    ),
    "status_counts": (
        "{indexed} indexed, {waiting} waiting, {failed} failed; {passages} passages; embedder {embedder}",
        "已索引 {indexed}，等待 {waiting}，失败 {failed}；{passages} 个段落；嵌入模型 {embedder}",
    ),
    "status_paused": (
        "Indexing is paused. Resume it in the window's library; `inkstone index` brings the library up to date once.",
        "索引已暂停。可在窗口的资料库页面继续；运行 `inkstone index` 可更新一次。",
    ),
    "status_folder": (
        "{path}: {indexed} indexed, {waiting} waiting, {failed} failed{away}",
        "{path}：已索引 {indexed}，等待 {waiting}，失败 {failed}{away}",
    ),
    "status_away": (" (cannot be reached now; its documents stay)", "（目前无法访问；其文档保留）"),
    "status_away_count": (
        "{count} documents are on drives or in folders that cannot be reached now; what was read of them stays.",
        "{count} 个文档所在的磁盘或文件夹目前无法访问；已读取的内容仍然保留。",
    ),
    "hit_away": (" (cannot be reached now)", "（目前无法访问）"),
    "help_exclude": (
        "pass over files and folders: rules as in .gitignore, for every watched folder",
        "排除文件和文件夹：规则与 .gitignore 相同，对所有监视的文件夹有效",
    ),
    "help_exclude_list": ("show the rules, ours and your own", "显示内置规则和您自己的规则"),
    "help_exclude_remove": ("take these rules back", "删除这些规则"),
    "rule_row": ("{rule}", "{rule}"),
    "rules_own": ("Your own rules, the later ones stronger:", "您自己的规则（靠后的优先）："),
    "rules_none": ("You have given no rules of your own.", "您还没有添加规则。"),
    "rules_ours": ("Passed over unless a rule with ! takes it back:", "默认排除（可用以 ! 开头的规则恢复）："),
    "rules_changed": (
        "The rules are changed. `inkstone index` follows them; an open window does so by itself.",
        "规则已更改。运行 `inkstone index` 生效；已打开的窗口会自动应用。",
    ),
    "status_empty_pages": ("{path}: {count} pages without text", "{path}：{count} 页没有文字"),
    "no_hits": ("Nothing was found.", "没有找到。"),
    "models_row": ("{mark} {name}  {kind}, {size} MB, {languages}", "{mark} {name}  {kind}，{size} MB，{languages}"),
    "model_imported": (
        "Imported {name}. `inkstone models use {name}` makes it the one in use.",
        "已导入 {name}。用 `inkstone models use {name}` 选用它。",
    ),
    "model_imported_used": (
        "Imported {name}. It writes the answers from now on.",
        "已导入 {name}。从现在起由它撰写回答。",
    ),
    "converting": ("Converting {name}: {done} of {total} GB", "正在转换 {name}：{done} / {total} GB"),
    "help_compute_type": (
        "how the weights are stored. A ChatGLM3's: int8 (the default), int8_float16, int8_bfloat16, float16, bfloat16 "
        "or float32; an embedding model's: as they are (the default) or int8",
        "权重的存储方式。ChatGLM3：int8（默认）、int8_float16、int8_bfloat16、float16、bfloat16、float32；"
        "嵌入模型：保持原样（默认）或 int8",
    ),
    "help_query_prefix": (
        "what an embedding model wants before every question (default: what the model says, or BGE's own for its "
        'language; "" for nothing)',
        '嵌入模型要求加在每个问题之前的文字（默认为模型自带的，或 BGE 对应语言的指令；"" 表示不加）',
    ),
    "model_query_prefix": ("Before every question it gets: {prefix}", "每个问题之前都会加上：{prefix}"),
    "help_model_name": ("the model's name (default: the folder's)", "模型的名称（默认为文件夹名）"),
    "model_used": (
        "{name} is in use from now on. `inkstone index` embeds the library with it; an open window does so by itself.",
        "现在使用 {name}。运行 `inkstone index` 用它重新嵌入；已打开的窗口会自动进行。",
    ),
    "model_removed": ("{name} is removed from this computer.", "已从本机删除 {name}。"),
    "speed_embedder": (
        "{name}: {rate} passages a second are embedded; loaded in {load} s.",
        "{name}：每秒嵌入 {rate} 个段落；载入用时 {load} 秒。",
    ),
    "speed_reader": (
        "{name}: {rate} passages a second are read; loaded in {load} s.",
        "{name}：每秒阅读 {rate} 个段落；载入用时 {load} 秒。",
    ),
    "speed_generator": (
        "{name} ({device}): {rate} tokens a second are written, {taken} taken in; loaded in {load} s.",
        "{name}（{device}）：每秒写出 {rate} 个词元，读入 {taken} 个；载入用时 {load} 秒。",
    ),
    "model_sound": ("{name} is complete and works.", "{name} 完整且可用。"),
    "generator_used": (
        "{name} writes the answers from now on. `inkstone models use quotes` goes back to quotes alone.",
        "今后由 {name} 撰写回答。用 `inkstone models use quotes` 恢复为只引用原文。",
    ),
    "model_imported_reads": (
        "Imported {name}. From now on it reads the passages that are found for a question.",
        "已导入 {name}。从现在起由它阅读为问题找到的段落。",
    ),
    "reader_used": (
        "{name} reads the passages that are found for a question from now on.",
        "从现在起由 {name} 阅读为问题找到的段落。",
    ),
    "no_reader_used": (
        "Passages are judged by their words and meaning alone from now on.",
        "今后仅按词语和语义判断段落。",
    ),
    "quotes_used": ("Answers are quotes alone from now on.", "今后的回答只引用原文。"),
    "doctor_no_gpu": (
        "no driver of an NVIDIA card; a language model runs on the processor",
        "没有 NVIDIA 显卡驱动；语言模型在处理器上运行",
    ),
    "doctor_gpu": (
        "an NVIDIA driver and the libraries of CUDA 12 are here; a language model can run on the card",
        "NVIDIA 驱动和 CUDA 12 的程序库都在；语言模型可以在显卡上运行",
    ),
    "doctor_no_generator": (
        "none; answers are quotes. `inkstone models import DIR` brings one.",
        "无；回答只引用原文。用 `inkstone models import DIR` 导入一个。",
    ),
    "doctor_generator": (
        "{name} · {device} · {compute_type} · needs about {needed} GB of memory, {free} GB are free",
        "{name} · {device} · {compute_type} · 约需 {needed} GB 内存，可用 {free} GB",
    ),
    "help_mend": (
        "mend what is wrong with the library, after a copy of it was kept",
        "修复资料库的问题，修复前会保留一份副本",
    ),
    "help_backup": ("copy the library into a file, also while it is in use", "将资料库复制到文件，使用中也可以"),
    "backup_done": (
        "{path} holds a copy of the library ({size} MB). Models and settings are not in it.",
        "{path} 是资料库的副本（{size} MB），不含模型和设置。",
    ),
    "doctor_mend": (
        "`inkstone doctor --mend` puts it right; your documents are untouched.",
        "用 `inkstone doctor --mend` 修复；您的文档不受影响。",
    ),
    "mended": ("mended: {sentence}", "已修复：{sentence}"),
    "mended_nothing": ("There was nothing to mend.", "没有需要修复的问题。"),
    "salvaged": (
        "The library was damaged. A new one was made of what could be read; the damaged one is kept as {path}. "
        "Run `inkstone index`, which reads the documents again.",
        "资料库已损坏，已用仍能读取的内容重建；损坏的文件保存为 {path}。请运行 `inkstone index` 重新读取文档。",
    ),
    "flaw_dangling": (
        "{count} rows refer to something that is not in the library.",
        "有 {count} 行引用了资料库中不存在的内容。",
    ),
    "flaw_vectors": (
        "{count} vectors are damaged; their passages are embedded again with the next indexing.",
        "有 {count} 个向量已损坏；下次索引时会重新嵌入这些段落。",
    ),
    "flaw_counts": (
        "{count} documents count their passages or vectors wrongly.",
        "有 {count} 个文档的段落数或向量数不正确。",
    ),
    "flaw_keywords": (
        "{count} passages and the keyword index do not agree.",
        "有 {count} 个段落与关键词索引不一致。",
    ),
    "flaw_graphs": (
        "{count} files of the vector index are damaged; they are made again.",
        "向量索引有 {count} 个文件已损坏；会重新生成。",
    ),
    "status_anew": (
        "{done} of {total} passages are embedded anew with {name}; until then {before} is searched with.",
        "正在用 {name} 重新嵌入，已完成 {done} / {total} 个段落；完成之前仍用 {before} 搜索。",
    ),
    "anew_need": (
        "{count} passages are embedded anew in the background, which needs about {needed} GB for a time "
        "({free} GB are free). Until it is done {before} is searched with; choosing {before} again cancels it.",
        "将在后台重新嵌入 {count} 个段落，其间约需 {needed} GB 磁盘空间（可用 {free} GB）。"
        "完成之前仍用 {before} 搜索；重新选用 {before} 即可取消。",
    ),
    "doctor_ok": ("ok", "正常"),
    "doctor_missing": (
        "not installed. Run `python3 packaging/bootstrap.py run doctor`, which installs it.",
        "未安装。请运行 `python3 packaging/bootstrap.py run doctor` 进行安装。",
    ),
    "doctor_no_ocr": (
        "not installed; scanned pages stay without text. `python3 packaging/bootstrap.py run doctor` installs it, "
        "elsewhere `pip install 'rapidocr~=3.10.0'`.",
        "未安装；扫描页没有文字。运行 `python3 packaging/bootstrap.py run doctor` 即可安装，"
        "其他环境用 `pip install 'rapidocr~=3.10.0'`。",
    ),
    "doctor_no_ocr_package": (
        "not installed; scanned pages stay without text. It is a package of its own: inkstone-ocr.",
        "未安装；扫描页没有文字。它是单独的安装包：inkstone-ocr。",
    ),
    "doctor_ocr_off": ("off; `ocr = true` in {path} switches it on.", "已关闭；在 {path} 中设 `ocr = true` 可启用。"),
    "doctor_ocr": ("rapidocr {version} · {count} pages wait", "rapidocr {version} · {count} 页等待识别"),
    "doctor_disk": ("{free} GB free for {path}", "{path} 所在磁盘剩余 {free} GB"),
    "doctor_disk_full": (
        "only {free} GB free for {path}. Free some space, or choose another folder with --home.",
        "{path} 所在磁盘仅剩 {free} GB。请腾出空间，或用 --home 选择其他文件夹。",
    ),
    "doctor_row": ("{mark}  {name}: {finding}", "{mark}  {name}：{finding}"),
    "interrupted_import": (
        "Stopped. Nothing was imported, and nothing is left of it.",
        "已停止。没有导入任何内容，也没有留下任何文件。",
    ),
    "interrupted": (
        "Stopped. What was done is kept; start again to go on.",
        "已停止。已完成的部分会保留；重新开始即可继续。",
    ),
}
