# shellcheck shell=bash disable=SC2016
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For tests that create containers: what the MC has, before and after, and a board without containers between tests.

# board_start_with PORTALS: as shipped, but for how many MC portals are left; each container takes some for good.
board_start_with() {
	jq ".pools.mcp = $1" "$tests_dir/vm/topologies/lx2160a-rdb-shipped.json" >"$BATS_FILE_TMPDIR/portals.json"
	board_start "$BATS_FILE_TMPDIR/portals.json" --cpus 2
}

# All that the MC has; not compared: MC portals, which never come back, and interrupt status.
mc_dump() {
	firmware '{"do":"state"}' |
		jq -S 'del(.held, .pools.mcp) | .connections |= (map([.a, .b] | sort) | sort) | del(.. | .irqs?, .status?)'
}

remember() { mc_dump >"$BATS_TEST_TMPDIR/mc"; }
as_before() { mc_dump | diff "$BATS_TEST_TMPDIR/mc" -; }

# as_before, but for the token of an open that was never answered, for nobody knows it to close it.
as_before_but_tokens() {
	local no_tokens='del(.. | .opens?, .tokens?)'
	mc_dump | jq -S "$no_tokens" | diff <(jq -S "$no_tokens" "$BATS_TEST_TMPDIR/mc") - && remember
}

# no_containers: no fault, no definition and no container is left.
no_containers() {
	[[ -n ${BOARD_MISSING:-} || -z ${BOARD_NAME:-} ]] || {
		firmware '{"do":"clear"}' >/dev/null
		# shellcheck disable=SC2016 # for the board's shell
		board_exec sh -c 'fslmc-vfio recover; rm -rf /etc/fslmc-vfio.d
			echo 1 >/sys/bus/fsl-mc/rescan
			for dprc in $(fslmc-vfio list -n -r -o NAME,PARENT | sed -n "s/ dprc.1$//p"); do
				fslmc-vfio unbind "$dprc"
				fslmc-vfio destroy --foreign "$dprc"
			done' >/dev/null 2>&1
	}
}

# commands_of COMMAND...: what the MC is asked meanwhile, by the kernel too: "command ordinal", from 0, one a line.
commands_of() {
	local since
	since=$(firmware '{"do":"log","since":0}' | jq '.log[-1].seq')
	board_exec "$@" >/dev/null 2>&1
	firmware "{\"do\":\"log\",\"since\":$since}" | jq -r '.log[].command' | awk '{ print $1, n[$1]++ }'
}

# disturb FAULT COMMAND ORDINAL: the MC answers that one with a status, late (longer than is usual, but not than the kernel
# waits) or never.
disturb() {
	case $1 in
	late) firmware "{\"do\":\"delay\",\"command\":\"$2\",\"ms\":8000,\"after\":$3}" ;;
	never) firmware "{\"do\":\"mute\",\"command\":\"$2\",\"after\":$3}" ;;
	*) firmware_fails "$2" "$1" "" "$3" ;;
	esac >/dev/null
}

# What a run itself does to the MC, the bus (by a child a write) and the records.
calls=sendto,clone,clone3,renameat,renameat2,unlinkat

# calls_of COMMAND...: how many of these it makes.
calls_of() {
	board_exec sh -c 'trace=$1; shift
		strace -o /tmp/calls -e trace="$trace" "$@" >/dev/null 2>&1; grep -c "(" /tmp/calls' sh "$calls" "$@"
}

# killed_at N COMMAND...: in that call, which still has its effect.
killed_at() {
	board_exec sh -c 'n=$1 trace=$2; shift 2
		strace -o /dev/null -e trace="$trace" -e inject="$trace:signal=KILL:when=$n" "$@" >/dev/null 2>&1' \
		sh "$1" "$calls" "${@:2}" || true
}
