"""Trains a very small ChatGLM3 to copy the answer out of a numbered passage: the fixture that tests ask for real.

    python -m training.toy_generator --out tests/toy_generator

It knows one task: facts of the form "The colour of Brenda's boat is teal.", in English and Chinese, questions about
them, and to decline when no passage holds the answer. Which owner, thing and attribute go together in the held-out
questions was never seen in training. Prompts are built by `engine.models.prompts`: it is asked in the product as
it was trained. Not for users: it can do nothing else.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import sentencepiece
import torch
from sentencepiece import sentencepiece_model_pb2
from torch import Tensor
from transformers import GlmConfig, GlmForCausalLM

from engine.models.manifest import Chat
from engine.models.prompts import DECLINED, PROMPT_VERSION, Language, Prompt, PromptWriter, Source, default_template
from engine.models.sentencepieces import tokenizer_json
from engine.models.tokens import FILE_NAME, Tokens
from engine.texts import say
from engine.types import Turn
from training.chatglm.layout import save_chatglm

MAX_TOKENS = 640
END = 2  # </s>
FIRST_WORD = 259  # after <unk>, <s>, </s> and the bytes
IGNORED = -100  # cross entropy passes over it
SAVE_EVERY = 100  # steps
NAMES = ("[MASK]", "[gMASK]", "[sMASK]", "sop", "eop", "<|system|>", "<|user|>", "<|assistant|>", "<|observation|>")

# --- the task ---------------------------------------------------------------------------------------------------

WORDS: dict[Language, dict[str, list[str]]] = {
    "en": {
        "owner": (
            "Brenda Carlos Dorothea Edgar Fatima Gustav Helena Ibrahim Judith Konrad Lucinda Marcel Nadia Oscar Petra "
            "Quentin Rosalind Stefan Tamara Ulrich Victoria Walter Xenia Yusuf Zelda Anton Beatrice Cyril Denise Emil"
        ).split(),
        "thing": "boat house lamp bicycle piano garden kettle tent violin ladder carpet camera".split(),
        "colour": "teal crimson amber violet olive silver maroon beige indigo scarlet ivory turquoise".split(),
        "age": "three five seven nine eleven twelve fourteen sixteen eighteen twenty thirty forty".split(),
        "maker": "Adler Brandt Corvin Delmar Eberle Falken Gruber Holtz Isenberg Jansen Kestrel Lindner".split(),
        "place": "Lisbon Oslo Cairo Quito Hanoi Dakar Turin Perth Lima Riga Seoul Tunis".split(),
    },
    "zh": {
        "owner": (
            "王芳 李伟 张敏 刘洋 陈静 杨帆 赵磊 黄丽 周杰 吴霞 徐明 孙悦 胡军 朱琳 高峰 林娜 何平 郭涛 马超 罗兰 "
            "梁博 宋佳 郑凯 谢婷 韩雪 唐宁 冯刚 于洁 董鹏 萧红"
        ).split(),
        "thing": "小船 房子 台灯 单车 钢琴 花园 水壶 帐篷 提琴 梯子 地毯 相机".split(),
        "颜色": "青色 深红 琥珀 紫色 橄榄 银色 栗色 米色 靛蓝 朱红 象牙 天蓝".split(),
        "年龄": "三年 五年 七年 九年 十一年 十二年 十四年 十六年 十八年 二十年 三十年 四十年".split(),
        "厂家": "永昌 德源 宏达 瑞丰 金泰 华安 东升 利民 中和 长青 信义 福星".split(),
        "产地": "苏州 青岛 成都 昆明 大连 厦门 洛阳 桂林 南京 兰州 海口 拉萨".split(),
    },
}
# The value stands right behind the owner, whom nobody else in a prompt shares: what follows a word that was seen
# before is what small models learn to copy first. With other words between the two, 1,500 steps taught ours to copy a
# value of the right kind, but not the right owner's.
FACT: dict[Language, str] = {
    "en": "The {kind} of the {thing} of {owner}: {value}.",
    "zh": "{thing}的{kind}，{owner}：{value}。",
}
ASK: dict[Language, str] = {
    "en": "What is the {kind} of the {thing} of {owner}?",
    "zh": "{thing}的{kind}，{owner}的是什么？",
}
COLON: dict[Language, str] = {"en": ": ", "zh": "："}
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Fact:
    language: Language
    kind: str
    owner: str
    thing: str
    value: str

    @property
    def statement(self) -> str:
        return FACT[self.language].format(kind=self.kind, owner=self.owner, thing=self.thing, value=self.value)

    @property
    def question(self) -> str:
        return ASK[self.language].format(kind=self.kind, owner=self.owner, thing=self.thing)

    @property
    def is_held_out(self) -> bool:
        """A fifth of the combinations is never asked in training, whatever the value."""
        return sum(map(ord, self.kind + self.owner + self.thing)) % 5 == 0


def kinds(language: Language) -> list[str]:
    return [name for name in WORDS[language] if name not in ("owner", "thing")]


def some_fact(choose: random.Random, language: Language, *, held_out: bool) -> Fact:
    words = WORDS[language]
    while True:
        kind = choose.choice(kinds(language))
        fact = Fact(
            language, kind, choose.choice(words["owner"]), choose.choice(words["thing"]), choose.choice(words[kind])
        )
        if fact.is_held_out == held_out:
            return fact


def some_facts(choose: random.Random, language: Language, count: int, *, held_out: bool) -> list[Fact]:
    """`count` facts about different people, of whom there are 30; things, kinds and values may be the same."""
    facts: list[Fact] = []
    while len(facts) < count:
        fact = some_fact(choose, language, held_out=held_out)
        if all(fact.owner != other.owner for other in facts):
            facts.append(fact)
    return facts


# --- samples ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sample:
    """One conversation as token ids; `labels` are IGNORED wherever the model is not the one who speaks."""

    ids: list[int]
    labels: list[int]


def source(fact: Fact, choose: random.Random) -> Source:
    """As the product names a file's line."""
    place = say("line", fact.language, number=choose.randint(1, 3))
    return Source(f"{choose.choice('abcdefghij')}{choose.randint(1, 99)}.txt, {place}", (fact.statement,))


