# SPDX-License-Identifier: GPL-2.0-or-later
#
# create, bind --lock and destroy on boards as shipped with the releases of the MC firmware that are in the field.
#
# shellcheck disable=SC2154

load ../../lib/board

# One board a test.
teardown() { board_stop; }

# whole_way MINOR LOCK: on MC 10.MINOR; check complains of nothing but the firmware's age.
whole_way() {
	local name
	jq "del(.api_versions) | .mc_version.minor = $1" "$tests_dir/vm/topologies/lx2160a-rdb-shipped.json" >"$BATS_TEST_TMPDIR/mc.json"
	board_start "$BATS_TEST_TMPDIR/mc.json"
	board_needed
	needs_virtual_board
	name=$(board_exec fslmc-vfio create --label=fast --for=dpdk --lcores=4 --port=dpmac.3 --port=dpmac.4 -n -r -o NAME)
	board fslmc-vfio check --for=dpdk --lcores=4 -n -r -o SEVERITY,CODE "$name"
	[ "$status" -eq 0 ]
	[ -n "$output" ]
	# A board of tests has no huge pages and needs no trust in its interrupts.
	run ! grep -E '^(refuse|warn) ' <<<"$(grep -vE '^warn mc-too-old$' <<<"$output")"
	if [ "$2" = lock ]; then
		board fslmc-vfio bind --lock -n -r -o NAME,DRIVER,LOCKED "$name"
		[ "$output" = "$name vfio-fsl-mc yes" ] || { echo "$output $stderr"; return 1; }
	else
		board fslmc-vfio bind --lock "$name"
		[ "$status" -eq 4 ]
		[[ $stderr == *"lock-unsupported"* ]]
		board_exec fslmc-vfio bind "$name" >/dev/null
	fi
	board_exec fslmc-vfio unbind "$name" >/dev/null
	board_exec fslmc-vfio destroy "$name" >/dev/null
	[ "$(board_exec fslmc-vfio list -n -r -o NAME)" = dprc.1 ]
}

@test "MC 10.10, which knows no lock" { whole_way 10 none; }
@test "MC 10.28" { whole_way 28 lock; }
@test "MC 10.32" { whole_way 32 lock; }
@test "MC 10.40" { whole_way 40 lock; }
