# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What all board scripts share: where things live, and how they speak.  Sourced, never run.

# Read by the scripts that source this file.
# shellcheck disable=SC2034
board_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
source_dir=$(cd -- "$board_dir/../.." && pwd)
cache=${FSLMC_VFIO_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fslmc-vfio}
# Short on purpose: unix sockets live below, and a socket's path ends at 107 bytes.
boards=${XDG_RUNTIME_DIR:-/tmp}/fslmc-vfio-$UID
build=${FSLMC_VFIO_BUILD:-$source_dir/build}

# automake's word for "skipped": something the test cannot run without is not here.
readonly status_missing=77

# depmod and modprobe are not in the path of ordinary users.
PATH=$PATH:/usr/sbin:/sbin

me=${0##*/}

say() { printf '%s: %s\n' "$me" "$*" >&2; }
die() { say "$@"; exit 1; }
usage_error() { say "$@"; exit 2; }
missing() { say "$@"; exit "$status_missing"; }

need_tools() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null || missing "$tool is not installed; tests/setup installs it"
	done
}

# ssh hands the remote shell one string, so every argument is quoted to arrive as it is here.
quoted() {
	local argument
	for argument; do
		printf "'%s' " "${argument//\'/\'\\\'\'}"
	done
}

# A list file without comments: one word a line.
read_list() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' -- "$1"; }

# The name of a cached thing carries a digest of what it was made from, so a changed list
# is a new name, and a finished directory is never written to again.
digest() { cat -- "$@" | sha256sum | cut -c1-12; }

# Those of kernel-iommufd are built together.
kernels_built() { printf '%s/kernels-built-%s\n' "$cache" "$(digest "$board_dir"/kernel-iommufd{,.config})"; }

kernel_dir() {
	case $1 in
	iommufd*) printf '%s/%s\n' "$(kernels_built)" "$1" ;;
	*) printf '%s/kernel-%s-%s\n' "$cache" "$1" "$(digest "$board_dir/modules.list")" ;;
	esac
}

# What is left out of every tree, and of this one.
tree_excludes() {
	local own=$board_dir/packages/$1.excludes
	printf '%s\n' "$board_dir/packages/excludes.list"
	[[ ! -f $own ]] || printf '%s\n' "$own"
}

tree_dir() {
	local list=$board_dir/packages/$1.list
	[[ -f $list ]] || usage_error "no package list packages/$1.list"
	local excludes
	mapfile -t excludes < <(tree_excludes "$1")
	printf '%s/%s-%s\n' "$cache" "$1" "$(digest "$list" "${excludes[@]}")"
}

# configured DIR ARGS...: run configure there once, and again with the same arguments when packages were installed or
# removed since: it may find more now, or less.  make repeats it for any other reason.
configured() {
	mkdir -p "$1"
	if [[ ! -f $1/config.status ]]; then
		(cd "$1" && "$source_dir/configure" --quiet "${@:2}")
	elif [[ /var/lib/dpkg/status -nt $1/config.status ]]; then
		(cd "$1" && ./config.status --recheck && ./config.status && touch config.status) >/dev/null
	fi
}
