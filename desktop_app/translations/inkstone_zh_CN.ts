<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en_US">
<context>
    <name>AnewCard</name>
    <message>
        <source>How much of the library is embedded</source>
        <translation>资料库已计算向量的比例</translation>
    </message>
    <message>
        <source>Your library is embedded with {name}</source>
        <translation>正在用 {name} 为资料库计算向量</translation>
    </message>
    <message>
        <source>{done} of {total} passages</source>
        <translation>{done} / {total} 个段落</translation>
    </message>
    <message>
        <source>until then {name} finds</source>
        <translation>完成之前仍用 {name} 查找</translation>
    </message>
    <message>
        <source>Keep {name}</source>
        <translation>仍用 {name}</translation>
    </message>
</context>
<context>
    <name>AnswerActions</name>
    <message>
        <source>Copy with citations</source>
        <translation>复制（含引用）</translation>
    </message>
    <message>
        <source>Copy without citations</source>
        <translation>复制（不含引用）</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the answer</source>
        <translation>复制回答</translation>
    </message>
    <message>
        <source>Choose how to copy</source>
        <translation>选择复制方式</translation>
    </message>
    <message>
        <source>Ask again</source>
        <translation>重新提问</translation>
    </message>
</context>
<context>
    <name>AnswerSettings</name>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>As the instruction says</source>
        <translation>按指令原文</translation>
    </message>
    <message>
        <source>Brief</source>
        <translation>简短</translation>
    </message>
    <message>
        <source>In detail</source>
        <translation>详细</translation>
    </message>
    <message>
        <source>As a list</source>
        <translation>要点列表</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> 词元</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分钟</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>Quotes only</source>
        <translation>仅摘录原文</translation>
    </message>
    <message>
        <source>Who answers</source>
        <translation>由谁回答</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Automatic takes the graphics card where there is a usable one, else the processor.</source>
        <translation>自动：有可用的显卡时使用显卡，否则使用处理器。</translation>
    </message>
    <message>
        <source>Number format</source>
        <translation>数值格式</translation>
    </message>
    <message>
        <source>Small formats need less memory and are faster; float32 is the most exact.</source>
        <translation>较小的格式占用内存少、速度快；float32 最精确。</translation>
    </message>
    <message>
        <source>Style</source>
        <translation>风格</translation>
    </message>
    <message>
        <source>One more sentence in the instruction; how well it is followed depends on the model.</source>
        <translation>在指令中多加一句话；遵循得如何取决于模型。</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>回答的最大长度</translation>
    </message>
    <message>
        <source>The model stops after this many tokens; a token is roughly a word.</source>
        <translation>达到这个词元数后模型停止书写；一个词元大约是一个词。</translation>
    </message>
    <message>
        <source>Longest prompt</source>
        <translation>提示的最大长度</translation>
    </message>
    <message>
        <source>How much of the passages and the conversation the model reads; more takes longer to begin.</source>
        <translation>模型最多读入多少段落和对话内容；读得越多，开始回答越慢。</translation>
    </message>
    <message>
        <source>Read ahead while you type</source>
        <translation>输入时提前阅读</translation>
    </message>
    <message>
        <source>The model takes in the likely passages before you press Enter, so that it answers sooner.</source>
        <translation>在您按下回车之前，模型就先读入可能用到的段落，从而更快回答。</translation>
    </message>
    <message>
        <source>Free the memory when idle</source>
        <translation>空闲时释放内存</translation>
    </message>
    <message>
        <source>After this time without a question the model leaves the memory until it is needed.</source>
        <translation>超过这段时间没有提问，模型会退出内存，需要时再载入。</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>At 0 the likeliest word is always taken. Higher values vary the wording and err more often.</source>
        <translation>为 0 时总是取可能性最大的词；数值越高，措辞越多样，也越容易出错。</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p（核采样）</translation>
    </message>
    <message>
        <source>Only the likeliest words that together reach this probability are drawn from; 1 allows all.</source>
        <translation>只从累计概率达到此值的最可能的词中选取；1 表示不限制。</translation>
    </message>
    <message>
        <source>Repetition penalty</source>
        <translation>重复惩罚</translation>
    </message>
    <message>
        <source>Values above 1 make the model less likely to repeat words; 1 leaves it as it is.</source>
        <translation>大于 1 时模型较少重复用词；1 表示不作调整。</translation>
    </message>
    <message>
        <source>Answers are quotes from your documents. To have them written, import a language model on the page of models.</source>
        <translation>回答是文档原文的摘录。要写出完整的回答，请在“模型”页面导入一个语言模型。</translation>
    </message>
    <message>
        <source>Quotes come at once; a language model then writes an answer from the same passages.</source>
        <translation>先立即给出原文摘录，再由语言模型依据同样的段落撰写回答。</translation>
    </message>
</context>
<context>
    <name>AnswerView</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>? marks a sentence that no passage in your documents supports.</source>
        <translation>标有“?”的句子在您的文档中没有依据。</translation>
    </message>
    <message>
        <source>Ask again</source>
        <translation>重新提问</translation>
    </message>
    <message>
        <source>The answer was interrupted. {reason}</source>
        <translation>回答中断了。{reason}</translation>
    </message>
    <message>
        <source>Written by {model} from the passages</source>
        <translation>由 {model} 依据段落撰写</translation>
    </message>
    <message>
        <source>Written by the language model from the passages</source>
        <translation>由语言模型依据段落撰写</translation>
    </message>
    <message>
        <source>You stopped this answer.</source>
        <translation>您停止了这个回答。</translation>
    </message>
    <message>
        <source>The answer reached its greatest length and ends here.</source>
        <translation>回答已达到最大长度，到此为止。</translation>
    </message>
    <message>
        <source>Word for word from your documents</source>
        <translation>逐字引自您的文档</translation>
    </message>
</context>
<context>
    <name>ChatHeader</name>
    <message>
        <source>Export as Markdown…</source>
        <translation>导出为 Markdown…</translation>
    </message>
    <message>
        <source>Export as a web page…</source>
        <translation>导出为网页…</translation>
    </message>
    <message>
        <source>Export as PDF…</source>
        <translation>导出为 PDF…</translation>
    </message>
    <message>
        <source>Export all thumbs up and down…</source>
        <translation>导出所有评价…</translation>
    </message>
    <message>
        <source>Show or hide the conversations</source>
        <translation>显示或隐藏对话列表</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新建对话</translation>
    </message>
    <message>
        <source>Rename the conversation</source>
        <translation>重命名对话</translation>
    </message>
    <message>
        <source>Export the conversation</source>
        <translation>导出对话</translation>
    </message>
</context>
<context>
    <name>ChatPage</name>
    <message>
        <source>New conversation</source>
        <translation>新建对话</translation>
    </message>
    <message>
        <source>“{title}” was deleted.</source>
        <translation>已删除“{title}”。</translation>
    </message>
    <message>
        <source>The earlier question and what followed it were replaced.</source>
        <translation>已替换原来的问题及其后的内容。</translation>
    </message>
    <message numerus="yes">
        <source>{done} of %Ln document(s) are searchable so far.</source>
        <translation>
            <numerusform>目前 %Ln 个文档中有 {done} 个可以搜索。</numerusform>
        </translation>
    </message>
    <message>
        <source>Indexing is paused.</source>
        <translation>索引已暂停。</translation>
    </message>
