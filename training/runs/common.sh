# What both runs share. PYTHON is the interpreter that has the project's `training` extra.
APP=${APP:-$OUT/home}
PYTHON=${PYTHON:-$([ -x .venv/bin/python ] && echo .venv/bin/python || echo python3)}
export HF_HUB_OFFLINE=1

say() { printf '\n── %s\n' "$1" >&2; }
run() { "$PYTHON" -m "$@"; }
ready() { [ -e "$1" ] && echo "$1 is there already" >&2; }
train() {
    if [ "${GPUS:-1}" -gt 1 ]; then
        "$PYTHON" -m torch.distributed.run --standalone --nproc-per-node "$GPUS" -m "$@"
    else
        run "$@"
    fi
}
inkstone() { "$PYTHON" -c 'from engine.cli import main; main()' --home "$APP" "$@"; }
