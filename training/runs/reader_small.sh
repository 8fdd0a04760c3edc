#!/usr/bin/env bash
# A reader, from raw questions to the model that the app uses.
#
#   DATA="qa/train/….jsonl.zst …" HELD="qa/dev/….jsonl.zst …" BASE=runs/embed_small/model training/runs/reader_small.sh
#   training/runs/reader_small.sh --smoke      every step with tiny shapes: less than a minute of one core
#
# DATA: files of questions with passages and answers. HELD: question files and retrieval folders that nothing may be
# learnt from; those of them that have answers, SETS, are what is measured. BASE: a BERT folder, such as the embedder
# that training/runs/embed_small.sh makes (it knows both languages), or minilm, which reads English alone.
# MINUTES=60 stops training after so long; started again, it goes on to the same numbers. What comes out is below OUT
# (runs/reader_small); APP=… names the app's data folder that is to get the model instead of one of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."
OUT=${OUT:-runs/reader_small}
. training/runs/common.sh
NAME=inkstone-reader-small
if [ "${1:-}" = --smoke ]; then
    run training.runs.tiny --out "$OUT/tiny"
    QUESTIONS=("$OUT/tiny/questions.jsonl") BASE=$OUT/tiny/bge-tiny-zh
    PREPARE="--negatives 3 --dev-share 0.3 --passage-tokens 0"
    SIZES="--steps 8 --batch 8 --group 16 --max-tokens 96 --rate 1e-3 --save-every 4 --log-every 2"
    MEASURE="--limit 6 --passages 2 --max-tokens 96" EXPORT="--limit 6 --passages 3 --max-tokens 96 --precision fp32"
else
    QUESTIONS=(${DATA:?name the files of questions})
    PREPARE="--negatives 8 --dev-share 0.03 ${HELD:+--hold-out $HELD}"
    SIZES="--epochs 2 --batch 16 --max-tokens 256 --dropout 0 --freeze-embeddings --rate 2e-4 --save-every 50"
    MEASURE="--max-tokens 320" EXPORT="--languages ${LANGUAGES:-en zh}"
fi
: "${BASE:?name the folder of the model to start from}"

say "Questions become passages that answer, and hard ones that do not"
ready "$OUT/data/report.json" ||
    run training.data.prepare "${QUESTIONS[@]}" --out "$OUT/data" --hard bm25 $PREPARE
MEASURED=(${SETS:-})
[ -n "${SETS:-}" ] || MEASURED=("$OUT/data/triplets.dev.jsonl")
say "Training"
train training.reading.train --model "$BASE" --data "$OUT/data/triplets.train.jsonl" --out "$OUT/run" --resume \
    ${MINUTES:+--stop-after $MINUTES} $SIZES
say "How good it is, in torch"
run training.reading.evaluate --model "$OUT/run/model" --set "${MEASURED[@]}" --out "$OUT/trained.json" $MEASURE
say "To ONNX, and its confidence"
run training.reading.export --model "$OUT/run/model" --dev "$OUT/data/triplets.dev.jsonl" --base "$(basename "$BASE")" \
    --scores "$OUT/trained.json" --report "$OUT/data/report.json" --out "$OUT/$NAME" $EXPORT
say "What the export loses"
run training.reading.evaluate --model "$OUT/$NAME" --set "${MEASURED[@]}" --out "$OUT/exported.json" $MEASURE
run training.evaluating.table --before "$OUT/trained.json" --after "$OUT/exported.json" --out "$OUT/run"
run training.evaluating.curves "$OUT/run"
say "Into the app"
rm -rf "$APP/models/$NAME"
inkstone models import "$OUT/$NAME"
inkstone models use "$NAME"
