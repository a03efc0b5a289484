# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For tests about the sources themselves.  They run in the top directory.
bats_require_minimum_version 1.5.0

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 1

# In a checkout what git tracks, or would; in an unpacked tarball all that was not generated.
git_files() {
	local files
	files=$(git ls-files --cached --others --exclude-standard -- "$@" 2>/dev/null) || files=
	if [[ -n $files ]]; then
		printf '%s\n' "$files"
		return
	fi
	find "${@%%/\**}" \( -name build-aux -o -name _build -o -name _inst -o -name aclocal.m4 \
		-o -name config.h.in -o -name configure -o -name Makefile.in \) -prune -o -type f -print |
		sed 's,^\./,,'
}

floor_of() {
	case $1 in
	src/base/*) echo 0 ;;
	src/kernel/*) echo 1 ;;
	src/model/*) echo 2 ;;
	src/rules/*) echo 3 ;;
	src/export/* | src/layout/* | src/probe/* | src/settings/*) echo 4 ;;
	src/transaction/*) echo 5 ;;
	src/report/*) echo 6 ;;
	src/verbs/*) echo 7 ;;
	src/main.c) echo 8 ;;
	*) echo "no floor for $1" >&2 && return 1 ;;
	esac
}

# one_door HEADER PREFIX...: only files that begin so include HEADER.
one_door() {
	local file prefix header=$1
	shift
	for file in $(grep -RlE "^#include $header" src); do
		for prefix; do
			[[ $file != "$prefix"* ]] || continue 2
		done
		echo "$file includes $header, which belongs to $*"
		return 1
	done
}
