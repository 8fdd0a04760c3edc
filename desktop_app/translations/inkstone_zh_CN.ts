<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en_US">
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
        <source>Answers are quotes from your documents. To have them written, bring a model with the command “inkstone models import FOLDER”.</source>
        <translation>目前的回答是文档原文的摘录。如需由模型撰写，请用命令“inkstone models import 文件夹”导入一个模型。</translation>
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
        <source>Show the settings</source>
        <translation>打开设置</translation>
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
        <source>New conversation (Ctrl+N)</source>
        <translation>新建对话 (Ctrl+N)</translation>
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
        <source>What you ask is kept here, on this computer.</source>
        <translation>您的提问会保存在本机，列在这里。</translation>
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
        <source>Nothing here yet. Add a folder, and Inkstone keeps up with it: new and changed documents too.</source>
        <translation>这里还没有内容。添加一个文件夹，Inkstone 会一直跟进其中新增和修改的文档。</translation>
    </message>
    <message>
        <source>Opening the library…</source>
        <translation>正在打开资料库…</translation>
    </message>
    <message>
        <source>{folders} · {documents} · {passages} — everything stays on this computer</source>
        <translation>{folders} · {documents} · {passages} — 一切都留在这台电脑上</translation>
    </message>
    <message numerus="yes">
        <source>%Ln folder(s)</source>
        <translation>
            <numerusform>%Ln 个文件夹</numerusform>
        </translation>
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
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>数据文件夹</translation>
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
