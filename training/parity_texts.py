"""Texts on which an exported encoder is compared with the one it came from: 1 to about 500 tokens, two languages."""

from __future__ import annotations

from collections.abc import Collection

SHORT = (
    "",
    "a",
    "Hello",
    "42",
    "?",
    "GPU memory",
    "What is backpropagation?",
    "Who wrote the second edition, and when?",
    "how many brotherhoods are in the armenian church",
    "The cat sat on the mat.",
    "Water boils at 100 °C at a pressure of 101.325 kPa.",
    "Café, naïve, Zürich, São Paulo: accents are folded away.",
    "IN CAPITALS, OR IN lower case, IT IS THE SAME TO AN UNCASED MODEL.",
    "def mean(values): return sum(values) / len(values)",
    "E = m * c**2, with c = 299792458 m/s",
    "Contact: someone@example.org, +49 30 1234567, order no. A-2291/77.",
    "pneumonoultramicroscopicsilicovolcanoconiosis",
    "The defendant shall, within 14 days of service, file an acknowledgement with the court.",
    "Take one tablet twice a day with food; do not exceed four tablets in 24 hours.",
    "Interest accrues daily at 4.75 % p.a. and is payable on the last business day of each quarter.",
    "Turn the screw clockwise until it stops, then back by a quarter of a turn.",
    "She had not expected the letter, and she read it twice before she put it down.",
    "Gradient descent follows the negative gradient; momentum remembers where it came from.",
    "Photosynthesis turns carbon dioxide and water into glucose and oxygen.",
    "Error 0x80070005: access is denied. Run the installer as an administrator.",
    "The treaty was signed in 1648 and ended thirty years of war in the Holy Roman Empire.",
    "No. Not today. Perhaps tomorrow.",
    "😀 👍🏽 ✓ → ≤ ∑ €",
    "什么是反向传播？",
    "本产品在室温下保存，避免阳光直射。",
    "机器学习 (machine learning) 是人工智能的一个分支。",
    "Привет, мир! Γειά σου, κόσμε! こんにちは、世界。",
)

PARAGRAPHS = (
    "A search engine keeps an inverted index: for every word the list of documents in which it occurs. A query is "
    "answered by walking through the lists of its words and by adding up, for every document, how much each word says "
    "about it. Rare words say much, frequent ones little, and the tenth occurrence says less than the first.",
    "Glaciers form where more snow falls in winter than melts in summer. Under its own weight the snow becomes firn, "
    "and then ice, which flows slowly downhill like honey. Where it bends over a step in the rock it breaks, and gaps "
    "open that may be thirty metres deep.",
    "The company reports revenue of 12.4 million, up 8 % over the previous year, and an operating margin of 11.2 %. "
    "Costs for staff rose by 0.9 million because two offices were opened. The board proposes a dividend of 0.35 per "
    "share, to be paid on 14 May, and expects growth between 5 and 7 % in the coming year.",
    "Before you open the housing, switch the device off and unplug it. Wait for at least ten minutes until the "
    "capacitors are discharged. Remove the four screws at the back, lift the cover, and take out the filter. Rinse it "
    "under cold water, let it dry completely, and put it back with the arrow pointing towards the fan.",
    "In the first act the two brothers quarrel over the mill that their father left them. The elder wants to sell it "
    "to the railway; the younger, who has never lived anywhere else, refuses to sign. When the surveyor arrives, both "
    "of them pretend to be the owner, and the comedy takes its course.",
    "Antibiotics act against bacteria and do nothing against viruses. A course that is broken off early leaves the "
    "hardiest bacteria alive, and resistance spreads. Common side effects are nausea, diarrhoea and rashes; a swollen "
    "face or trouble with breathing is an emergency.",
    "A transformer reads all tokens of a text at once. In each layer every token asks all the others a question, and "
    "takes from them in proportion to how well they answer it. What was a list of word vectors becomes, layer by "
    "layer, a list of vectors that know their context.",
    "The tenant may end the lease at the close of any month with three months' notice in writing. The deposit of two "
    "months' rent is returned, with interest, once the keys are handed over and the meters are read. Damage beyond "
    "ordinary wear is deducted, and an itemised bill is enclosed.",
)


CHINESE = (
    "锂电池的隔膜应当如何检验？",
    "《民法典》第五百七十七条规定：当事人一方不履行合同义务的，应当承担继续履行、采取补救措施或者赔偿损失等违约责任。",
    "请先断开电源，等待十分钟，再拆下背面的四颗螺丝（M3×8）并取出滤网。",
    "機器學習是人工智慧的一個分支，讓電腦從資料中學習規律。",
    "２０２３年第１季度营业收入为 12.4 亿元，同比增长 8 %，毛利率 31.5 %。",
    "搜索引擎保存倒排索引：对每个词，记录它出现在哪些文档中。查询时，逐一走过各个词的列表，把每个词对文档的贡献相加。"
    "罕见的词贡献大，常见的词贡献小；同一个词第十次出现，比第一次说明的东西少得多。为了让短文档不吃亏，长度也要计入。",
    "冰川形成于冬天的降雪多于夏天融化的地方。雪在自身的重量下先变成粒雪，再变成冰，像蜂蜜一样缓慢地流下山坡。"
    "经过岩石的台阶时，冰体弯折断裂，裂缝可达三十米深。气候变暖以后，冰舌后退，露出磨光的岩床和成堆的冰碛。",
)


def parity_texts(languages: Collection[str] = ("en",)) -> tuple[str, ...]:
    """The short texts, each paragraph, and the paragraphs read on from the start to ever more words.

    For a model that knows Chinese also Chinese ones, and all of those read on to ever more characters.
    """
    words = " ".join(PARAGRAPHS).split()
    texts = SHORT + PARAGRAPHS + tuple(" ".join(words[:count]) for count in range(40, len(words), 40))
    if not any(language.lower().startswith("zh") for language in languages):
        return texts
    characters = "".join(CHINESE)
    return texts + CHINESE + tuple(characters[:count] for count in range(60, len(characters), 60))
