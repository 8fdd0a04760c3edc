#!/usr/bin/env bash
# inkstone-embed-small: all-MiniLM-L6-v2 learns Chinese, from raw text to the model that the app uses.
#
#   DATA=shared/data training/runs/embed_small.sh
#   training/runs/embed_small.sh --smoke      every step with tiny shapes
#
# DATA: a folder with text/zh, text/en, qa/train, qa/dev, retrieval and vocab/bert-base-chinese. What comes out is below
# OUT (runs/embed_small), with a library of its own; APP=… names the app's data folder that is to get the model instead.
# Started again after an interruption, it goes on: training from its last checkpoint. WORDS_STEPS=… makes the first
# training longer, also after it ended: its rate is constant.
set -euo pipefail
cd "$(dirname "$0")/../.."
OUT=${OUT:-runs/embed_small}
. training/runs/common.sh

SMOKE=$([ "${1:-}" = --smoke ] && echo yes || true)

if [ -n "$SMOKE" ]; then
    run training.runs.tiny --out "$OUT/tiny"
    BASE=$OUT/tiny/bge-tiny-zh ZH=$OUT/tiny/texts.jsonl EN=$OUT/tiny/texts.jsonl
    EXTEND=(--dictionary "$OUT/tiny/cedict.txt" --words 8 --common 2 --max-tokens 128)
    QUESTIONS=("$OUT/tiny/questions.jsonl") ENGLISH=("$OUT/tiny/questions.jsonl") SETS=() HELD=()
    PREPARE="--negatives 1 --dev-share 0.3 --passage-tokens 0"
    SIZES="--batch 8 --max-tokens-query 32 --max-tokens-passage 64 --group 8 --save-every 4 --evaluate-every 4"
    WORDS="--steps ${WORDS_STEPS:-4} --rate 1e-3 --words-rate 1e-2 --warm-up 2"
    ALL="--steps 4 --rate 1e-3 --words-rate 1e-3"
    GLOSSES=4 ENGLISH_ROWS=4 FEWER=
    EXPORT="--precision fp32" # what knows nothing loses much in eight bits
else
    : "${DATA:?name the folder of the data}"
    BASE=minilm ZH=$DATA/text/zh/zhwiki.jsonl.zst EN=$DATA/text/en/openstax_ccby.jsonl.zst
    EXTEND=(--characters "$DATA/vocab/bert-base-chinese/vocab.txt" --words 16000 --limit 6000)
    QUESTIONS=("$DATA"/qa/train/{zh_cmrc2018_train,zh-Hant_drcd_dev,zh_dureader2_demo}.jsonl.zst)
    ENGLISH=("$DATA"/qa/train/{en_nq_oracle_dev,en_boolq_train,en_squadshifts_amazon_reviews}.jsonl.zst)
    SETS=("$DATA"/retrieval/{zh_cmrc_dev_passages,zh_csl_title2abstract,en_squadshifts_wiki_passages,en_medquad})
    HELD=(--hold-out "$DATA/qa/dev/zh_cmrc2018_dev.jsonl.zst" "${SETS[@]}")
    PREPARE="--negatives 3 --dev-share 0.03 --passage-tokens 160 --limit 16000"
    SIZES="--batch 64 --max-tokens-query 40 --max-tokens-passage 112 --group 16 --save-every 20 --evaluate-every 50"
    # Words alone first: the body stays, and with it every English vector. 7e-4: ten times it moves what already fits.
    WORDS="--steps ${WORDS_STEPS:-300} --rate 1e-4 --words-rate 7e-4 --warm-up 10"
    ALL="--steps 330 --rate 4e-5 --words-rate 4e-4 --warm-up 20"
    GLOSSES=48 ENGLISH_ROWS=16 FEWER="--limit 4000"
    EXPORT="--precision int8"
fi

say "The English model gets Chinese words, at their English meanings"
ready "$OUT/start/glosses.jsonl" ||
    run training.vocabulary.extend --model "$BASE" --texts "${ZH%/zhwiki*}" --out "$OUT/start" "${EXTEND[@]}"
say "Questions and documents become triplets"
ready "$OUT/questions/report.json" ||
    run training.data.prepare "${QUESTIONS[@]}" "${HELD[@]}" --hard bm25 --out "$OUT/questions" $PREPARE
ready "$OUT/weak/report.json" ||
    run training.data.prepare --weak "$ZH" "${HELD[@]}" --hard none --out "$OUT/weak" $PREPARE --negatives 0
ready "$OUT/english/report.json" ||
    run training.data.prepare "${ENGLISH[@]}" --weak "$EN" "${HELD[@]}" --hard none --out "$OUT/english" $PREPARE --negatives 0 $FEWER

learn() {
    train training.embedding.train --triplets "$OUT/questions/triplets.train.jsonl" "$OUT/weak/triplets.train.jsonl" \
        --dev "$OUT/questions/triplets.dev.jsonl" --batch-by source --temperature 0.05 --dropout 0 --teacher "$BASE" \
        --query-prefix-zh "" --query-prefix-en "" --resume $SIZES "$@"
}
say "Training: the Chinese words alone"
learn --model "$OUT/start/model" --out "$OUT/words" --schedule constant --freeze-body 1000000 --negatives 0 \
    --teach "$OUT/start/glosses.jsonl=$GLOSSES" $WORDS
say "Training: the whole model, with hard negatives; English is held where it was"
# another seed: with the first one's it would go through the pairs that the words have learned already
learn --model "$OUT/words/model" --out "$OUT/all" --negatives 1 --seed 1 \
    --teach "$OUT/start/glosses.jsonl=$((GLOSSES * 2 / 3))" "$OUT/english/triplets.train.jsonl=$ENGLISH_ROWS" $ALL
say "How good it was, and is"
SETS=("$OUT/questions/triplets.dev.jsonl" tests/paraphrases/*.jsonl "${SETS[@]}")
[ -n "$SMOKE" ] && SETS=("$OUT/questions/triplets.dev.jsonl") || ready "$OUT/before.json" ||
    run training.evaluating.retrieval --model "$BASE" --set "${SETS[@]}" --query-prefix "" --out "$OUT/before.json"
run training.evaluating.retrieval --model "$OUT/all/model" --set "${SETS[@]}" --out "$OUT/after.json"
if [ -z "$SMOKE" ]; then # bge.sh shows as much in its own
    run training.evaluating.table --before "$OUT/before.json" --after "$OUT/after.json" --out "$OUT/all"
    run training.evaluating.curves "$OUT/all"
fi
say "Into the app"
rm -rf "$OUT/inkstone-embed-small" "$APP/models/embed-small-anew"
run training.export_embedder --model "$OUT/all/model" --out "$OUT/inkstone-embed-small" --scores "$OUT/after.json" \
    --languages zh en --base-model sentence-transformers/all-MiniLM-L6-v2 --licence "Apache-2.0 AND CC-BY-SA-4.0" \
    --licence-file training/licences/Apache-2.0.txt --notice docs/models/inkstone-embed-small.md $EXPORT
inkstone models import "$OUT/inkstone-embed-small" --name embed-small-anew # the other name is the shipped one's
inkstone models use embed-small-anew
