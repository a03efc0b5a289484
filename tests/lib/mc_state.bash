# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For tests that create containers: what the MC has, before and after, and a board without containers between tests.

# All that the MC has; not compared: MC portals, which never come back, and interrupt status.
mc_dump() {
	firmware '{"do":"state"}' |
		jq -S 'del(.held, .pools.mcp) | .connections |= (map([.a, .b] | sort) | sort) | del(.. | .irqs?, .status?)'
}

remember() { mc_dump >"$BATS_TEST_TMPDIR/mc"; }
as_before() { mc_dump | diff "$BATS_TEST_TMPDIR/mc" -; }

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