</context>
<context>
    <name>ChatStart</name>
    <message>
        <source>Add folder</source>
        <translation>添加文件夹</translation>
    </message>
    <message>
        <source>Add a folder of documents to begin</source>
        <translation>添加一个文档文件夹即可开始</translation>
    </message>
    <message>
        <source>Inkstone reads it here, on this computer, and answers your questions with the exact passages.</source>
        <translation>Inkstone 就在这台电脑上读取文档，并引用原文段落回答您的问题。</translation>
    </message>
    <message>
        <source>What would you like to know?</source>
        <translation>您想了解什么？</translation>
    </message>
    <message>
        <source>Answers come from your own documents. Each claim is linked to the passage that it came from.</source>
        <translation>回答来自您自己的文档，每个论断都链接到它所出自的段落。</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>New conversation</source>
        <translation>新建对话</translation>
    </message>
    <message>
        <source>Ask a question</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Search your documents</source>
        <translation>搜索您的文档</translation>
    </message>
    <message>
        <source>Show the library</source>
        <translation>打开资料库</translation>
    </message>
    <message>
        <source>Show the models</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Show the settings</source>
        <translation>打开设置</translation>
    </message>
    <message>
        <source>Show the guide</source>
        <translation>打开使用指南</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation>添加文件…</translation>
    </message>
    <message>
        <source>Search the conversations</source>
        <translation>搜索对话</translation>
    </message>
    <message>
        <source>Choose what is asked…</source>
        <translation>选择提问范围…</translation>
    </message>
    <message>
        <source>Show or hide the conversations</source>
        <translation>显示或隐藏对话列表</translation>
    </message>
    <message>
        <source>Rename this conversation</source>
        <translation>重命名此对话</translation>
    </message>
    <message>
        <source>Export this conversation…</source>
        <translation>导出此对话…</translation>
    </message>
    <message>
        <source>Search in the open document</source>
        <translation>在打开的文档中搜索</translation>
    </message>
    <message>
        <source>Go on with indexing</source>
        <translation>继续索引</translation>
    </message>
    <message>
        <source>Pause indexing</source>
        <translation>暂停索引</translation>
    </message>
    <message>
        <source>Theme: light</source>
        <translation>主题：浅色</translation>
    </message>
    <message>
        <source>Theme: dark</source>
        <translation>主题：深色</translation>
    </message>
    <message>
        <source>Theme: as the system</source>
        <translation>主题：跟随系统</translation>
    </message>
    <message>
        <source>Quit Inkstone</source>
        <translation>退出 Inkstone</translation>
    </message>
    <message>
        <source>Conversation: {title}</source>
        <translation>对话：{title}</translation>
    </message>
    <message>
        <source>Ask: {words}</source>
        <translation>提问：{words}</translation>
    </message>
    <message>
        <source>Search for: {words}</source>
        <translation>搜索：{words}</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Show earlier questions</source>
        <translation>显示更早的问题</translation>
    </message>
</context>
<context>
    <name>ConversationDelegate</name>
    <message>
        <source>Name of the conversation</source>
        <translation>对话名称</translation>
    </message>
</context>
<context>
    <name>ConversationList</name>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin to the top</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新建对话</translation>
    </message>
    <message>
        <source>Search conversations</source>
        <translation>搜索对话</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>No conversation says this.</source>
        <translation>没有对话提到这些内容。</translation>
    </message>
    <message>
        <source>What you ask is kept here, on this computer. Write your first question below.</source>
        <translation>您的提问会保存在本机，列在这里。请在下方写下第一个问题。</translation>
    </message>
</context>
<context>
    <name>ConversationsModel</name>
    <message>
        <source>Pinned: {title}</source>
        <translation>已置顶：{title}</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>更早</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>The engine stopped unexpectedly</source>
        <translation>引擎意外停止</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>出了点问题</translation>
    </message>
    <message>
        <source>Your library and your documents are safe, and you can go on. What follows was written to a file and sent nowhere: it names places in the program and perhaps files, and holds no text of your documents or questions. To have it mended, give it to whoever you got Inkstone from.</source>
        <translation>您的资料库和文档都安全，可以继续使用。以下内容已写入一个文件，没有发送到任何地方：其中只有程序中的位置，可能还有文件名，没有您的文档或问题的文字。如需修复，请把它交给向您提供 Inkstone 的人。</translation>
    </message>
    <message>
        <source>Saved as {path}</source>
        <translation>已保存为 {path}</translation>
    </message>
    <message>
        <source>Text of the report</source>
        <translation>报告的内容</translation>
    </message>
    <message>
        <source>Copy the report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>DataSettings</name>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Save a copy…</source>
        <translation>保存副本…</translation>
    </message>
    <message>
        <source>Erase everything…</source>
        <translation>全部清除…</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>数据文件夹</translation>
    </message>
    <message>
        <source>All that Inkstone keeps, {size}, is in {path}</source>
        <translation>Inkstone 保存的全部内容（{size}）都在 {path}</translation>
    </message>
    <message>
        <source>A copy of the library</source>
        <translation>资料库的副本</translation>
    </message>
    <message>
        <source>What was read of your documents, in one file, also while Inkstone works; documents are not in it.</source>
        <translation>从文档中读出的内容，存为一个文件，工作时也可以保存；其中不含文档本身。</translation>
    </message>
    <message>
        <source>Erase everything</source>
        <translation>全部清除</translation>
    </message>
    <message>
        <source>Inkstone forgets all it knows and starts as new; your documents are never touched.</source>
        <translation>Inkstone 忘记一切，像新装的一样重新开始；绝不会动您的文档。</translation>
    </message>
    <message>
        <source>Save a copy of the library</source>
        <translation>保存资料库的副本</translation>
    </message>
    <message>
        <source>Saved as {path}, {size}.</source>
        <translation>已保存为 {path}，{size}。</translation>
    </message>
    <message>
        <source>The copy is being written…</source>
        <translation>正在写入副本…</translation>
    </message>
</context>
<context>
    <name>DocumentsModel</name>
    <message>
        <source>Document</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>篇幅</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message numerus="yes">
        <source>%Ln line(s)</source>
        <translation>
            <numerusform>%Ln 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln page(s)</source>
        <translation>
            <numerusform>%Ln 页</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln paragraph(s)</source>
        <translation>
            <numerusform>%Ln 段</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln slide(s)</source>
        <translation>
            <numerusform>%Ln 张幻灯片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s)</source>
        <translation>
            <numerusform>%Ln 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln section(s)</source>
        <translation>
            <numerusform>%Ln 节</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln cell(s)</source>
        <translation>
            <numerusform>%Ln 个单元格</numerusform>
        </translation>
    </message>
    <message>
        <source>Cannot be reached now; what was read of it stays searchable</source>
        <translation>目前无法访问；已读取的内容仍可搜索</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message numerus="yes">
        <source>Waiting; %Ln scanned page(s) to recognise</source>
        <translation>
            <numerusform>等待中；有 %Ln 个扫描页待识别</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Searchable; {done} of %Ln scanned page(s) are recognised</source>
        <translation>
            <numerusform>可搜索；%Ln 个扫描页中已识别 {done} 个</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Searchable, but %Ln of its {pages} pages have no text</source>
        <translation>
            <numerusform>可搜索，但 {pages} 页中有 %Ln 页没有文字</numerusform>
        </translation>
    </message>
    <message>
        <source>Searchable</source>
        <translation>可搜索</translation>
    </message>
</context>
<context>
    <name>DocumentsTable</name>
    <message>
        <source>Documents of this folder</source>
        <translation>此文件夹中的文档</translation>
    </message>
    <message>
        <source>Open in its own program</source>
        <translation>用默认程序打开</translation>
    </message>
    <message>
        <source>Show in its folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Show what is read of it…</source>
        <translation>查看读取到的内容…</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Drop folders or files here</source>
        <translation>将文件夹或文件拖到这里</translation>
    </message>
    <message>
        <source>They are read where they are and never changed, moved or sent anywhere.</source>
        <translation>文件就地读取，绝不会被修改、移动或发送到任何地方。</translation>
    </message>
