# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What listing tests are written in: a machine from machines/NAME.manifest, and a command there.
#
#	load ../lib/machine
#	machine small list --json
#
# The program is $FSLMC_VFIO, or that of the build directory.
# shellcheck disable=SC2034 # bats and the tests use them
bats_require_minimum_version 1.5.0
load "${BASH_SOURCE[0]%/*}/tools"
load "${BASH_SOURCE[0]%/*}/json"

tests_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
fslmc_vfio=${FSLMC_VFIO:-${FSLMC_VFIO_BUILD:-$tests_dir/../build}/native/fslmc-vfio}

# A file with a setup of its own calls it there.
setup() { needs_tools jq python3; }

# machine_root NAME: sets $root to the tree of that machine, made once a file.
machine_root() {
	root=$BATS_FILE_TMPDIR/$1
	[[ -d $root ]] || "$tests_dir/make-root" "$tests_dir/machines/$1.manifest" "$root"
}

# variant [SED SCRIPT [LINE...]]: sets $root to the plain machine with its manifest edited.
variant() {
	root=$BATS_TEST_TMPDIR/root-$((++n_variants))
	sed "${1:-}" "$tests_dir/machines/plain.manifest" >"$root.manifest"
	printf '%s\n' "${@:2}" >>"$root.manifest"
	"$tests_dir/make-root" "$root.manifest" "$root"
}
n_variants=0

# machine NAME ARGS...: sets $status, $output, $stderr and $lines.  What claims to be JSON is validated.
machine() {
	machine_root "$1"
	shift
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" "$@"
	[[ ${output:0:1} != '{' ]] || valid_json <<<"$output"
}

# Standard input is one well-formed document; whether it is valid by the schema is looked at when the file ends.
valid_json() {
	local document
	needs_tools json_verify
	needs_jsonschema
	document=$(cat)
	[[ ${document:0:1} == "{" ]] && json_verify -q <<<"$document" || return
	keep_json "$BATS_TEST_DESCRIPTION" "$document"
}
teardown_file() { validate_kept_json; }

needs_jsonschema() {
	[[ ! -e $BATS_FILE_TMPDIR/has-jsonschema ]] || return 0
	/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || lacks "python3's jsonschema"
	touch "$BATS_FILE_TMPDIR/has-jsonschema"
}

# json FILTER: what jq makes of $output.
json() { jq -rc "$@" <<<"$output"; }

# mc_busy REQUEST: in the transcript of $root the MC has answered that one with busy: "15a1 0001 01" is the object with the
# index 1 of the DPRC that has token 1.
mc_busy() {
	grep -q "^$1 00 " "$root/dev/dprc.1"
	sed -i "s/^$1 00 /$1 0a /" "$root/dev/dprc.1"
}
