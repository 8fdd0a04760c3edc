#!/usr/bin/env bash
# inkstone-chat-small: a small generator of ChatGLM3's architecture, from raw text to the model that the app uses.
#
#   DATA=shared/data training/runs/chat_small.sh                     one GPU, in pieces: start it until it is done
#   DATA=shared/data SHAPE=small EPOCHS=1 MINUTES=0 training/runs/chat_small.sh      some hours of a processor
#   training/runs/chat_small.sh --smoke      every step with tiny shapes
#
# DATA: a folder with text/zh, text/en, qa/train, qa/dev and retrieval. Each training stops after MINUTES (9) with a
# checkpoint; started again, everything goes on where it was. EPOCHS: how often the text is read. What comes out is below
# OUT (runs/chat_small); APP=… names the app's data folder that is to get the model instead of one of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."
OUT=${OUT:-runs/chat_small}
. training/runs/common.sh
NAME=inkstone-chat-small
MINUTES=${MINUTES:-9}
SMOKE=$([ "${1:-}" = --smoke ] && echo yes || true)

if [ -n "$SMOKE" ]; then
    run training.runs.tiny --out "$OUT/tiny"
    TEXTS=("$OUT/tiny/texts.jsonl") HELD=() QUESTIONS=("$OUT/tiny/questions.jsonl")
    VOCABULARY="--pieces 600 --characters 200" TOKENS="--dev-share 0.2"
    SIZES="--shape tiny --window 64 --batch 4 --micro 4 --steps 6 --rate 1e-2 --save-every 3 --log-every 2"
    PREPARE="--negatives 3 --dev-share 0.3 --passage-tokens 0 --most-passages 3"
    TEACH="--steps 4 --batch 4 --max-tokens 1024 --rate 1e-3 --save-every 2 --log-every 1"
    ASK="--limit 2 --max-new-tokens 8"
else
    : "${DATA:?name the folder of the data}"
    TEXTS=("$DATA/text/zh" "$DATA/text/en")
    HELD=(--hold-out "$DATA/qa/dev" "$DATA"/retrieval/*)
    QUESTIONS=("$DATA"/qa/train/{zh_cmrc2018_train,zh-Hant_drcd_dev,zh_dureader2_demo}.jsonl.zst
        "$DATA"/qa/train/{en_nq_oracle_dev,en_squadshifts_amazon_reviews}.jsonl.zst)
    VOCABULARY="" TOKENS=""
    SIZES="--shape ${SHAPE:-full} --epochs ${EPOCHS:-7} --rate 1e-3 --save-every 200"
    if [ "${SHAPE:-full}" = full ]; then
        SIZES+=" --window 2048 --batch 128 --micro 32 --compile"
    else
        SIZES+=" --window 512 --batch 32 --micro 8 --save-every 20"
    fi
    PREPARE="--negatives 9 --dev-share 0.02 --most-passages 6 --declined-share 0.2"
    TEACH="--epochs 3 --batch 32 --micro 8 --max-tokens 2048 --rate 2e-4 --no-gradient-checkpointing --save-every 200"
    ASK="--limit 500"
fi

whole() { [ -e "$1" ] || { echo "The time is over, and there is a checkpoint: start this script again." >&2; exit 0; }; }

say "A vocabulary of both languages"
ready "$OUT/vocabulary/tokenizer.model" ||
    run training.generator.vocabulary "${TEXTS[@]}" --out "$OUT/vocabulary" $VOCABULARY
say "Texts become tokens, less what is held out"
ready "$OUT/tokens/tokens.json" ||
    run training.generator.tokens "${TEXTS[@]}" "${HELD[@]}" --vocabulary "$OUT/vocabulary" --out "$OUT/tokens" $TOKENS
say "Questions become conversations over numbered passages"
ready "$OUT/data/report.json" || run training.data.prepare "${QUESTIONS[@]}" "${HELD[@]}" --out "$OUT/data" \
    --chats --answers sentence --hard bm25 $PREPARE
say "Pretraining"
ready "$OUT/base/model/config.json" || train training.generator.pretrain --tokens "$OUT/tokens" --out "$OUT/base" \
    --minutes "$MINUTES" --resume $SIZES
whole "$OUT/base/model/config.json"
say "Teaching: to answer from passages, to cite them, to decline"
ready "$OUT/run/model/config.json" || train training.chatglm.train --base "$OUT/base/model" --method full \
    --chats "$OUT/data/chats.train.jsonl" --dev "$OUT/data/chats.dev.jsonl" --out "$OUT/run" \
    --minutes "$MINUTES" --resume $TEACH
whole "$OUT/run/model/config.json"
say "Into the app"
rm -rf "$APP/models/$NAME"
inkstone models import "$OUT/run/model" --name "$NAME"
inkstone models use "$NAME"
say "How good it is"
run training.evaluating.answers --model "$APP/models/$NAME" --chats "$OUT/data/chats.dev.jsonl" \
    --out "$OUT/after.json" --predictions "$OUT/run/said.jsonl" $ASK
if [ -z "$SMOKE" ]; then # chatglm3.sh shows as much in its own
    ready "$APP/models/before/model.json" || inkstone models import "$OUT/base/model" --name before
    ready "$OUT/before.json" || run training.evaluating.answers --model "$APP/models/before" \
        --chats "$OUT/data/chats.dev.jsonl" --out "$OUT/before.json" $ASK
    run training.evaluating.table --before "$OUT/before.json" --after "$OUT/after.json" --out "$OUT/run"
    run training.evaluating.curves "$OUT/base"
    run training.evaluating.curves "$OUT/run"
fi