</context>
<context>
    <name>EraseDialog</name>
    <message>
        <source>erase</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Erase everything</source>
        <translation>全部清除</translation>
    </message>
    <message>
        <source>Erase everything that Inkstone knows?</source>
        <translation>清除 Inkstone 所知的一切？</translation>
    </message>
    <message>
        <source>The library: what was read of your documents, the list of your folders, the sample documents</source>
        <translation>资料库：从文档中读出的内容、文件夹列表、示例文档</translation>
    </message>
    <message>
        <source>All conversations, with their answers and your opinions of them</source>
        <translation>所有对话，连同回答和您的评价</translation>
    </message>
    <message>
        <source>Models that you brought; the ones that came with Inkstone stay</source>
        <translation>您导入的模型；Inkstone 自带的会保留</translation>
    </message>
    <message>
        <source>The copies of the library in its folder “backups”</source>
        <translation>“backups”文件夹中资料库的副本</translation>
    </message>
    <message>
        <source>All settings, and the start at login</source>
        <translation>所有设置，以及登录时启动</translation>
    </message>
    <message>
        <source>Logs and reports</source>
        <translation>日志和报告</translation>
    </message>
    <message>
        <source>Your documents and folders stay exactly as they are. This cannot be taken back, but documents can be added and read again.</source>
        <translation>您的文档和文件夹保持原样。此操作无法撤销，但可以重新添加和读取文档。</translation>
    </message>
    <message>
        <source>To go on, type “{word}”:</source>
        <translation>如要继续，请输入“{word}”：</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Exporting</name>
    <message>
        <source>Sources</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>This question was not answered.</source>
        <translation>这个问题没有得到回答。</translation>
    </message>
</context>
<context>
    <name>FailureRow</name>
    <message>
        <source>Enter password…</source>
        <translation>输入密码…</translation>
    </message>
    <message>
        <source>Enter the password of {name}</source>
        <translation>输入 {name} 的密码</translation>
    </message>
    <message>
        <source>Recognise the text</source>
        <translation>识别文字</translation>
    </message>
    <message>
        <source>Try again: {name}</source>
        <translation>重试：{name}</translation>
    </message>
    <message>
        <source>Ignore this file from now on: {name}</source>
        <translation>今后忽略此文件：{name}</translation>
    </message>
    <message>
        <source>Show in folder: {name}</source>
        <translation>在文件夹中显示：{name}</translation>
    </message>
    <message>
        <source>Recognise the text of {name}</source>
        <translation>识别“{name}”中的文字</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Search in the document</source>
        <translation>在文档中搜索</translation>
    </message>
    <message>
        <source>Previous place</source>
        <translation>上一处</translation>
    </message>
    <message>
        <source>Next place</source>
        <translation>下一处</translation>
    </message>
    <message>
        <source>Close the search</source>
        <translation>关闭搜索</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>{at} of {count}</source>
        <translation>{at} / {count}</translation>
    </message>
</context>
<context>
    <name>FirstQuestion</name>
    <message>
        <source>Ask a question</source>
        <translation>输入问题</translation>
    </message>
    <message>
        <source>Your first question</source>
        <translation>您的第一个问题</translation>
    </message>
    <message>
        <source>There is nothing to ask about yet: go back and add a folder or the sample library, or begin later.</source>
        <translation>现在还没有可以提问的内容：请返回添加文件夹或示例资料库，也可以以后再开始。</translation>
    </message>
    <message>
        <source>Ask anything, or begin with one of these:</source>
        <translation>可以随意提问，也可以从下面的问题开始：</translation>
    </message>
    <message>
        <source>Ask for something that stands in your documents: a date, a rule, a number, a name. The answer shows where it stands; what is not there is not made up.</source>
        <translation>请询问文档中写明的内容：日期、规定、数字、名称等。回答会指明出处；文档中没有的内容不会编造。</translation>
    </message>
</context>
<context>
    <name>FolderCard</name>
    <message numerus="yes">
        <source>%Ln document(s) could not be read</source>
        <translation>
            <numerusform>%Ln 个文档无法读取</numerusform>
        </translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Show what is read of the chosen document…</source>
        <translation>查看所选文档读取到的内容…</translation>
    </message>
    <message>
        <source>Remove from the library: {name}</source>
        <translation>从资料库移除：{name}</translation>
    </message>
    <message>
        <source>Cannot be reached now · what was read from it stays searchable</source>
        <translation>现在无法访问 · 已读取的内容仍可搜索</translation>
    </message>
    <message>
        <source>Waiting · {documents}</source>
        <translation>等待中 · {documents}</translation>
    </message>
    <message>
        <source>Up to date · {documents}</source>
        <translation>已是最新 · {documents}</translation>
    </message>
    <message>
        <source>Looking for documents…</source>
        <translation>正在查找文档…</translation>
    </message>
    <message numerus="yes">
        <source>Scanning… %Ln file(s)</source>
        <translation>
            <numerusform>正在扫描… %Ln 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>Recognising {name}</source>
        <translation>正在识别 {name}</translation>
    </message>
    <message>
        <source>Preparing {name} for search by meaning</source>
        <translation>正在为 {name} 准备语义搜索</translation>
    </message>
    <message>
        <source>Reading {name}</source>
        <translation>正在读取 {name}</translation>
    </message>
</context>
<context>
    <name>GuidePage</name>
    <message>
        <source>Guide</source>
        <translation>使用指南</translation>
    </message>
    <message>
        <source>Search the guide</source>
        <translation>在指南中查找</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>目录</translation>
    </message>
    <message>
        <source>The guide does not say this.</source>
        <translation>指南中没有这些内容。</translation>
    </message>
    <message>
        <source>{at} of {count}</source>
        <translation>{at} / {count}</translation>
    </message>
</context>
<context>
    <name>Heralding</name>
    <message>
        <source>Indexing is done</source>
        <translation>索引已完成</translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) can be searched.</source>
        <translation>
            <numerusform>可以搜索 %Ln 个文档。</numerusform>
        </translation>
    </message>
    <message>
        <source>A question could not be answered</source>
        <translation>有一个问题未能回答</translation>
    </message>
    <message>
        <source>Inkstone says why.</source>
        <translation>Inkstone 窗口中说明了原因。</translation>
    </message>
    <message>
        <source>Your question is answered</source>
        <translation>您的问题已有回答</translation>
    </message>
    <message>
        <source>The answer is in Inkstone&apos;s window.</source>
        <translation>回答在 Inkstone 的窗口里。</translation>
    </message>
</context>
<context>
    <name>ImportCard</name>
    <message>
        <source>Progress of the import</source>
        <translation>导入进度</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancel the import</source>
        <translation>取消导入</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
    <message>
        <source>Make embedding models small (int8)</source>
        <translation>缩小嵌入模型（int8）</translation>
    </message>
    <message>
        <source>Make embedding models small (int8): a quarter of the size, twice as quick</source>
        <translation>缩小嵌入模型（int8）：大小约为四分之一，速度约为两倍</translation>
    </message>
    <message>
        <source>Importing {name}</source>
        <translation>正在导入 {name}</translation>
    </message>
    <message>
        <source>Its files are read and checked. You can ask meanwhile.</source>
        <translation>正在读取并检查文件。其间可以提问。</translation>
    </message>
    <message>
        <source>{done} of {total} written. You can ask meanwhile.</source>
        <translation>已写入 {done} / {total}。其间可以提问。</translation>
    </message>
    <message>
        <source>A model named {name} is there already. Remove that one first, or rename the folder.</source>
        <translation>已有名为 {name} 的模型。请先删除它，或给文件夹改名。</translation>
    </message>
    <message>
        <source>“{path}” holds no model: {file} is missing. Drop the folder that holds config.json and the weights. Folders of documents belong on the library’s page.</source>
        <translation>“{path}”中没有模型：缺少 {file}。请拖入含有 config.json 和权重的文件夹。存放文档的文件夹请拖到资料库页面。</translation>
    </message>
