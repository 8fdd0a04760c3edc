#!/usr/bin/env bash
# A generator, from raw questions to the model that the app uses.
#
#   DATA="Multi-Doc-QA-Chinese/*.json" BASE=chatglm3-6b training/runs/chatglm3.sh
#   training/runs/chatglm3.sh --smoke      every step with tiny shapes: some minutes on any processor
#
# DATA: files of raw questions. BASE: the model's folder, in the hub's layout or in transformers'. What comes out is
# below OUT (runs/chatglm3), with a library of its own; APP=… names the app's data folder that is to get the model instead.
# GPUS=8 trains on so many graphics cards. METHOD=lora trains another way; the README tells which can be served. Started
# again after an interruption, it goes on: training from its last checkpoint.
set -euo pipefail
cd "$(dirname "$0")/../.."
OUT=${OUT:-runs/chatglm3}
. training/runs/common.sh
METHOD=${METHOD:-qlora}
if [ "${1:-}" = --smoke ]; then
    run training.runs.tiny --out "$OUT/tiny"
    QUESTIONS=("$OUT/tiny/questions.jsonl") BASE=$OUT/tiny/chatglm3-tiny
    SIZES="--steps 6 --batch 4 --max-tokens 1024 --save-every 3 --log-every 1 --rank 4"
    PREPARE="--negatives 3 --dev-share 0.3 --passage-tokens 0 --most-passages 3"
    ASK="--limit 4 --max-new-tokens 8"
else
    QUESTIONS=(${DATA:?name the files of raw questions})
    SIZES="--epochs 1 --batch 16 --max-tokens 2048 --save-every 100 --rank 64 --optimizer paged-adamw-8bit"
    PREPARE="--negatives 9 --dev-share 0.02 --most-passages 6"
    ASK="--limit 500"
fi
: "${BASE:?name the folder of the model to start from}"

say "Questions become conversations over numbered passages"
ready "$OUT/data/report.json" ||
    run training.data.prepare "${QUESTIONS[@]}" --out "$OUT/data" --chats --answers sentence --hard bm25 $PREPARE
say "How good it is before"
ready "$APP/models/before/model.json" || inkstone models import "$BASE" --name before
ready "$OUT/before.json" || run training.evaluating.answers --model "$APP/models/before" \
    --chats "$OUT/data/chats.dev.jsonl" --out "$OUT/before.json" $ASK
say "Training"
train training.chatglm.train --base "$BASE" --chats "$OUT/data/chats.train.jsonl" --dev "$OUT/data/chats.dev.jsonl" \
    --method "$METHOD" --out "$OUT/run" --resume $SIZES
say "Adapter and model become one"
rm -rf "$OUT/chatglm3-inkstone"
run training.chatglm.merge --base "$BASE" --adapter "$OUT/run/adapter" --out "$OUT/chatglm3-inkstone"
say "Into the app"
rm -rf "$APP/models/chatglm3-inkstone"
inkstone models import "$OUT/chatglm3-inkstone"
inkstone models use chatglm3-inkstone
say "How good it is now"
run training.evaluating.answers --model "$APP/models/chatglm3-inkstone" \
    --chats "$OUT/data/chats.dev.jsonl" --out "$OUT/after.json" --predictions "$OUT/run/said.jsonl" $ASK
run training.evaluating.table --before "$OUT/before.json" --after "$OUT/after.json" --out "$OUT/run"
run training.evaluating.curves "$OUT/run"
