#!/usr/bin/env bash
# test-unfit-sources.sh LIST-UNFIT-SOURCES COMPILER...: sources that call a missing function, or a function with other
# parameters, are listed with the reason; others are not.
set -euo pipefail
list=$(realpath "$1")
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo 'int f(int *a); int f(int *a) { return *a; }' >"$work/good.c"
echo 'int g(void); int g(void) { return gone(); }' >"$work/gone.c"
echo 'int f(int *a); int g(char *a); int g(char *a) { return f(a); }' >"$work/other.c"
echo 'int f(int *a); char *f(int *a) { return 0; }' >"$work/wrapper.c"
"$list" "$work"/{good,gone,other,wrapper}.c -- "$@" | sort >"$work/unfit"
for name in gone other wrapper; do
    grep -qE "^$work/$name\\.c\\|.*error: " "$work/unfit" || {
        echo "$name is not listed: $(<"$work/unfit")" >&2
        exit 1
    }
done
[[ $(wc -l <"$work/unfit") == 3 ]] || {
    cat "$work/unfit" >&2
    exit 1
}