</context>
<context>
    <name>IndexingSettings</name>
    <message>
        <source>Reading and indexing</source>
        <translation>读取与索引</translation>
    </message>
    <message>
        <source>All cores</source>
        <translation>全部核心</translation>
    </message>
    <message>
        <source>By kind</source>
        <translation>按种类</translation>
    </message>
    <message>
        <source> MB</source>
        <translation> MB</translation>
    </message>
    <message>
        <source>Save the battery, and make room for other programs</source>
        <translation>节省电池，并给其他程序让路</translation>
    </message>
    <message>
        <source>Indexing takes half of the cores on battery, and fewer where others are busy.</source>
        <translation>使用电池时索引只用一半核心，其他程序繁忙时用得更少。</translation>
    </message>
    <message>
        <source>Cores</source>
        <translation>处理器核心</translation>
    </message>
    <message>
        <source>Recognise scans</source>
        <translation>识别扫描页</translation>
    </message>
    <message>
        <source>The text of pages that are pictures, one page after another once all else is done.</source>
        <translation>识别图片页面上的文字；其他文件都处理完后逐页进行。</translation>
    </message>
    <message>
        <source>Largest file</source>
        <translation>最大文件</translation>
    </message>
    <message>
        <source>Larger ones are listed and not read; by kind it is 5 MB for source code, 2 GB for PDF.</source>
        <translation>更大的文件只列出、不读取；按种类时源代码为 5 MB，PDF 为 2 GB。</translation>
    </message>
    <message>
        <source>Obey .gitignore</source>
        <translation>遵循 .gitignore</translation>
    </message>
    <message>
        <source>What a folder&apos;s .gitignore passes over is not read here either.</source>
        <translation>文件夹的 .gitignore 所忽略的文件，这里也不读取。</translation>
    </message>
    <message>
        <source>How many of the processor&apos;s cores embedding and answering may use.</source>
        <translation>计算向量和回答时可以使用的处理器核心数。</translation>
    </message>
    <message>
        <source>This holds from the next start of Inkstone on.</source>
        <translation>下次启动 Inkstone 时生效。</translation>
    </message>
</context>
<context>
    <name>InstructionEditor</name>
    <message>
        <source>Instruction to the model</source>
        <translation>给模型的指令</translation>
    </message>
    <message>
        <source>What the model is told before each question: {passages} becomes the numbered passages, {decline} the sentence for a question that they do not answer.</source>
        <translation>每次提问前告诉模型的话：{passages} 会换成编号的段落，{decline} 会换成段落无法回答时要说的话。</translation>
    </message>
    <message>
        <source>Check and save</source>
        <translation>检查并保存</translation>
    </message>
    <message>
        <source>Restore the default</source>
        <translation>恢复默认</translation>
    </message>
    <message>
        <source>What the model is told</source>
        <translation>模型收到的内容</translation>
    </message>
    <message>
        <source>Changed, not saved yet.</source>
        <translation>已修改，尚未保存。</translation>
    </message>
    <message>
        <source>Saved. It holds from the next question on.</source>
        <translation>已保存，从下一个问题起生效。</translation>
    </message>
    <message>
        <source>Your own text is in use.</source>
        <translation>正在使用您自己的指令。</translation>
    </message>
    <message>
        <source>This is the default.</source>
        <translation>这是默认指令。</translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message>
        <source>Remove from the library</source>
        <translation>从资料库移除</translation>
    </message>
    <message>
        <source>Remove “{name}” from the library?</source>
        <translation>要从资料库移除“{name}”吗？</translation>
    </message>
    <message>
        <source>Inkstone forgets what it read there. The documents themselves are never touched.</source>
        <translation>Inkstone 会忘记从中读取的内容。文档本身绝不会被改动。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <source>Add folder</source>
        <translation>添加文件夹</translation>
    </message>
    <message>
        <source>Add files</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>Try the sample library</source>
        <translation>试用示例资料库</translation>
    </message>
    <message>
        <source>Nothing here yet. Add a folder, and Inkstone keeps up with it: new and changed documents too.</source>
        <translation>这里还没有内容。添加一个文件夹，Inkstone 会一直跟进其中新增和修改的文档。</translation>
    </message>
    <message>
        <source>Opening the library…</source>
        <translation>正在打开资料库…</translation>
    </message>
    <message>
        <source>{folders} · {documents} · {passages} · {size} on the disk — everything stays here</source>
        <translation>{folders} · {documents} · {passages} · 占用磁盘 {size}，一切都留在本机</translation>
    </message>
    <message numerus="yes">
        <source>%Ln folder(s)</source>
        <translation>
            <numerusform>%Ln 个文件夹</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LookSettings</name>
    <message>
        <source>General</source>
        <translation>通用</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Of the window; questions may be in either.</source>
        <translation>界面的语言；两种语言都可以提问。</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Light or dark, or as the system has it at the moment.</source>
        <translation>浅色、深色，或随系统当前的设置。</translation>
    </message>
    <message>
        <source>Accent colour</source>
        <translation>强调色</translation>
    </message>
    <message>
        <source>Marks what is chosen and what can be pressed.</source>
        <translation>用于标出选中的内容和可以按的按钮。</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>Of everything but the pages of documents.</source>
        <translation>除文档页面以外的所有文字。</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>蓝色</translation>
    </message>
    <message>
        <source>Teal</source>
        <translation>青色</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>绿色</translation>
    </message>
    <message>
        <source>Violet</source>
        <translation>紫色</translation>
    </message>
    <message>
        <source>Rose</source>
        <translation>玫红</translation>
    </message>
    <message>
        <source>Amber</source>
        <translation>琥珀色</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Choose a folder to watch</source>
        <translation>选择要关注的文件夹</translation>
    </message>
    <message>
        <source>Choose documents to add</source>
        <translation>选择要添加的文档</translation>
    </message>
    <message>
        <source>Inkstone</source>
        <translation>Inkstone</translation>
    </message>
    <message>
        <source>See the report</source>
        <translation>查看报告</translation>
    </message>
    <message>
        <source>The engine stopped unexpectedly and was started again. Your library is safe; an unfinished answer can be asked for again.</source>
        <translation>引擎意外停止，已重新启动。您的资料库完好无损；未完成的回答可以重新提问。</translation>
    </message>
    <message>
        <source>The engine keeps stopping. Your library and your documents are safe.</source>
        <translation>引擎一再停止。您的资料库和文档完好无损。</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>No installed font can show Chinese. Install one, such as Noto Sans CJK, to read Chinese documents.</source>
        <translation>系统中没有能显示中文的字体。请安装一种（例如 Noto Sans CJK）以阅读中文文档。</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>comes with Inkstone</source>
        <translation>随 Inkstone 附带</translation>
    </message>
    <message>
        <source>Do without</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>Do without {name}</source>
        <translation>停用 {name}</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Use {name}</source>
        <translation>使用 {name}</translation>
    </message>
    <message>
        <source>Remove {name}…</source>
        <translation>删除 {name}…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop measuring {name}</source>
        <translation>停止测量 {name}</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测速</translation>
    </message>
    <message>
        <source>Measure the speed of {name}</source>
        <translation>测量 {name} 的速度</translation>
    </message>
    <message>
        <source>A few seconds of work on this computer; questions go on meanwhile.</source>
        <translation>在本机上运行几秒，其间可以继续提问。</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Details of {name}</source>
        <translation>{name} 的详情</translation>
    </message>
    <message>
        <source>no licence given</source>
        <translation>未注明许可证</translation>
    </message>
    <message>
        <source>Being measured…</source>
        <translation>正在测速…</translation>
    </message>
    <message>
        <source>needs {size} of memory</source>
        <translation>需要 {size} 内存</translation>
    </message>
    <message>
        <source>speed not measured here yet</source>
        <translation>尚未在本机测速</translation>
    </message>
    <message>
        <source>takes in {rate} tokens/s</source>
        <translation>每秒读入 {rate} 个词元</translation>
    </message>
    <message>
        <source>on the graphics card</source>
        <translation>使用显卡</translation>
    </message>
    <message>
        <source>on the processor</source>
        <translation>使用处理器</translation>
    </message>
    <message>
        <source>takes {size} of memory</source>
        <translation>占用 {size} 内存</translation>
    </message>
    <message>
        <source>loads in {time}</source>
        <translation>载入用时 {time}</translation>
    </message>
    <message>
        <source>embeds {rate} passages/s</source>
        <translation>每秒嵌入 {rate} 个段落</translation>
    </message>
    <message>
        <source>reads {rate} passages/s</source>
        <translation>每秒阅读 {rate} 个段落</translation>
    </message>
    <message>
        <source>writes {rate} tokens/s</source>
        <translation>每秒写出 {rate} 个词元</translation>
    </message>
    <message>
        <source>wrote nothing when it was measured</source>
        <translation>测速时没有写出内容</translation>
    </message>
    <message>
        <source>{count} s</source>
        <translation>{count} 秒</translation>
    </message>
    <message>
        <source>Reads at most {count} tokens at once.</source>
        <translation>一次最多读入 {count} 个词元。</translation>
    </message>
    <message>
        <source>Numbers of a vector: {count}</source>
        <translation>向量维数：{count}</translation>
    </message>
    <message>
        <source>Stands before each question: “{text}”</source>
        <translation>每个问题之前加上：“{text}”</translation>
    </message>
    <message>
        <source>Trained on: {text}</source>
        <translation>训练数据：{text}</translation>
    </message>
    <message>
        <source>Measured by its makers: {scores}</source>
        <translation>制作者的测量结果：{scores}</translation>
    </message>
