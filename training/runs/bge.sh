#!/usr/bin/env bash
# An embedder, from raw questions to the model that the app uses.
#
#   DATA="Multi-Doc-QA-Chinese/*.json" BASE=bge-base-zh-v1.5 training/runs/bge.sh
#   training/runs/bge.sh --smoke      every step with tiny shapes: some minutes on any processor
#
# DATA: files of raw questions. BASE: the model's folder, with torch weights. What comes out is below OUT (runs/bge), with
# a library of its own; APP=… names the app's data folder that is to get the model instead. GPUS=8 trains on so many
# graphics cards of this machine. Started again after an interruption, it goes on: training from its last checkpoint.
set -euo pipefail
cd "$(dirname "$0")/../.."
OUT=${OUT:-runs/bge}
. training/runs/common.sh

if [ "${1:-}" = --smoke ]; then
    run training.runs.tiny --out "$OUT/tiny"
    QUESTIONS=("$OUT/tiny/questions.jsonl") BASE=$OUT/tiny/bge-tiny-zh
    SIZES="--steps 8 --batch 8 --negatives 1 --save-every 4 --evaluate-every 4 --rate 1e-3 --max-tokens-passage 64"
    PREPARE="--negatives 3 --dev-share 0.3 --passage-tokens 0"
    EXPORT="--precision fp32" # what knows nothing loses much in eight bits
else
    QUESTIONS=(${DATA:?name the files of raw questions})
    # Five passes over the questions with BGE's own temperature; 64 × 8 passages are the negatives of each question.
    SIZES="--epochs 5 --batch 64 --negatives 7 --chunk 64 --save-every 500 --evaluate-every 500 --rate 1e-5"
    PREPARE="--negatives 15 --dev-share 0.02 --threads $(nproc)"
    EXPORT="--precision int8"
fi
: "${BASE:?name the folder of the model to start from}"

say "The model as it is: exported, to mine hard negatives with"
ready "$OUT/before/model.json" || run training.export_embedder --model "$BASE" --out "$OUT/before" $EXPORT
say "Questions become triplets"
ready "$OUT/data/report.json" ||
    run training.data.prepare "${QUESTIONS[@]}" --out "$OUT/data" --embedder "$OUT/before" --cache "$OUT/vectors" $PREPARE
say "How good it is before"
ready "$OUT/before.json" ||
    run training.evaluating.retrieval --model "$BASE" --set "$OUT/data/triplets.dev.jsonl" --out "$OUT/before.json"
say "Training"
train training.embedding.train --model "$BASE" --triplets "$OUT/data/triplets.train.jsonl" \
    --dev "$OUT/data/triplets.dev.jsonl" --temperature 0.02 --out "$OUT/run" --resume $SIZES
say "How good it is now"
run training.evaluating.retrieval --model "$OUT/run/model" --set "$OUT/data/triplets.dev.jsonl" --out "$OUT/after.json"
run training.evaluating.table --before "$OUT/before.json" --after "$OUT/after.json" --out "$OUT/run"
run training.evaluating.curves "$OUT/run"
say "Into the app"
rm -rf "$OUT/bge-inkstone" "$APP/models/bge-inkstone"
run training.export_embedder --model "$OUT/run/model" --out "$OUT/bge-inkstone" --scores "$OUT/after.json" $EXPORT
inkstone models import "$OUT/bge-inkstone"
inkstone models use bge-inkstone
