"""Why something is refused, in English and Chinese: what stands for `{why}` in a sentence of `engine.texts`.

A reason has no capital and no full stop: it is put into a sentence, and may share its facts.
"""

from __future__ import annotations

REASONS: dict[str, tuple[str, str]] = {
    # any file
    "no_file": ("there is no {file} in it", "其中没有 {file}"),
    "missing_file": ("{file} is missing", "缺少 {file}"),
    "unreadable_file": ('{file} cannot be read: "{words}"', "无法读取 {file}：“{words}”"),
    "unusable_file": ('{file} cannot be used: "{words}"', "无法使用 {file}：“{words}”"),
    "outside_file": ("{file} points out of the folder", "{file} 指向文件夹之外"),
    "wrong_sha256": ("{file} has sha256 {found} instead of {wanted}", "{file} 的 sha256 是 {found}，应为 {wanted}"),
    "cut_short": ("{file} is cut short", "{file} 不完整"),
    "damaged_file": ("{file} is damaged", "{file} 已损坏"),
    # JSON
    "no_object": ("{file} is not one JSON object", "{file} 不是一个 JSON 对象"),
    "too_deep": ("{file} is nested too deeply", "{file} 的嵌套层数过多"),
    "missing_key": ("{file} lacks '{key}'", "{file} 缺少 “{key}”"),
    "wrong_value": ("{file} has {value} as '{key}'", "{file} 中 “{key}” 的值 {value} 无效"),
    "not_as_wanted": (
        "{file} has {value} as '{key}', which should be {wanted}",
        "{file} 中 “{key}” 的值是 {value}，应为 {wanted}",
    ),
    "names_outside": (
        "{file} names the file {name}, which is not inside the folder",
        "{file} 提到的文件 {name} 不在该文件夹内",
    ),
    "names_no_files": ("{file} names no files", "{file} 没有列出任何文件"),
    # model.json
    "no_schema": ("{file} lacks 'schema', a number from 1", "{file} 缺少 “schema”（从 1 开始的数字）"),
    "newer_schema": (
        "{file} has schema {schema}, made for a newer Inkstone; this one reads {known}",
        "{file} 的 schema 是 {schema}，属于更新版本的 Inkstone；当前版本只能读取 {known}",
    ),
    "nameless_file": (
        "{file} lists a file without a 'name' and a 'sha256'",
        "{file} 列出的一个文件缺少 “name” 或 “sha256”",
    ),
    "no_sha256": ("{file} has {value} as the sha256 of {name}", "{file} 中 {name} 的 sha256 是 {value}，无效"),
    "same_ids": (
        "{file} gives two of the chat's 'special_ids' one id",
        "{file} 中 “chat.special_ids” 有两项的编号相同",
    ),
    "bad_name": (
        "{file} has {value} as 'name'; lower case letters, digits and . _ - make one",
        "{file} 中 “name” 的值是 {value}；名称只能用小写字母、数字和 . _ -",
    ),
    "unlisted_file": ("model.json does not list {file}", "model.json 没有列出 {file}"),
    "another_kind": ("it is of the kind '{kind}', not '{wanted}'", "它的类型是 “{kind}”，不是 “{wanted}”"),
    # config.json
    "no_architecture": ("{file} describes no known architecture", "{file} 没有说明任何已知的架构"),
    "another_architecture": ("{file} describes {names}", "{file} 描述的是 {names}"),
    "first_chatglm": (
        "it is the first ChatGLM, which is built otherwise",
        "它是第一代 ChatGLM，结构与 ChatGLM3 不同",
    ),
    "glm4": ("it is a GLM-4 model, which has another tokenizer", "它是 GLM-4 模型，使用另一种分词器"),
    "chatglm2": (
        "it is a ChatGLM2 model, which was trained with another chat format",
        "它是 ChatGLM2 模型，训练时使用另一种对话格式",
    ),
    "other_settings": (
        "{file} has {settings}, which ChatGLM3 does not have",
        "{file} 中有 {settings}，这不属于 ChatGLM3",
    ),
    "unshared_heads": (
        "{file} has {heads} attention heads, which {groups} groups cannot share",
        "{file} 有 {heads} 个注意力头，无法平分给 {groups} 组",
    ),
    "odd_heads": (
        "{file} has heads of {size} values, which should be a multiple of 4",
        "{file} 中每个注意力头有 {size} 个值，应为 4 的倍数",
    ),
    "few_tokens": ("{file} allows {count} tokens", "{file} 只允许 {count} 个词元"),
    # the weights
    "no_weights": (
        "there are no weights in it (model*.safetensors or pytorch_model*.bin)",
        "其中没有权重文件（model*.safetensors 或 pytorch_model*.bin）",
    ),
    "lone_adapter": (
        "it holds only a LoRA adapter; merge it into its ChatGLM3 first",
        "其中只有 LoRA 适配器；请先将它合并到对应的 ChatGLM3",
    ),
    "unmerged_adapter": (
        "it holds a LoRA adapter that is not merged ({name}); merge it first",
        "其中有未合并的 LoRA 适配器（{name}）；请先合并",
    ),
    "prefix": ("it has a P-Tuning prefix ({name})", "其中有 P-Tuning 前缀（{name}）"),
    "quantised": (
        "its weights are quantised already ({name}); the original float16 ones are needed",
        "它的权重已经量化（{name}）；需要原始的 float16 权重",
    ),
    "foreign_tensor": (
        "it holds a tensor that ChatGLM3 does not have: {name}",
        "其中有 ChatGLM3 没有的张量：{name}",
    ),
    "missing_tensor": ("the tensor {name} is missing", "缺少张量 {name}"),
    "wrong_shape": ("{name} has the shape {shape} instead of {wanted}", "{name} 的形状是 {shape}，应为 {wanted}"),
    "unreadable_type": (
        "{name} is stored as {dtype}; float16, bfloat16 and float32 can be read",
        "{name} 以 {dtype} 存储；只能读取 float16、bfloat16 和 float32",
    ),
    "two_files": ("{name} is in two files, {first} and {second}", "{name} 同时出现在 {first} 和 {second} 中"),
    "impossible_sizes": ("{file} has impossible sizes for {name}", "{file} 中 {name} 的大小不合理"),
    "not_finite": (
        "{name} in {file} holds values that are infinite or no numbers",
        "{file} 中的 {name} 含有无穷大或非数值",
    ),
    "too_large_values": (
        "{name} holds values too large for {dtype}; choose another --compute-type, such as int8",
        "{name} 含有超出 {dtype} 范围的值；请选择其他 --compute-type，例如 int8",
    ),
    "no_safetensors": (
        "{file} is cut short or no safetensors file",
        "{file} 不完整，或不是 safetensors 文件",
    ),
    "damaged_header": ("{file} has a damaged header", "{file} 的文件头已损坏"),
    # pytorch_model*.bin
    "old_torch_file": (
        "{file} has PyTorch's format from before 2020; load it there and save it as safetensors",
        "{file} 是 2020 年以前的 PyTorch 格式；请用 PyTorch 载入后另存为 safetensors",
    ),
    "no_torch_file": ("{file} is cut short or no PyTorch file", "{file} 不完整，或不是 PyTorch 文件"),
    "no_pickle": (
        "{file} is no PyTorch file: there is no data.pkl in it",
        "{file} 不是 PyTorch 文件：其中没有 data.pkl",
    ),
    "big_endian": (
        "{file} was written on a big-endian machine; save it as safetensors",
        "{file} 由大端序的计算机写成；请另存为 safetensors",
    ),
    "large_part": (
        "{file} has {name} compressed or too large; save it as safetensors",
        "{file} 中的 {name} 被压缩或过大；请另存为 safetensors",
    ),
    "compressed": (
        "{file} is compressed or encrypted; save the model as safetensors",
        "{file} 被压缩或加密；请将模型另存为 safetensors",
    ),
    "cut_or_encrypted": ("{file} is cut short or encrypted", "{file} 不完整或被加密"),
    "damaged_pickle": ("{file} has a damaged pickle", "{file} 中的 pickle 已损坏"),
    "strange_pickle": (
        "{file} has a pickle that is not understood",
        "无法理解 {file} 中的 pickle",
    ),
    "forbidden_call": (
        "{file} asks for {name}, which is not run; save the model as safetensors",
        "{file} 要求执行 {name}，已拒绝；请将模型另存为 safetensors",
    ),
    "impossible_tensor": ("{file} has a tensor with impossible sizes", "{file} 中有大小不合理的张量"),
    "no_tensors": (
        "{file} holds something else than a model's tensors",
        "{file} 中的内容不是模型的张量",
    ),
    "with_gaps": (
        "{file} holds {name} transposed or with gaps; save the model as safetensors",
        "{file} 中的 {name} 被转置或不连续；请将模型另存为 safetensors",
    ),
    "missing_values": ("{file} lacks the values {name}", "{file} 缺少数据 {name}"),
    "other_size": (
        "{file} has values {name} of another size than stated",
        "{file} 中数据 {name} 的大小与所述不符",
    ),
    # tokenizer.model
    "no_sentencepiece": ("{file} is not a SentencePiece model", "{file} 不是 SentencePiece 模型"),
    "cut_sentencepiece": (
        "{file} is cut off, or not a SentencePiece model",
        "{file} 不完整，或不是 SentencePiece 模型",
    ),
    "large_sentencepiece": (
        "{file} is too large for a SentencePiece model",
        "{file} 过大，不会是 SentencePiece 模型",
    ),
    "tiktoken": (
        "{file} is a tiktoken file, as GLM-4 has; ChatGLM3's is a SentencePiece model",
        "{file} 是 GLM-4 使用的 tiktoken 文件；ChatGLM3 使用 SentencePiece 模型",
    ),
    "not_bpe": (
        "{file} is not a BPE model, the kind that ChatGLM3 has",
        "{file} 不是 ChatGLM3 所用的 BPE 模型",
    ),
    "changes_characters": (
        "{file} changes characters before it reads them, which ChatGLM3's does not",
        "{file} 在读取前会改动字符，ChatGLM3 的不会",
    ),
    "removes_blanks": (
        "{file} removes blanks from the text, which ChatGLM3's does not",
        "{file} 会删去文本中的空格，ChatGLM3 的不会",
    ),
    "other_blanks": (
        "{file} does not mark blanks as ChatGLM3's does",
        "{file} 标记空格的方式与 ChatGLM3 的不同",
    ),
    "unknown_text": (
        "{file} has its own text for the unknown token, which ChatGLM3's has not",
        "{file} 为未知词元另设了文本，ChatGLM3 的没有",
    ),
    "other_pieces": (
        "{file} has user-defined or unused pieces, which ChatGLM3's has not",
        "{file} 有自定义或未使用的词片，ChatGLM3 的没有",
    ),
    "no_bytes": (
        "{file} lacks pieces for single bytes, which ChatGLM3's has",
        "{file} 缺少表示单个字节的词片，ChatGLM3 的有",
    ),
    "same_pieces": ("{file} has the same piece twice", "{file} 中有重复的词片"),
    "short_special": (
        "{file} has a special piece of a single character",
        "{file} 中有仅一个字符的特殊词片",
    ),
    "same_scores": ("{file} has two pieces of the same score", "{file} 中有两个词片的分数相同或无效"),
    "no_character": (
        "{file} has pieces with {character}, but no piece for that character alone",
        "{file} 有含 {character} 的词片，却没有该字符自己的词片",
    ),
    "unmade_piece": (
        "{file} has the piece {piece}, which no two other pieces make up",
        "{file} 中的词片 {piece} 无法由另外两个词片拼成",
    ),
    "long_piece": ("{file} has a piece of {count} characters", "{file} 中有 {count} 个字符的词片"),
    "no_utf8": ("{file} has a piece that is not UTF-8", "{file} 中有不是 UTF-8 的词片"),
    "few_rows": (
        "{file} has {pieces} pieces and {specials} special tokens, but the weights only {rows}",
        "{file} 有 {pieces} 个词片和 {specials} 个特殊词元，而权重只有 {rows} 行",
    ),
    # tokenizer.json
    "foreign_tokenizer": ("{file} is none that converting makes", "{file} 不是由转换生成的"),
    "busy_tokenizer": (
        "{file} does more than converting makes it do",
        "{file} 做了转换所没有规定的事",
    ),
    "special_text": (
        "{file} has a piece of text with the id {id}, which is {name}",
        "{file} 中编号 {id} 是一段文字，而它应是 {name}",
    ),
    "no_room": (
        "{file} leaves no room for text: {count} tokens hold the special ones alone",
        "{file} 没有给文本留下位置：{count} 个词元只够容纳特殊词元",
    ),
    "silent_tokenizer": ("{file} makes no tokens of a word", "{file} 无法将单词转换为词元"),
    "no_tokenizer": (
        "there is neither tokenizer.json nor vocab.txt in it",
        "其中既没有 tokenizer.json，也没有 vocab.txt",
    ),
    "no_start_token": (
        "{file} puts no special token before a text, which CLS pooling needs",
        "{file} 没有在文本前加上特殊词元，而 CLS 池化需要它",
    ),
    # vocab.txt
    "other_tokenizer": (
        "{file} belongs to a {kind}, whose rules are not known; save its tokenizer.json beside it",
        "{file} 属于 {kind}，其规则未知；请同时提供它的 tokenizer.json",
    ),
    "no_special_token": ("{file} lacks the special token {token}", "{file} 缺少特殊词元 {token}"),
    "no_words": ("{file} holds no words", "{file} 中没有单词"),
    "strays": ("{file} does not give {word} its own id", "{file} 没有为 {word} 给出它自己的编号"),
    # an encoder in the hub's shape
    "no_modules": ("{file} is not a list of modules", "{file} 不是模块列表"),
    "other_module": (
        "it has a module of the kind {kind}, which cannot be served",
        "它含有无法运行的 {kind} 模块",
    ),
    "no_pooling": (
        "{file} is missing, so that nothing says how the tokens of a text become one vector",
        "缺少 {file}，无从得知文本的词元如何合成一个向量",
    ),
    "other_pooling": ("{file} asks for the pooling '{mode}'", "{file} 要求的池化方式是 “{mode}”"),
    "names_taken": (
        "{file} keeps weights in {name}, a name that Inkstone needs itself",
        "{file} 把权重存放在 {name}，而 Inkstone 自己要用这个名称",
    ),
    "not_quantised": ('it cannot be made int8: "{words}"', "无法转换为 int8：“{words}”"),
    "few_vectors": (
        "{file} has ids up to {id}, but the weights have fewer",
        "{file} 的编号最大到 {id}，而权重没有这么多",
    ),
    "few_positions": (
        "{file} cannot read {count} tokens at once, as the settings beside it allow",
        "{file} 无法像旁边的设置所说的那样一次读取 {count} 个词元",
    ),
    "no_states": (
        "its output '{output}' has the shape {shape} instead of a state for each of {count} tokens; export it for "
        "feature extraction",
        "它的输出 “{output}” 的形状是 {shape}，而不是 {count} 个词元各自的状态；请以 feature-extraction 任务导出",
    ),
    # what it computes
    "wrong_output": ("it gives {shape} where {wanted} is right", "它的输出是 {shape}，应为 {wanted}"),
    "no_length": (
        "it gives a vector without a length (zero, infinite or not a number)",
        "它给出的向量没有长度（零、无穷大或非数值）",
    ),
    "unknown_inputs": (
        "{file} wants inputs that are not known: {names}",
        "{file} 需要未知的输入：{names}",
    ),
    "words": ('"{words}"', "“{words}”"),
    "library_says": ('the library that runs it says "{words}"', "运行它的程序库报告：“{words}”"),
    # a template of the instruction
    "long_template": ("it has {count} characters and may have {most}", "它有 {count} 个字符，最多可有 {most} 个"),
    "odd_field": ("{field} cannot stand in it", "其中不能有 {field}"),
    "field_count": ("{field} stands in it {count} times", "其中有 {count} 处 {field}"),
    # elsewhere
    "broken_line": ('line {line} of {file} is broken: "{words}"', "{file} 第 {line} 行有误：“{words}”"),
    "no_questions": ("there are no questions in it", "其中没有问题"),
    "no_permission": ("permission denied", "没有权限"),
    # the process that computes; its sentence is "generator_ended" or "gpu_unusable"
    "no_start": ("it could not be started", "无法启动"),
    "signal": ("signal {number}", "信号 {number}"),
    "exit_code": ("exit code {number}", "退出码 {number}"),
}