</context>
<context>
    <name>ModelDropZone</name>
    <message>
        <source>Drop a model’s folder here</source>
        <translation>把模型的文件夹拖到这里</translation>
    </message>
    <message>
        <source>A ChatGLM3 or a BGE as it is downloaded, or a model made for Inkstone. Its folder is only read.</source>
        <translation>下载得到的 ChatGLM3 或 BGE，或为 Inkstone 制作的模型。只读取该文件夹，不会改动。</translation>
    </message>
</context>
<context>
    <name>ModelSection</name>
    <message>
        <source>Finding by meaning</source>
        <translation>按含义查找</translation>
    </message>
    <message>
        <source>Turns passages and questions into vectors, so that the same is found in other words.</source>
        <translation>把段落和问题变成向量，措辞不同但含义相同的内容也能找到。</translation>
    </message>
    <message>
        <source>None is in use: use one of these, or import one.</source>
        <translation>没有使用任何模型：请选用其中一个，或导入一个。</translation>
    </message>
    <message>
        <source>Reading what was found</source>
        <translation>阅读找到的内容</translation>
    </message>
    <message>
        <source>Reads the best passages with the question, ranks them anew and finds the words that answer.</source>
        <translation>对照问题阅读最匹配的段落，重新排序，并找出作答的文字。</translation>
    </message>
    <message>
        <source>None is in use: passages are ranked by their words and their meaning alone.</source>
        <translation>没有使用任何模型：段落只按词语和含义排序。</translation>
    </message>
    <message>
        <source>Writing answers</source>
        <translation>撰写回答</translation>
    </message>
    <message>
        <source>Quotes always come at once; a language model then writes an answer.</source>
        <translation>摘录总是立即出现，随后由语言模型写出回答。</translation>
    </message>
    <message>
        <source>None is in use: answers are quotes from your documents.</source>
        <translation>没有使用任何模型：回答是文档原文的摘录。</translation>
    </message>
    <message>
        <source>None yet: answers are quotes from your documents. To have them written, drop the folder of a ChatGLM3 on this page; the guide (F1) says where it comes from and what it needs.</source>
        <translation>还没有模型：回答是文档原文的摘录。要写出完整的回答，请把 ChatGLM3 的文件夹拖到本页；使用指南（F1）说明了需要哪个文件夹以及所需条件。</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Choose the folder of a model</source>
        <translation>选择模型的文件夹</translation>
    </message>
    <message>
        <source>{size} of the disk become free. The folder that it was imported from is not touched.</source>
        <translation>将释放 {size} 磁盘空间。导入时所用的原文件夹不受影响。</translation>
    </message>
    <message>
        <source>Remove “{name}” from this computer?</source>
        <translation>从本机删除“{name}”？</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>{passages} are embedded with it, without any document being read again. That needs {size} of the disk; until it is done, {before} finds as it does now.</source>
        <translation>将用它重新计算 {passages}的向量，不会重读任何文档。需要 {size} 磁盘空间；完成之前仍用 {before} 查找。</translation>
    </message>
    <message>
        <source>Use “{name}” to find by meaning?</source>
        <translation>用“{name}”按含义查找？</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Import a model…</source>
        <translation>导入模型…</translation>
    </message>
    <message>
        <source>All of them run on this computer. Nothing is ever downloaded.</source>
        <translation>所有模型都在本机运行，不会下载任何内容。</translation>
    </message>
    <message>
        <source>Device and number format, in the settings</source>
        <translation>在设置中选择设备和数值格式</translation>
    </message>
    <message>
        <source>How to get a model, in the guide</source>
        <translation>在指南中了解如何取得模型</translation>
    </message>
    <message>
        <source>{name} is installed. It is listed below, with its card.</source>
        <translation>{name} 已安装，列在下方并附有说明。</translation>
    </message>
    <message>
        <source>Your library is searched with {name}, so another model has to take over first.</source>
        <translation>资料库目前用 {name} 搜索，需要先由其他模型接替。</translation>
    </message>
    <message>
        <source>Then it can be removed.</source>
        <translation>之后就可以删除它。</translation>
    </message>
    <message>
        <source>It is in use; {name} takes over.</source>
        <translation>它正在使用中；将由 {name} 接替。</translation>
    </message>
    <message>
        <source>It writes your answers now. Without it they are quotes from your documents.</source>
        <translation>目前由它撰写回答。没有它时，回答是文档原文的摘录。</translation>
    </message>
    <message>
        <source>It is in use. Without it passages are ranked by their words and their meaning alone.</source>
        <translation>它正在使用中。没有它时，段落只按词语和含义排序。</translation>
    </message>
    <message>
        <source>At the speed that was measured here this takes about {time}.</source>
        <translation>按在本机测得的速度，大约需要 {time}。</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Close this notice</source>
        <translation>关闭此通知</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>What would you like to do?</source>
        <translation>您想做什么？</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
