# SPDX-License-Identifier: GPL-2.0-or-later
#
# The program is hardened by its own configure, whatever the environment sets: read from the ELF files of both builds.
#
# shellcheck disable=SC2154

load ../lib/source
load ../lib/tools

setup() {
	export LC_ALL=C
	build=${FSLMC_VFIO_BUILD:-build}
	needs_tools readelf
}

# is_hardened PROGRAM
is_hardened() {
	local headers dynamic symbols
	headers=$(readelf --wide --file-header --program-headers "$1")
	dynamic=$(readelf --wide --dynamic "$1")
	symbols=$(readelf --wide --dyn-syms "$1")
	# Position independent, all symbols bound at start, what holds them read only by then, and a stack without code.
	grep -q '^ *Type: *DYN (Position-Independent Executable' <<<"$headers"
	grep -q '(FLAGS_1).*\<NOW\>.*\<PIE\>' <<<"$dynamic"
	grep -q '^ *GNU_RELRO ' <<<"$headers"
	grep -qE '^ *GNU_STACK .* RW +0x' <<<"$headers"
	# Code is in a segment that has nothing else: not the file's own headers, which are at its start.
	grep -qE '^ *LOAD +0x0+ .* R +0x' <<<"$headers"
	[ "$(grep -cE '^ *LOAD .* R E +0x' <<<"$headers")" -eq 1 ]
	run ! grep -E '^ *LOAD .* RWE? *E ' <<<"$headers"
	# Buffers and stacks are checked when the program runs.
	grep -q ' __stack_chk_fail\>' <<<"$symbols"
	grep -qE ' __[a-z]+_chk(@|$)' <<<"$symbols"
	run ! grep -E '\((RPATH|RUNPATH|TEXTREL)\)' <<<"$dynamic"
}

# is_fortified BUILD: at the highest level.
is_fortified() { grep -q '^HARDENING = .*-D_FORTIFY_SOURCE=3' "$build/$1/Makefile"; }

@test "the program for this machine is hardened" {
	is_hardened "$build/native/fslmc-vfio"
	is_fortified native
}

@test "the program for the board is hardened" {
	[[ -x $build/install/usr/bin/fslmc-vfio ]] || { [[ ${CI:-} != true ]] && skip "nothing is built for the board"; }
	is_hardened "$build/install/usr/bin/fslmc-vfio"
	is_fortified arm64
}
