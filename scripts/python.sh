#!/bin/sh
# Runs a script of this folder with the first Python 3.11 to 3.13 of the machine: sh scripts/python.sh demarrer.py
set -eu
cd "$(dirname "$0")/.."

# The interpreter itself, not a shim of pyenv nor the python of a virtual environment.
condition='import sys, ssl, sqlite3, venv
assert (3, 11) <= sys.version_info[:2] <= (3, 13)
print(getattr(sys, "_base_executable", sys.executable))'
candidats="python3.13 python3.12 python3.11 python3 python"
for version in 3.13 3.12 3.11; do
    for chemin in "${PYENV_ROOT:-${HOME:-/root}/.pyenv}"/versions/$version.*/bin/python3; do
        [ -x "$chemin" ] && candidats="$candidats $chemin"
    done
done

# First one that can also make a virtual environment; Debian splits ensurepip from Python.
for ensurepip in ", ensurepip" ""; do
    for candidat in $candidats; do
        if python=$("$candidat" -c "import sys$ensurepip; $condition" 2>/dev/null); then
            script=$1
            shift
            exec "$python" "scripts/$script" "$@"
        fi
    done
done
echo "Python 3.11, 3.12 or 3.13 is missing: install one (on Debian or Ubuntu: sudo apt-get install -y python3 python3-venv), then start again." >&2
exit 1