</context>
<context>
    <name>PassagesDialog</name>
    <message>
        <source>What is read of {name}</source>
        <translation>“{name}”读取到的内容</translation>
    </message>
    <message>
        <source>Passages of the document</source>
        <translation>文档的片段</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Nothing was read of this document so far, so that nothing of it is found.</source>
        <translation>还没有读取到此文档的内容，因此搜索不到它。</translation>
    </message>
    <message>
        <source>{passages}: this is what is searched and quoted.</source>
        <translation>{passages}：搜索和引用的就是这些文字。</translation>
    </message>
    <message>
        <source>The first {passages}: this is what is searched and quoted.</source>
        <translation>前 {passages}：搜索和引用的就是这些文字。</translation>
    </message>
</context>
<context>
    <name>PasswordDialog</name>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>This document is protected. Which password opens it?</source>
        <translation>此文档受密码保护。请输入打开它的密码。</translation>
    </message>
    <message>
        <source>Password of {name}</source>
        <translation>{name} 的密码</translation>
    </message>
    <message>
        <source>It is tried on other protected documents too. Inkstone never writes it down: it is forgotten when Inkstone is closed, and asked for again when it is needed.</source>
        <translation>该密码也会用于尝试打开其他受保护的文档。Inkstone 从不将它写入磁盘：关闭后即忘记，需要时会再次询问。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>This password does not open it. Check capitals and the keyboard&apos;s language.</source>
        <translation>此密码无法打开该文档。请检查大小写和输入法。</translation>
    </message>
</context>
<context>
    <name>Presence</name>
    <message>
        <source>Inkstone goes on</source>
        <translation>Inkstone 仍在运行</translation>
    </message>
    <message>
        <source>You find it in the tray. Quit it there.</source>
        <translation>它在托盘里，可以从那里退出。</translation>
    </message>
</context>
<context>
    <name>PrivacyCard</name>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Everything stays on this computer</source>
        <translation>一切都留在这台电脑上</translation>
    </message>
    <message>
        <source>Your documents, questions and answers are kept in the data folder and nowhere else. Inkstone opens no network connection: it sends nothing, fetches nothing, and does not look for updates.</source>
        <translation>您的文档、问题和回答只保存在数据文件夹中。Inkstone 不建立任何网络连接：不发送、不下载，也不检查更新。</translation>
    </message>
    <message>
        <source>Check it: watch</source>
        <translation>自行核实：观察</translation>
    </message>
    <message>
        <source>While you ask, this command in a terminal shows no connection of Inkstone: {command}</source>
        <translation>提问时在终端运行此命令，看不到 Inkstone 的任何连接：{command}</translation>
    </message>
    <message>
        <source>Check it: cut it off</source>
        <translation>自行核实：断网</translation>
    </message>
    <message>
        <source>Started like this, Inkstone has no network at all, and everything works: {command}</source>
        <translation>这样启动时，Inkstone 完全没有网络，而一切照常工作：{command}</translation>
    </message>
</context>
<context>
    <name>ProgressCard</name>
    <message>
        <source>Indexing progress</source>
        <translation>索引进度</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Indexing is paused</source>
        <translation>索引已暂停</translation>
    </message>
    <message>
        <source>Resume indexing</source>
        <translation>继续索引</translation>
    </message>
    <message>
        <source>Pause indexing</source>
        <translation>暂停索引</translation>
    </message>
    <message>
        <source>Looking through new documents</source>
        <translation>正在浏览新文档</translation>
    </message>
    <message>
        <source>Reading documents</source>
        <translation>正在读取文档</translation>
    </message>
    <message>
        <source>Preparing search by meaning</source>
        <translation>正在准备语义搜索</translation>
    </message>
    <message>
        <source>Recognising scans</source>
        <translation>正在识别扫描件</translation>
    </message>
    <message>
        <source>Looking for documents</source>
        <translation>正在查找文档</translation>
    </message>
    <message>
        <source>You can ask meanwhile.</source>
        <translation>其间可以照常提问。</translation>
    </message>
    <message>
        <source>{done} of {total} passages</source>
        <translation>{done} / {total} 个片段</translation>
    </message>
    <message>
        <source>{done} of {total} pages</source>
        <translation>{done} / {total} 页</translation>
    </message>
    <message>
        <source>{done} of {total} documents</source>
        <translation>{done} / {total} 个文档</translation>
    </message>
    <message>
        <source>New and changed documents wait until it goes on. What was read stays searchable.</source>
        <translation>新增和修改的文档会等到继续后再处理，已读取的内容仍可搜索。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) wait(s) until it goes on. What was read stays searchable.</source>
        <translation>
            <numerusform>有 %Ln 个文档等待继续后处理，已读取的内容仍可搜索。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>&amp;Look in:</source>
        <translation>查看范围(&amp;L)：</translation>
    </message>
    <message>
        <source>Files of &amp;type:</source>
        <translation>文件类型(&amp;T)：</translation>
    </message>
</context>
<context>
    <name>QuestionBox</name>
    <message>
        <source>Ask your library…</source>
        <translation>向资料库提问…</translation>
    </message>
    <message>
        <source>Your question</source>
        <translation>您的问题</translation>
    </message>
    <message>
        <source>Stop answering</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>Send the question</source>
        <translation>发送问题</translation>
    </message>
</context>
<context>
    <name>QuestionBubble</name>
    <message>
        <source>Edit the question</source>
        <translation>编辑问题</translation>
    </message>
</context>
<context>
    <name>QuotesView</name>
    <message>
        <source>Word for word from your documents</source>
        <translation>文档原文摘录</translation>
    </message>
    <message>
        <source>Word for word ({count})</source>
        <translation>原文摘录（{count}）</translation>
    </message>
    <message>
        <source>Quotes from your documents</source>
        <translation>文档中的原文摘录</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>使用指南</translation>
    </message>
</context>
<context>
    <name>Reporting</name>
    <message>
        <source>The last time, Inkstone ended unexpectedly. A report lies in {path}.</source>
        <translation>上次 Inkstone 意外结束。报告保存在 {path}。</translation>
    </message>
    <message>
        <source>See the report</source>
        <translation>查看报告</translation>
    </message>
</context>
<context>
    <name>RulesEditor</name>
    <message>
        <source>Passed over everywhere</source>
        <translation>在所有文件夹中忽略</translation>
    </message>
    <message>
        <source>Rules as in .gitignore, a line each: *.log, drafts/, !keep.log. What they hold is not read.</source>
        <translation>规则写法同 .gitignore，每行一条：*.log、drafts/、!keep.log。符合规则的文件不读取。</translation>
    </message>
    <message>
        <source>Save the rules</source>
        <translation>保存规则</translation>
    </message>
    <message>
        <source>Changed, not saved yet.</source>
        <translation>已修改，尚未保存。</translation>
    </message>
    <message>
        <source>Saved. The folders are looked through at once.</source>
        <translation>已保存。现在就重新检查各文件夹。</translation>
    </message>
</context>
<context>
    <name>Saving</name>
    <message>
        <source>Export the conversation</source>
        <translation>导出对话</translation>
    </message>
    <message>
        <source>Export all thumbs up and down</source>
        <translation>导出所有评价</translation>
    </message>
    <message>
        <source>The conversation was written to {path}.</source>
        <translation>对话已写入 {path}。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln judged answer(s) were written to {path}.</source>
        <translation>
            <numerusform>已将 %Ln 条评价过的回答写入 {path}。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ScopeButton</name>
    <message>
        <source>What is asked: {name}</source>
        <translation>提问范围：{name}</translation>
    </message>
    <message>
        <source>Choose what is asked: everything, what is open, or folders and files</source>
        <translation>选择提问范围：全部、当前打开的文档，或指定的文件夹和文件</translation>
    </message>
