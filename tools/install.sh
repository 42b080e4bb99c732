#!/usr/bin/env bash
# Makes the three environments that everything else runs in, each only if its lock file has changed since:
#   .venv              the tools and all that the code needs        (requirements.lock)
#   .local-cloud/venv  what the emulated AWS runs on, and no more   (local/requirements.txt)
#   node_modules       the mailbox, and what builds the pages       (package-lock.json)
# With the argument `browser` it also sees to Chromium, which the tests of the pages drive.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '  %4ds  %s\n' "$SECONDS" "$1"; }

fail() {
    printf '\n%s\n' "$@" >&2
    exit 1
}

# A name on PATH proves nothing: a pyenv shim whose version is not active fails only when it is run.
is_python313() { "$1" -c 'import ensurepip, sys; sys.exit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1; }

find_python() {
    local candidate
    while IFS= read -r candidate; do
        if [ -x "$candidate" ] && is_python313 "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done < <(
        printf '%s\n' "${PYTHON:-}"
        type -ap python3.13 python3 python || true
        printf '%s\n' \
            "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python3.13 \
            "${UV_PYTHON_INSTALL_DIR:-$HOME/.local/share/uv/python}"/cpython-3.13*/bin/python3.13 \
            "${ASDF_DATA_DIR:-$HOME/.asdf}"/installs/python/3.13*/bin/python3.13 \
            "${MISE_DATA_DIR:-$HOME/.local/share/mise}"/installs/python/3.13*/bin/python3.13 \
            /opt/homebrew/bin/python3.13 /usr/local/bin/python3.13 /opt/python/3.13*/bin/python3.13
    )
    fail "Openhour needs Python 3.13, and none was found on PATH or where pyenv, uv, asdf and mise keep theirs." \
        "Install one (for example: uv python install 3.13), or name it: make install PYTHON=/path/to/python3.13"
}

# The base interpreter belongs to the stamp: an environment whose interpreter has gone is made anew.
stamp_of() { { cat "$@" && "$python" -c 'import sys; print(sys.base_prefix, sys.version)'; } | cksum; }

is_current() { # directory, lock files...
    local directory=$1
    shift
    [ -f "$directory/.installed" ] && [ "$(cat "$directory/.installed")" = "$(stamp_of "$@")" ]
}

# pip knows whatever index this machine is set up for. uv is quicker but reads only its own settings: where it cannot
# reach a package, pip does the rest.
fill() { # environment, lock file
    if ! .venv/bin/uv pip sync --quiet --require-hashes --python "$1/bin/python" "$2" 2>"$1/uv.log"; then
        "$1/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes --requirement "$2"
    fi
}

# uv itself comes first, at the version and with the hashes of the lock.
bootstrap_uv() {
    awk '/^[^ #]/ { wanted = /^uv==/ } wanted && !/^ *#/' requirements.lock >.venv/uv.txt
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --requirement .venv/uv.txt
}

make_venv() { # directory
    "$python" -m venv --clear "$1" # A half-made one is worth nothing.
}

install_tools() {
    is_current .venv requirements.lock && return
    say "installing the tools into .venv"
    make_venv .venv
    bootstrap_uv
    fill .venv requirements.lock
    stamp_of requirements.lock >.venv/.installed
}

install_emulator() {
    is_current .local-cloud/venv local/requirements.txt && return
    say "installing the emulated cloud into .local-cloud/venv"
    make_venv .local-cloud/venv
    fill .local-cloud/venv local/requirements.txt
    stamp_of local/requirements.txt >.local-cloud/venv/.installed
}

install_node_modules() {
    is_current node_modules package-lock.json && return
    command -v node >/dev/null && command -v npm >/dev/null ||
        fail "The pages and the local mailbox need Node.js 20 or newer with npm, and none was found on PATH."
    say "installing the mailbox and the builder of the pages into node_modules"
    npm ci --no-audit --no-fund --loglevel=error >.local-cloud/npm.log 2>&1 || fail "$(cat .local-cloud/npm.log)"
    stamp_of package-lock.json >node_modules/.installed
}

see_to_chromium() {
    command -v chromium >/dev/null && return
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
        fail "The tests of the pages drive Chromium, and none was found on PATH." \
            "Install it (Debian: sudo apt-get install chromium) and run this again."
    say "installing Chromium"
    { apt-get update -qq && apt-get install -qq --no-install-recommends chromium; } >.local-cloud/chromium.log 2>&1 ||
        fail "$(cat .local-cloud/chromium.log)"
}

main() {
    local modules
    python=$(find_python)
    mkdir -p .local-cloud
    install_node_modules &
    modules=$!
    trap 'kill "$modules" 2>/dev/null || true' EXIT
    install_tools
    install_emulator
    wait "$modules"
    trap - EXIT
    if [ "${1:-}" = browser ]; then see_to_chromium; fi
}

main "$@"
