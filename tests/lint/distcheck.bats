# SPDX-License-Identifier: GPL-2.0-or-later
#
# The tarball: built and tested as whoever gets it does.
#
# Runs beside those alone: it needs no board, may take its time, and leaves the processors to whoever wants them.

load ../lib/source

setup() { cd "${FSLMC_VFIO_BUILD:-build}/native" || return 1; }

@test "make distcheck passes, its make check with address and undefined-behaviour sanitizers" {
	local output=$BATS_TEST_TMPDIR/output
	# Its tests wait more than they compute.
	make -s -j"$(($(nproc) * 2))" distcheck-sanitizers >"$output" 2>&1 || { cat "$output"; return 1; }
	# tests/run counts these, too.
	sed -nE 's/^(PASS|SKIP): /# ok - /p' "$output" >&3
}