</context>
<context>
    <name>ScopePopup</name>
    <message>
        <source>Ask only of …</source>
        <translation>只在以下范围提问：</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Find a folder or file</source>
        <translation>查找文件夹或文件</translation>
    </message>
    <message>
        <source>Folders and files</source>
        <translation>文件夹和文件</translation>
    </message>
    <message>
        <source>Only what is open: {name}</source>
        <translation>仅当前打开的文档：{name}</translation>
    </message>
</context>
<context>
    <name>Scopes</name>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Asked of {places}</source>
        <translation>提问范围：{places}</translation>
    </message>
</context>
<context>
    <name>SearchFilters</name>
    <message>
        <source>Any kind</source>
        <translation>所有类型</translation>
    </message>
    <message>
        <source>PDF</source>
        <translation>PDF 文档</translation>
    </message>
    <message>
        <source>Letters and slides</source>
        <translation>文稿与幻灯片</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Text and notes</source>
        <translation>文本与笔记</translation>
    </message>
    <message>
        <source>Web pages</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>Mail</source>
        <translation>邮件</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>任何时间</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Last year</source>
        <translation>最近一年</translation>
    </message>
    <message>
        <source>Any language</source>
        <translation>所有语言</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Kind of document</source>
        <translation>文档类型</translation>
    </message>
    <message>
        <source>When it was changed</source>
        <translation>修改时间</translation>
    </message>
    <message>
        <source>Language of the passage</source>
        <translation>段落语言</translation>
    </message>
</context>
<context>
    <name>SearchPage</name>
    <message>
        <source>Search your documents</source>
        <translation>搜索您的文档</translation>
    </message>
    <message>
        <source>Words to search for</source>
        <translation>要搜索的词</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>搜索结果</translation>
    </message>
    <message>
        <source>There is nothing to search yet. Add a folder in the library first.</source>
        <translation>还没有可以搜索的内容。请先在资料库中添加文件夹。</translation>
    </message>
    <message>
        <source>Every word is looked up as you type. Enter asks the same words as a question.</source>
        <translation>边输入边查找。按回车可将这些词作为问题提问。</translation>
    </message>
    <message>
        <source>No document holds these words. Enter asks them as a question, which also finds meanings.</source>
        <translation>没有文档包含这些词。按回车可作为问题提问，也能按含义查找。</translation>
    </message>
    <message>
        <source>{passages} in {documents}</source>
        <translation>{documents}，{passages}</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>General</source>
        <translation>通用</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>读取</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>键盘</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Go to: {part}</source>
        <translation>转到：{part}</translation>
    </message>
</context>
<context>
    <name>ShortcutRow</name>
    <message>
        <source>Restore the keys: {action}</source>
        <translation>恢复按键：{action}</translation>
    </message>
</context>
<context>
    <name>ShortcutSettings</name>
    <message>
        <source>Keyboard</source>
        <translation>键盘</translation>
    </message>
    <message>
        <source>To change keys, go to them and press the new ones; Backspace takes them away. They hold at once.</source>
        <translation>要修改按键，请选中它并按下新的组合；按退格键可取消按键。立即生效。</translation>
    </message>
    <message>
        <source>Open the citation of that number</source>
        <translation>打开该编号的引用</translation>
    </message>
    <message>
        <source>Restore all keys</source>
        <translation>恢复全部按键</translation>
    </message>
    <message>
        <source>{keys} is in use already: {action}. Change that first.</source>
        <translation>{keys} 已用于：{action}。请先修改那一项。</translation>
    </message>
    <message>
        <source>{keys} is needed for typing. Take keys with Ctrl or Alt, or a function key.</source>
        <translation>{keys} 是输入时要用的键。请选用带 Ctrl 或 Alt 的组合，或功能键。</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>Show all commands</source>
        <translation>显示全部命令</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Ask a question</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Show the conversation</source>
        <translation>显示对话</translation>
    </message>
    <message>
        <source>Search your documents</source>
        <translation>搜索文档</translation>
    </message>
    <message>
        <source>Show the library</source>
        <translation>显示资料库</translation>
    </message>
    <message>
        <source>Show the models</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Show the settings</source>
        <translation>显示设置</translation>
    </message>
    <message>
        <source>Show the guide</source>
        <translation>打开使用指南</translation>
    </message>
    <message>
        <source>Search on this page</source>
        <translation>在本页搜索</translation>
    </message>
    <message>
        <source>Show or hide the conversations</source>
        <translation>显示或隐藏对话列表</translation>
    </message>
    <message>
        <source>Rename the conversation</source>
        <translation>重命名对话</translation>
    </message>
    <message>
        <source>Export the conversation</source>
        <translation>导出对话</translation>
    </message>
    <message>
        <source>Next citation or conversation</source>
        <translation>下一处引用或下一个对话</translation>
    </message>
    <message>
        <source>Previous citation or conversation</source>
        <translation>上一处引用或上一个对话</translation>
    </message>
    <message>
        <source>Quit Inkstone</source>
        <translation>退出 Inkstone</translation>
    </message>
    <message>
        <source>Stop the answer, or close the document</source>
        <translation>停止回答，或关闭文档</translation>
    </message>
</context>
<context>
    <name>SourceChips</name>
    <message>
        <source>Source {number}: {source}</source>
        <translation>来源 {number}：{source}</translation>
    </message>
</context>
<context>
    <name>SourcePanel</name>
    <message>
        <source>Previous citation</source>
        <translation>上一处引用</translation>
    </message>
    <message>
        <source>Next citation</source>
        <translation>下一处引用</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Search in the document</source>
        <translation>在文档中搜索</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Open in its own program</source>
        <translation>用默认程序打开</translation>
    </message>
    <message>
        <source>Close the document</source>
        <translation>关闭文档</translation>
    </message>
    <message>
        <source>Previous lines</source>
        <translation>前面的行</translation>
    </message>
    <message>
        <source>Previous page</source>
        <translation>上一页</translation>
    </message>
    <message>
        <source>Next lines</source>
        <translation>后面的行</translation>
    </message>
    <message>
        <source>Next page</source>
        <translation>下一页</translation>
    </message>
    <message>
        <source>Page of the document</source>
        <translation>文档页面</translation>
    </message>
    <message>
        <source>Enter password…</source>
        <translation>输入密码…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln citation(s)</source>
        <translation>
            <numerusform>%Ln 处引用</numerusform>
        </translation>
    </message>
    <message>
        <source>line {line} of {count} · {citations}</source>
        <translation>第 {line} 行 / 共 {count} 行 · {citations}</translation>
    </message>
    <message>
        <source>page {page} of {count} · {citations}</source>
        <translation>第 {page} 页 / 共 {count} 页 · {citations}</translation>
    </message>
</context>
<context>
    <name>StateLine</name>
    <message>
        <source>Searching your library…</source>
        <translation>正在搜索资料库…</translation>
    </message>
    <message numerus="yes">
        <source>Reading %Ln passage(s)…</source>
        <translation>
            <numerusform>正在阅读 %Ln 个段落…</numerusform>
        </translation>
    </message>
    <message>
        <source>{what}…</source>
        <translation>{what}…</translation>
    </message>
    <message>
        <source>{what}, about {time}</source>
        <translation>{what}，约 {time}</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>正在载入模型</translation>
    </message>
    <message>
        <source>Waiting for the previous question to finish</source>
        <translation>正在等待上一个问题结束</translation>
    </message>
    <message>
        <source>Reading the passages</source>
        <translation>正在阅读段落</translation>
    </message>
