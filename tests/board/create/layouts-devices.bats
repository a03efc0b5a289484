#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A layout on a kernel that has device files of VFIO, but no groups: no program of a layout can open what it would get.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/mc_state

setup_file() { board_start lx2160a-rdb-shipped --kernel iommufd-only; }
teardown_file() { board_stop; }

@test "it is refused before anything is created: by define, by a dry run and by apply" {
	needs_virtual_board
	local command
	remember
	board_exec sh -c 'mkdir -p /etc/fslmc-vfio.d; echo "$1" >/etc/fslmc-vfio.d/fast.json' sh \
		'{"format_version": "1.1", "label": "fast", "profile": "dpdk", "layout": {"ports": ["dpmac.3"]}}'
	for command in 'apply --dry-run' apply 'define --label=more --for=qemu --port=dpmac.4'; do
		# shellcheck disable=SC2086 # several words
		board fslmc-vfio $command
		[ "$status" -eq 4 ] || { echo "$command: $status $stderr"; return 1; }
		[[ $stderr == *"groups-missing: "*"use a kernel with CONFIG_VFIO_GROUP"* ]]
	done
	as_before
	[ "$(board_exec ls /etc/fslmc-vfio.d)" = fast.json ]
}
