"""How near is near: the cosines of one embedder, on a scale that all embedders share.

What is unrelated has a cosine of about 0.04 with one model and of 0.6 with another, so that no bound on a cosine fits
both. Two measured points make the scale: questions with passages of another topic, and with the right passage.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

_LEAST_APART = 0.1  # a model that tells the right passage from others by less says nothing that could be scaled


@dataclass(frozen=True, slots=True)
class CosineScale:
    """Two cosines: of a question and a passage of another topic, and of a question and its passage."""

    strange: float = 0.04  # as all-MiniLM-L6-v2 has it
    right: float = 0.64

    def closeness(self, cosine: float) -> float:
        """0 for what is unrelated, 1 for a usual right passage; beyond both for what is farther or nearer."""
        return (cosine - self.strange) / (self.right - self.strange)


class PairEmbedder(Protocol):
    def embed_passages(self, texts: Sequence[str]) -> Vectors: ...

    def embed_query(self, text: str) -> Vectors: ...


def measured_scale(embedder: PairEmbedder, languages: Collection[str] = ()) -> CosineScale:
    """The scale of `embedder` on our own pairs in those of its `languages` that we have; all where it names none."""
    chosen = [pairs for language, pairs in _PAIRS.items() if language in languages] or [*_PAIRS.values()]
    right, strange = zip(*(_mean_cosines(embedder, pairs) for pairs in chosen), strict=True)
    apart = float(np.mean(strange))
    return CosineScale(round(apart, 4), round(max(float(np.mean(right)), apart + _LEAST_APART), 4))


def _mean_cosines(embedder: PairEmbedder, pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Of the right pairs, and of all others. Among texts of one language: across them a cosine says less."""
    questions = np.stack([embedder.embed_query(question) for question, _ in pairs])  # (n, dimension)
    cosines = questions @ embedder.embed_passages([passage for _, passage in pairs]).T  # (n, n)
    own = np.eye(len(pairs), dtype=bool)
    return float(cosines[own].mean()), float(cosines[~own].mean())


_PAIRS = {
    "en": (
        (
            "How long may goods be returned?",
            "Goods can be sent back within thirty days of delivery. The customer pays the postage, unless the item "
            "arrived damaged.",
        ),
        (
            "What causes the tides?",
            "Tides are mostly the work of the moon: its pull raises the sea on the side that faces it and on the far "
            "side. The sun adds about half as much.",
        ),
        (
            "Who may sign contracts for the association?",
            "Contracts bind the association when two members of the board have signed them. Everyday purchases below "
            "500 euros need the treasurer alone.",
        ),
        (
            "How is the filter of the washing machine cleaned?",
            "Open the flap at the lower right, put a flat dish under it and turn the filter out slowly. Rinse it under "
            "running water and screw it in again.",
        ),
        (
            "When was the bridge built?",
            "Work on the bridge began in 1896 and took four years. It was opened to trams in 1900, and to cars only "
            "after the war.",
        ),
        (
            "Which side effects does the medicine have?",
            "Common side effects are headache, dry mouth and tiredness. Fewer than one patient in a hundred has a "
            "rash; then the tablets are to be stopped.",
        ),
        (
            "What did revenue come to in the second quarter?",
            "Revenue in the second quarter was 48.2 million, up nine per cent on the year before. Services grew "
            "faster than equipment.",
        ),
        (
            "How does a function return several values in Python?",
            "A function that returns several values separates them with commas: Python packs them into a tuple, which "
            "the caller can unpack into names.",
        ),
        (
            "Why do leaves change colour in autumn?",
            "In autumn the tree withdraws the green chlorophyll from its leaves. Yellow and red pigments, which were "
            "hidden until then, become visible.",
        ),
        (
            "What must tenants do before moving out?",
            "Before moving out, tenants remove their furniture, fill the holes in the walls and hand over all keys. "
            "The meters are read together with the landlord.",
        ),
        (
            "How was the sample of the study chosen?",
            "We drew 1,200 households at random from the municipal register. Seventy-one per cent of them answered the "
            "questionnaire, and were weighted by age.",
        ),
        (
            "Where did the expedition spend the winter?",
            "The expedition passed the winter in a hut on the northern shore of the bay, with stores for nine months. "
            "The ship lay frozen in half a mile off.",
        ),
    ),
    "zh": (
        (
            "商品多少天之内可以退货？",
            "商品自签收之日起三十天内可以退货，运费由顾客承担；如到货时已经损坏，则由商家承担。",
        ),
        (
            "潮汐是怎么形成的？",
            "潮汐主要由月球的引力引起：朝向月球的一面和背向月球的一面海水都会升高，太阳的作用大约只有它的一半。",
        ),
        ("谁有权代表协会签合同？", "合同须由两名理事共同签字方可生效。五百元以下的日常采购由财务主管一人批准即可。"),
        (
            "洗衣机的过滤网怎么清洗？",
            "打开右下角的小门，在下面放一个浅盘，慢慢旋出过滤网，用流水冲洗干净后再拧紧装回。",
        ),
        (
            "这座大桥是哪一年建成的？",
            "大桥于一八九六年动工，历时四年，一九〇〇年建成通车，起初只通电车，战后才允许汽车通行。",
        ),
        ("这种药有哪些副作用？", "常见的不良反应有头痛、口干和乏力。不到百分之一的患者会出现皮疹，此时应立即停药。"),
        (
            "第二季度的营业收入是多少？",
            "第二季度实现营业收入四千八百二十万元，同比增长百分之九，其中服务收入的增速高于设备销售。",
        ),
        (
            "Python 的函数怎样返回多个值？",
            "函数返回多个值时用逗号隔开即可，Python 会把它们打包成元组，调用者可以再拆开赋给几个变量。",
        ),
        (
            "为什么秋天树叶会变色？",
            "到了秋天，树木回收叶片中的叶绿素，原先被遮住的黄色和红色色素便显露出来，叶子因此变色。",
        ),
        (
            "租客搬走之前要做什么？",
            "搬离之前，租客应搬走自己的家具，补好墙上的钉孔，交还全部钥匙，并与房东一起抄录水电表读数。",
        ),
        (
            "调查的样本是怎样抽取的？",
            "我们从户籍登记中随机抽取一千二百户家庭，其中百分之七十一填写了问卷，结果按年龄加权。",
        ),
        (
            "探险队在哪里过冬？",
            "探险队在海湾北岸的木屋里度过了冬天，储备了九个月的物资，船只则冻结在半海里之外的冰面上。",
        ),
    ),
}
