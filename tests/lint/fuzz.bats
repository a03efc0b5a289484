#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The fuzz targets on their seeds, on all inputs that once were crashes, and for a moment on what they make of these.
# "make fuzz" runs them for longer.
#
# shellcheck disable=SC2154

load ../lib/source
load ../lib/tools

setup() {
	needs_tools clang python3
	[[ -n $(find "$(clang -print-resource-dir)" -name 'libclang_rt.fuzzer*.a') ]] || lacks "clang's libFuzzer"
	cd "${FSLMC_VFIO_BUILD:-build}/native" || return 1
}

@test "no fuzz target crashes, hangs or takes all memory, neither by its seeds nor by what once made it" {
	make -s -j"$(nproc)" fuzzers
	run "$OLDPWD/tests/fuzz/run" --fresh fuzz.d 1
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -ge 11 ] # a heading, nine targets at least, the sum
}

@test "a crash is found, and said" {
	local fresh=$BATS_TEST_TMPDIR
	printf '#!/bin/sh\necho "ERROR: it crashed"\nexit 1\n' >"$fresh/text_fuzz"
	chmod +x "$fresh/text_fuzz"
	run "$OLDPWD/tests/fuzz/run" "$fresh" 1
	[ "$status" -eq 1 ]
	[[ $output == *text*1*"ERROR: it crashed"* ]]
}