</context>
<context>
    <name>SystemSettings</name>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Start when I log in</source>
        <translation>登录时启动</translation>
    </message>
    <message>
        <source>In the tray where that is on, else minimised; your folders are then always up to date.</source>
        <translation>开启托盘时留在托盘里，否则最小化；这样文件夹始终保持最新。</translation>
    </message>
    <message>
        <source>Go on in the tray</source>
        <translation>留在托盘里继续运行</translation>
    </message>
    <message>
        <source>Closing the window keeps Inkstone running; quit it by the tray&apos;s menu.</source>
        <translation>关闭窗口后 Inkstone 继续运行；从托盘菜单退出。</translation>
    </message>
    <message>
        <source>This desktop has no tray, so closing the window ends Inkstone.</source>
        <translation>此桌面没有托盘，关闭窗口即退出 Inkstone。</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>When a long indexing has ended or a question is answered while you look elsewhere; they never show words of your documents.</source>
        <translation>在您查看其他窗口期间，较长的索引结束或问题有了回答时通知；绝不显示文档中的文字。</translation>
    </message>
</context>
<context>
    <name>TextView</name>
    <message>
        <source>Text of the document</source>
        <translation>文档文字</translation>
    </message>
</context>
<context>
    <name>Thumbs</name>
    <message>
        <source>A good answer</source>
        <translation>回答得好</translation>
    </message>
    <message>
        <source>Not a good answer</source>
        <translation>回答得不好</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Open Inkstone</source>
        <translation>打开 Inkstone</translation>
    </message>
    <message>
        <source>Ask a question</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Go on with indexing</source>
        <translation>继续索引</translation>
    </message>
    <message>
        <source>Pause indexing</source>
        <translation>暂停索引</translation>
    </message>
    <message>
        <source>Quit Inkstone</source>
        <translation>退出 Inkstone</translation>
    </message>
    <message>
        <source>Opening the library…</source>
        <translation>正在打开资料库…</translation>
    </message>
    <message>
        <source>Indexing is paused</source>
        <translation>索引已暂停</translation>
    </message>
    <message>
        <source>Indexing, {left}</source>
        <translation>正在索引，{left}</translation>
    </message>
    <message>
        <source>Indexing…</source>
        <translation>正在索引…</translation>
    </message>
    <message>
        <source>Up to date: {documents}</source>
        <translation>已是最新：{documents}</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Close this notice</source>
        <translation>关闭此提示</translation>
    </message>
</context>
<context>
    <name>WelcomeLibrary</name>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Try the sample library</source>
        <translation>试用示例资料库</translation>
    </message>
    <message>
        <source>The sample library is a few short documents of ours, English and Chinese, copied to the data folder.</source>
        <translation>示例资料库是我们自己写的几篇中英文短文，会复制到数据文件夹中。</translation>
    </message>
    <message numerus="yes">
        <source>and %Ln more</source>
        <translation>
            <numerusform>另外 %Ln 个</numerusform>
        </translation>
    </message>
    <message>
        <source>{names}: {documents}</source>
        <translation>{names}：{documents}</translation>
    </message>
    <message>
        <source>They are being read; you can go on meanwhile.</source>
        <translation>正在读取，您可以继续。</translation>
    </message>
</context>
<context>
    <name>WelcomeLook</name>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Of the window; documents may be in either.</source>
        <translation>指界面的语言；文档可以是中文或英文。</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Welcome</source>
        <translation>欢迎</translation>
    </message>
    <message>
        <source>Step {at} of {count}</source>
        <translation>第 {at} 步，共 {count} 步</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Skip the introduction</source>
        <translation>跳过介绍</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Welcome to Inkstone</source>
        <translation>欢迎使用 Inkstone</translation>
    </message>
    <message>
        <source>It answers questions from your own documents and shows where each answer stands. Everything happens on this computer: there is nothing to download, and nothing is sent.</source>
        <translation>它依据您自己的文档回答问题，并指明每个答案的出处。一切都在本机进行：无需下载任何内容，也不会发送任何内容。</translation>
    </message>
    <message>
        <source>What should Inkstone read?</source>
        <translation>要读取哪些内容？</translation>
    </message>
    <message>
        <source>Folders are followed from now on. You can add and remove them at any time, in the library.</source>
        <translation>添加的文件夹会一直跟踪变化。随时可以在资料库中添加或移除。</translation>
    </message>
    <message>
        <source>Ask a first question</source>
        <translation>提出第一个问题</translation>
    </message>
    <message>
        <source>Click a number in the answer: the document opens at the page, with the words highlighted.</source>
        <translation>点击回答中的编号：文档会打开到相应的页面，并高亮显示文字。</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Begin without a question</source>
        <translation>不提问，直接开始</translation>
    </message>
</context>
<context>
    <name>WhyBox</name>
    <message>
        <source>What is wrong with it? Your words stay on this computer.</source>
        <translation>哪里不好？您写的内容只留在本机。</translation>
    </message>
    <message>
        <source>It is wrong</source>
        <translation>内容有误</translation>
    </message>
    <message>
        <source>Something is missing</source>
        <translation>不够完整</translation>
    </message>
    <message>
        <source>The sources don&apos;t fit</source>
        <translation>来源不相符</translation>
    </message>
    <message>
        <source>It misses the question</source>
        <translation>答非所问</translation>
    </message>
    <message>
        <source>What should it have said? (may stay empty)</source>
        <translation>应当怎样回答？（可留空）</translation>
    </message>
    <message>
        <source>What should it have said?</source>
        <translation>应当怎样回答？</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>line {number}</source>
        <translation>第 {number} 行</translation>
    </message>
    <message>
        <source>p. {number}</source>
        <translation>第 {number} 页</translation>
    </message>
    <message>
        <source>paragraph {number}</source>
        <translation>第 {number} 段</translation>
    </message>
    <message>
        <source>slide {number}</source>
        <translation>幻灯片 {number}</translation>
    </message>
    <message>
        <source>row {number}</source>
        <translation>行 {number}</translation>
    </message>
    <message>
        <source>{number}</source>
        <translation>{number}</translation>
    </message>
    <message>
        <source>cell {number}</source>
        <translation>单元格 {number}</translation>
    </message>
    <message>
        <source>This file was changed after it was cited, and these words are no longer in it.</source>
        <translation>此文件在引用之后已更改，其中不再有这些文字。</translation>
    </message>
    <message>
        <source>This file was deleted or moved after it was cited.</source>
        <translation>此文件在引用之后已被删除或移走。</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>剩余不到 1 分钟</translation>
    </message>
    <message>
        <source>{count} s</source>
        <translation>{count} 秒</translation>
    </message>
    <message>
        <source>{count} min</source>
        <translation>{count} 分钟</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>No passage in your documents supports this sentence.</source>
        <translation>您的文档中没有支持这句话的段落。</translation>
    </message>
    <message>
        <source>Something went wrong inside Inkstone. The logs in its data folder say more. Please try again.</source>
        <translation>Inkstone 内部出错。数据文件夹中的日志有更多说明。请重试。</translation>
    </message>
    <message>
        <source>The engine stopped before it was done. Please try again.</source>
        <translation>引擎在完成之前停止了。请重试。</translation>
    </message>
</context>
<context>
    <name>_Counted</name>
    <message numerus="yes">
        <source>%Ln document(s)</source>
        <translation>
            <numerusform>%Ln 个文档</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln passage(s)</source>
        <translation>
            <numerusform>%Ln 个片段</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %Ln minute(s) left</source>
        <translation>
            <numerusform>剩余约 %Ln 分钟</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %Ln hour(s) left</source>
        <translation>
            <numerusform>剩余约 %Ln 小时</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{names} and %Ln more</source>
        <translation>
            <numerusform>{names}，另有 %Ln 处</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Editor</name>
    <message>
        <source>The question, to be edited</source>
        <translation>正在编辑的问题</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Asks this instead; what followed the question goes</source>
        <translation>改为提问此问题；其后的内容将被移除</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
</TS>