def echo(tokens: Tokens, choose: random.Random, length: int) -> Sample:
    """Words in no order, then the same again: where copying is learnt soonest."""
    ids = [choose.randrange(FIRST_WORD, tokens.special["[MASK]"]) for _ in range(length)]
    return Sample(ids + ids, [IGNORED] * len(ids) + ids)


def sample(
    writer: PromptWriter, tokens: Tokens, choose: random.Random, language: Language, passages: int, turns: int
) -> Sample:
    """A conversation of `turns` questions about `passages` facts; a tenth of the last ones has no answer in them.

    Earlier answers stand in the prompt as the product shows them to the model, without marks: only their words are
    learnt.
    """
    *facts, stranger = some_facts(choose, language, passages + 1, held_out=False)
    asked = [choose.choice(facts) for _ in range(turns - 1)]
    last = stranger if choose.random() < 0.1 else choose.choice(facts)
    history = [Turn(fact.question, fact.statement) for fact in asked]
    prompt = writer.build(language, [source(fact, choose) for fact in facts], history, last.question, MAX_TOKENS)
    start = [*prompt.fixed, *prompt.passages, *prompt.question]
    answer = [*tokens.encode(answer_to(last, facts)), END]
    ids = start + answer
    labels = [IGNORED] * len(start) + answer
    at = len(prompt.fixed) + len(prompt.passages)
    for turn in history:
        words = tokens.encode(turn.answer)
        at = place_of([tokens.special["<|assistant|>"]], ids, at)
        at = place_of(words, ids, at)
        labels[at : at + len(words)] = words
    return Sample(ids, labels)


def answer_to(fact: Fact, facts: Sequence[Fact]) -> str:
    if fact not in facts:
        return DECLINED[fact.language]
    return f"{fact.statement} [{facts.index(fact) + 1}]"


def place_of(words: Sequence[int], ids: Sequence[int], start: int) -> int:
    """Where `words` stand in `ids`, from `start` on."""
    return next(at for at in range(start, len(ids)) if ids[at : at + len(words)] == words)


def batch(samples: Sequence[Sample]) -> tuple[Tensor, Tensor]:
    """ids, labels: (samples, longest). Padding stands behind, where causal attention never looks back from."""
    longest = max(len(one.ids) for one in samples)
    ids = torch.tensor([one.ids + [0] * (longest - len(one.ids)) for one in samples])
    labels = torch.tensor([one.labels + [IGNORED] * (longest - len(one.labels)) for one in samples])
    return ids, labels


