# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A board that is captured and looked at elsewhere.  Loaded beside lib/board.
# shellcheck disable=SC2034,SC2154 # the tests use them; bats and lib/board set them
native=${FSLMC_VFIO:-${FSLMC_VFIO_BUILD:-$tests_dir/../build}/native/fslmc-vfio}

# All that show what is there.
reading_verbs=(list 'list --json' 'list --objects' 'list --objects --json' 'list --tree' 'list --ports' 'list --pools'
	'list -o all' 'list -O -o all' 'list --type=dpni,dprc' 'show dprc.1' 'show dprc.2' 'show dprc.2 --json' check 'check --json' 'check --for=dpdk dprc.2'
	doctor 'doctor --json' status 'status --json' 'export dprc.2 --for=env')

# replays_alike COMMAND...: with a capture of the board as it is now, they print and return the same as there.
replays_alike() {
	local arguments there capture=$BATS_TEST_TMPDIR/board.tar
	board_exec fslmc-vfio capture - >"$capture"
	for arguments; do
		# shellcheck disable=SC2086 # words
		board fslmc-vfio $arguments
		there=$status:$output
		# shellcheck disable=SC2086
		run --separate-stderr env LC_ALL=C "$native" "--sysroot=$capture" $arguments
		diff <(printf '%s\n' "$there") <(printf '%s\n' "$status:$output") || { echo "$arguments: $stderr"; return 1; }
	done
}
