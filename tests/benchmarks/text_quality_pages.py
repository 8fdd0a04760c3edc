"""The 60 pages that `text_quality` reads: chosen once from `pdf_real` with a seed and simple rules, and then kept.

Up to 12 pages of each document at random (seed 6), with at least 150 characters; documents with a broken text layer
left out. A page is of the first kind that fits: *slide*: wider than high, with little text; *columns*: at least 18 wide
lines in either half; *datasheet*: by the document's name; *table*: at least 40 drawn lines; *textbook*: Chinese
textbooks and exercises; *other*. Then at random from each kind, seldom more than two of one document.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SamplePage:
    kind: str
    document: str  # within pdf_real
    number: int


PAGES = (
    SamplePage("columns", "allenai+s2orc-doc2json/tests__pdf__2020.acl-main.207.pdf", 2),
    SamplePage("columns", "allenai+s2orc-doc2json/tests__pdf__2020.acl-main.207.pdf", 8),
    SamplePage(
        "columns",
        "chatchat-space+Langchain-Chatchat/libs__chatchat-server__chatchat__data__knowledge_base__samples__content__test_files__langchain.pdf",
        3,
    ),
    SamplePage(
        "columns",
        "chatchat-space+Langchain-Chatchat/libs__chatchat-server__chatchat__data__knowledge_base__samples__content__test_files__langchain.pdf",
        7,
    ),
    SamplePage("columns", "enggsajjad+techDatasheets/NexTek_CD__Datasheets__PROM_Info__Flash_XCFxx.pdf", 4),
    SamplePage("columns", "kermitt2+grobid/grobid-core__src__test__resources__test__test_Grobid_1_05452615.pdf", 1),
    SamplePage("columns", "papers-we-love+papers-we-love/distributed_systems__a-note-on-distributed-computing.pdf", 2),
    SamplePage(
        "columns",
        "papers-we-love+papers-we-love/distributed_systems__understanding-the-limitations-of-causally-and-totally-ordered-communication.pdf",
        2,
    ),
    SamplePage(
        "columns",
        "papers-we-love+papers-we-love/distributed_systems__understanding-the-limitations-of-causally-and-totally-ordered-communication.pdf",
        8,
    ),
    SamplePage("columns", "papers-we-love+papers-we-love/languages-theory__propositions-as-types.pdf", 12),
    SamplePage("columns", "papers-we-love+papers-we-love/security__sok-eternal-war-in-memory.pdf", 6),
    SamplePage("columns", "papers-we-love+papers-we-love/security__sok-eternal-war-in-memory.pdf", 10),
    SamplePage(
        "table",
        "DongshanPI+Awesome_RISCV-AllwinnerD1/Tina-SDK__Software软件类文档__基础组件开发指南__D1-H_Tina_Linux_音频_开发指南.pdf",
        32,
    ),
    SamplePage(
        "table",
        "Visualize-ML+Book6_First-Course-in-Data-Science/Book6_Ch06_时间数据__数据有道__鸢尾花书__从加减乘除到机器学习.pdf",
        27,
    ),
    SamplePage("table", "airockchip+rknn-toolkit2/doc__04_Rockchip_RKNPU_API_Reference_RKNNRT_V2.3.2_EN.pdf", 47),
    SamplePage("table", "firelab+windninja/doc__wx_model_desc.pdf", 16),
    SamplePage(
        "table",
        "gammachen+p-llm-rag-bge-chatglm3-model-finetune/simple-web-service__data__四上语文第三单元练习卷（2024.9）.pdf",
        2,
    ),
    SamplePage("table", "mitmath+18330/syllabus.pdf", 2),
    SamplePage("table", "openwch+ch32v20x/EVT__EXAM__BLE__MESH__沁恒低功耗蓝牙MESH软件开发参考手册.PDF", 27),
    SamplePage("table", "openwch+ch32v20x/EVT__EXAM__ETH__WCHNET使用文档.PDF", 8),
    SamplePage("table", "openwch+ch32v20x/EVT__EXAM__ETH__WCHNET使用文档.PDF", 23),
    SamplePage("table", "openwch+ch583/EVT__EXAM__BLE__MESH__沁恒低功耗蓝牙MESH软件开发参考手册.pdf", 29),
    SamplePage("table", "openwch+ch583/EVT__EXAM__BLE__MESH__沁恒低功耗蓝牙MESH软件开发参考手册.pdf", 36),
    SamplePage("table", "papers-we-love+papers-we-love/data_structures__ideal-hash-trees.pdf", 16),
    SamplePage(
        "textbook",
        "DongshanPI+Awesome_RISCV-AllwinnerD1/Tina-SDK__Software软件类文档__基础组件开发指南__D1-H_Tina_Linux_音频_开发指南.pdf",
        10,
    ),
    SamplePage(
        "textbook",
        "DongshanPI+Awesome_RISCV-AllwinnerD1/Tina-SDK__Software软件类文档__基础组件开发指南__D1-H_Tina_Linux_音频_开发指南.pdf",
        19,
    ),
    SamplePage(
        "textbook",
        "Visualize-ML+Book3_Elements-of-Mathematics/Book3_Ch25_鸡兔同笼3__数学要素__从加减乘除到机器学习.pdf",
        3,
    ),
    SamplePage(
        "textbook",
        "Visualize-ML+Book3_Elements-of-Mathematics/Book3_Ch25_鸡兔同笼3__数学要素__从加减乘除到机器学习.pdf",
        17,
    ),
    SamplePage(
        "textbook", "Visualize-ML+Book4_Power-of-Matrix/Book4_Ch00_正文前__矩阵力量__从加减乘除到机器学习.pdf", 3
    ),
    SamplePage(
        "textbook", "Visualize-ML+Book4_Power-of-Matrix/Book4_Ch00_正文前__矩阵力量__从加减乘除到机器学习.pdf", 11
    ),
    SamplePage(
        "textbook",
        "Visualize-ML+Book5_Essentials-of-Probability-and-Statistics/Book5_Ch00_正文前__统计至简__鸢尾花书__从加减乘除到机器学习.pdf",
        4,
    ),
    SamplePage(
        "textbook",
        "Visualize-ML+Book5_Essentials-of-Probability-and-Statistics/Book5_Ch00_正文前__统计至简__鸢尾花书__从加减乘除到机器学习.pdf",
        13,
    ),
    SamplePage(
        "textbook",
        "Visualize-ML+Book6_First-Course-in-Data-Science/Book6_Ch06_时间数据__数据有道__鸢尾花书__从加减乘除到机器学习.pdf",
        13,
    ),
    SamplePage(
        "textbook",
        "gammachen+p-llm-rag-bge-chatglm3-model-finetune/simple-web-service__data__四上语文第三单元练习卷（2024.9）.pdf",
        3,
    ),
    SamplePage("textbook", "mohuangrui+ucasthesis/模板使用说明.pdf", 31),
    SamplePage("textbook", "mohuangrui+ucasthesis/模板使用说明.pdf", 35),
    SamplePage("datasheet", "enggsajjad+techDatasheets/ADuM1100.pdf", 1),
    SamplePage("datasheet", "enggsajjad+techDatasheets/Atmega32__doc0856_Instruction_Set_Nomenclature.pdf", 36),
    SamplePage("datasheet", "enggsajjad+techDatasheets/Atmega32__doc0952_Half_Duplex_Compact_Software_UART.pdf", 1),
    SamplePage("datasheet", "enggsajjad+techDatasheets/Atmega32__doc1631_Using_the_AVR_Hardware_Multiplier.pdf", 1),
    SamplePage("datasheet", "enggsajjad+techDatasheets/LCD_Graphical__GLCD_T6963C__t6930+C.pdf", 10),
    SamplePage("datasheet", "enggsajjad+techDatasheets/ds1990.pdf", 5),
    SamplePage("datasheet", "enggsajjad+techDatasheets/ds1990.pdf", 10),
    SamplePage("datasheet", "enggsajjad+techDatasheets/m12m_users_guide_1.0.pdf", 81),
    SamplePage(
        "datasheet", "openwch+ch583/Application__wristband__firmware__Demo_Firmware__boards__doc__CH583DS1.PDF", 31
    ),
    SamplePage("datasheet", "openwch+ch583/Datasheet__CH583DS1_zh.PDF", 99),
    SamplePage("datasheet", "openwch+ch585/Datasheet__CH585DS1_EN.PDF", 24),
    SamplePage("datasheet", "openwch+ch585/Datasheet__CH585DS1_EN.PDF", 168),
    SamplePage("slide", "huangxg+lnotes/graph__beamer-warsaw.pdf", 4),
    SamplePage("slide", "nasa+fprime/docs__Architecture__FPrimeArchitectureShort.pdf", 6),
    SamplePage("slide", "nasa+fprime/docs__Architecture__FPrimeArchitectureShort.pdf", 10),
    SamplePage("slide", "openwch+ch32l103/EVT__EXAM__TOUCHKEY__DOC_SCH_PCB__WCH_TOUCH_Kit_EX001.pdf", 1),
    SamplePage("slide", "openwch+ch32l103/EVT__EXAM__TOUCHKEY__DOC_SCH_PCB__WCH_TOUCH_Kit_EX002.pdf", 1),
    SamplePage("slide", "openwch+ch585/EVT__PUB__CH585SCH.pdf", 2),
    SamplePage("other", "OpenModelica+OpenModelica-doc/PDEInModelica__doc__extension_simplified.pdf", 2),
    SamplePage("other", "OpenModelica+OpenModelica-doc/PDEInModelica__doc__extension_simplified.pdf", 4),
    SamplePage("other", "huangxg+lnotes/graph__cv-old.pdf", 2),
    SamplePage(
        "other",
        "papers-we-love+papers-we-love/affective_computing__Theories-Methods-and-Current-Research-on-Emotions.pdf",
        24,
    ),
    SamplePage(
        "other", "papers-we-love+papers-we-love/information_theory__a-mathematical-theory-of-communication-1948.pdf", 4
    ),
    SamplePage(
        "other",
        "papers-we-love+papers-we-love/logic_and_programming__representing-game-dialogue-as-expressions-in-first-order-logic.pdf",
        90,
    ),
)

# Circuit diagrams and a flow chart: their words can be found, but have no order to read in.
DRAWINGS = frozenset(PAGES[index - 1] for index in (42, 52, 53, 54))