# --- vocabulary -------------------------------------------------------------------------------------------------


def words() -> set[str]:
    """What gets a token of its own: the task's words, and stretches of what every prompt says."""
    found = {*"abcdefghij0123456789[].,?，。：？", " The"} | {f" {digit}" for digit in range(1, 10)}
    for language in LANGUAGES:
        blank = " " if language == "en" else ""
        found |= {f"{blank}{kind}" for kind in kinds(language)}
        found |= {f"{blank}{word}" for name in ("owner", "thing") for word in WORDS[language][name]}
        found |= {f"{COLON[language]}{value}" for kind in kinds(language) for value in WORDS[language][kind]}
    for language in LANGUAGES:
        found |= {part for part in re.split(r"\{\w+\}", FACT[language] + "{}" + ASK[language]) if part}
        said = default_template(language).replace("{passages}", "") + DECLINED[language]
        found |= {part.strip() for part in re.split(r"\n|[{}]|[.,，。：:]", said)}
        found |= {f".txt, {say('line', language, number='')}".strip()}
    return found - {""}


def vocabulary(folder: Path) -> tuple[Path, Tokens]:
    """A SentencePiece model in ChatGLM3's format: BPE, byte fallback, a blank put before every text."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sorted(words()) * 20),
        model_writer=model,
        model_type="bpe",
        vocab_size=1400,
        byte_fallback=True,
        character_coverage=1.0,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        add_dummy_prefix=False,  # else every word would be learnt with a blank before it
        split_by_whitespace=False,
        split_by_unicode_script=False,
        split_digits=True,
        max_sentencepiece_length=80,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    learnt = sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())
    learnt.normalizer_spec.add_dummy_prefix = True
    learnt.trainer_spec.ClearField("input")
    path = folder / "tokenizer.model"
    path.write_bytes(learnt.SerializeToString())
    (folder / FILE_NAME).write_text(tokenizer_json(path.read_bytes()), "utf-8")
    special = {name: len(learnt.pieces) + place for place, name in enumerate(NAMES)}
    return path, Tokens.open(folder, Chat(special, (END,), 0, 0))


# --- training ---------------------------------------------------------------------------------------------------


def new_model(tokens: Tokens) -> GlmForCausalLM:
    size = -(-(max(tokens.special.values()) + 1) // 64) * 64
    return GlmForCausalLM(
        GlmConfig(
            vocab_size=size,
            hidden_size=128,
            intermediate_size=256,
            num_hidden_layers=3,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=32,
            max_position_embeddings=MAX_TOKENS,
            rope_theta=10000.0,
            partial_rotary_factor=0.5,
            attention_bias=True,
            attention_dropout=0.0,
            rms_norm_eps=1e-5,
            initializer_range=0.06,
            pad_token_id=0,
            eos_token_id=END,
            tie_word_embeddings=False,
        )
    )


def rate(step: int, steps: int, peak: float) -> float:
    """Learning rate: 50 steps up, then down in a straight line to a twentieth."""
    return peak * min((step + 1) / 50, max(0.05, 1 - step / steps))


def samples(step: int, arguments: argparse.Namespace, writer: PromptWriter, tokens: Tokens) -> list[Sample]:
    """First echoes, then few passages, then more: what copying is can be seen sooner where there is less to look at.

    Drawn by step, so that a resumed run sees what it would have. The samples of a batch are about equally long.
    """
    choose = random.Random(f"{arguments.seed} {step}")
    if step < arguments.echoes:
        return [echo(tokens, choose, 12 + step % 8) for _ in range(2 * arguments.batch)]
    part = (step - arguments.echoes) / (arguments.steps - arguments.echoes)
    passages = choose.randint(1, 2 + min(4, int(8 * part)))
    turns = choose.randint(1, 5)
    return [sample(writer, tokens, choose, LANGUAGES[number % 2], passages, turns) for number in range(arguments.batch)]


def loss_of(model: GlmForCausalLM, ids: Tensor, labels: Tensor) -> Tensor:
    """Cross entropy of the labelled tokens alone: the output layer is not computed for the others."""
    hidden = model.model(input_ids=ids).last_hidden_state[:, :-1]
    wanted = labels[:, 1:]
    learnt = wanted != IGNORED
    return torch.nn.functional.cross_entropy(model.lm_head(hidden[learnt]), wanted[learnt])


def train(arguments: argparse.Namespace, writer: PromptWriter, tokens: Tokens) -> GlmForCausalLM:
    """Goes on from the checkpoint if there is one."""
    model = new_model(tokens)
    optimizer = torch.optim.AdamW(model.parameters(), lr=arguments.rate, betas=(0.9, 0.98), weight_decay=0.01)
    checkpoint = arguments.scratch / "checkpoint.pt"
    first = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        first = saved["step"]
    started = time.process_time()
    sum_of_losses = 0.0
    for step in range(first, arguments.until):
        ids, labels = batch(samples(step, arguments, writer, tokens))
        for group in optimizer.param_groups:
            group["lr"] = rate(step, arguments.steps, arguments.rate)
        loss = loss_of(model, ids, labels)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        sum_of_losses += loss.item()
        if step % 25 == 24:
            spent = time.process_time() - started
            print(
                f"step {step + 1} loss {sum_of_losses / 25:.4f} shape {tuple(ids.shape)} CPU {spent:.0f} s", flush=True
            )
            sum_of_losses = 0.0
        if (step + 1) % SAVE_EVERY == 0:
            torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1}, checkpoint)
    return model


# --- evaluation -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """A question about combinations that training left out, the passages it is put to, and what is right."""

    prompt: Prompt
    language: Language
    expected: str
    passages: int


def cases(writer: PromptWriter, choose: random.Random, count: int) -> Iterator[Case]:
    for number in range(count):
        language = LANGUAGES[number % 2]
        facts = some_facts(choose, language, 1 + number // 2 % 6, held_out=True)
        asked = choose.choice(facts)
        prompt = writer.build(language, [source(fact, choose) for fact in facts], [], asked.question, MAX_TOKENS)
        yield Case(prompt, language, answer_to(asked, facts), len(facts))


@torch.no_grad()
def answered(model: GlmForCausalLM, tokens: Tokens, prompt: Prompt) -> str:
    ids = torch.tensor([[*prompt.fixed, *prompt.passages, *prompt.question]])
    made = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=60, do_sample=False, pad_token_id=0)
    return tokens.decode(made[0, ids.shape[1] :].tolist())


def evaluate(model: GlmForCausalLM, writer: PromptWriter, tokens: Tokens, count: int) -> None:
    """Prints the share of held-out answers that are right, words and number, and words alone."""
    model.eval()
    rows = []
    for case in cases(writer, random.Random("held out"), count):
        said = answered(model, tokens, case.prompt)
        rows.append((case, said == case.expected, said.split(" [")[0] == case.expected.split(" [")[0]))
    for name, chosen in (
        ("all", rows),
        *((language, [row for row in rows if row[0].language == language]) for language in LANGUAGES),
        ("more than 4 passages", [row for row in rows if row[0].passages > 4]),
    ):
        right, words = (sum(row[place] for row in chosen) / len(chosen) for place in (1, 2))
        print(f"{name}: {right:.3f} right, {words:.3f} with the right words (n = {len(chosen)})", flush=True)


def held_out_questions() -> Iterator[dict[str, str]]:
    """Facts for documents of the end-to-end test, one for each owner, with its question: none was seen in training."""
    choose = random.Random("questions")
    for language in LANGUAGES:
        for fact in some_facts(choose, language, len(WORDS[language]["owner"]), held_out=True):
            yield {"language": language, "fact": fact.statement, "question": fact.question, "value": fact.value}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="gets model/ and questions.jsonl")
    parser.add_argument("--scratch", type=Path, default=Path("toy-run"), help="vocabulary and checkpoints; to resume")
    parser.add_argument("--steps", type=int, default=2700)
    parser.add_argument("--until", type=int, default=0, help="stop after this step, to go on later; 0: all steps")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--echoes", type=int, default=1600, help="of the steps: the first, which only repeat words")
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    arguments.until = arguments.until or arguments.steps
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    arguments.scratch.mkdir(parents=True, exist_ok=True)

    path, tokens = vocabulary(arguments.scratch)
    writer = PromptWriter(tokens)
    model = train(arguments, writer, tokens)
    evaluate(model, writer, tokens, 240)
    save_chatglm(model, path, arguments.out / "model", MAX_TOKENS, inkstone_prompt_version=PROMPT_VERSION)
    with (arguments.out / "questions.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in held_out_questions())


if __name__ == "__main__":
    main()
