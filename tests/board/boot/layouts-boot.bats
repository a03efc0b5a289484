#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A board as it leaves the shop, and one definition: at a cold boot its container is created, locked and assigned.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/lock
load ../../lib/systemd

# shellcheck disable=SC2034 # of board.bash
board_options=(--deadline 300)

# boot TOPOLOGY: with what is in the folder install, on a board and an MC that know nothing of an earlier boot.
boot() {
	board_install=$BATS_FILE_TMPDIR/install board_start "$1" --systemd --no-vfio --cpus 2 --deadline 300 \
		--append "modprobe.blacklist=fsl_mc_dpio,fsl_dpaa2_eth vfio_iommu_type1.allow_unsafe_interrupts=1"
}

setup_file() {
	[[ -z ${FSLMC_VFIO_BOARD:-} ]] || { export BOARD_MISSING='a board that can be booted with definitions'; return; }
	local install=$BATS_FILE_TMPDIR/install
	cp -a "${FSLMC_VFIO_BUILD:-$tests_dir/../build}/install" "$install"
	mkdir -p "$install/etc/fslmc-vfio.d" "$install/etc/systemd/system/multi-user.target.wants"
	cat >"$install/etc/fslmc-vfio.d/fast.json" <<-'JSON'
		{"format_version": "1.1", "label": "fast", "profile": "dpdk", "lcores": 2, "owner": "operator", "lock": true,
		 "layout": {"ports": ["dpmac.3", "dpmac.4"], "crypto": 2}}
	JSON
	cat >"$install/etc/systemd/system/consumer.service" <<-'UNIT'
		[Unit]
		Requires=fslmc-vfio@fast.service
		After=fslmc-vfio@fast.service
		[Service]
		Type=oneshot
		RemainAfterExit=yes
		User=operator
		RuntimeDirectory=consumer
		ExecStartPre=+/bin/sh -c 'fslmc-vfio export --for=env "$$(fslmc-vfio apply --wait 60 -n -r -o NAME fast)" >/run/consumer/env'
		EnvironmentFile=-/run/consumer/env
		ExecStart=/usr/bin/fslmc-vfio probe ${DPRC}
	UNIT
	ln -s /etc/systemd/system/consumer.service "$install/etc/systemd/system/multi-user.target.wants"
	boot lx2160a-rdb-shipped
}
teardown_file() { board_stop; }
# A board that a test boots is known to that test alone.
teardown() { [[ -z ${another:-} ]] || board_stop; }

# is_there: the container fast is as defined, and there is one of it.
is_there() {
	local dprc
	dprc=$(board_exec fslmc-vfio list -n -r -o NAME,LABEL | sed -n 's/ fast$//p')
	[ "$(wc -w <<<"$dprc")" -eq 1 ]
	[ "$(driver_of "$dprc")" = vfio-fsl-mc ]
	[ "$(board_exec stat -c %U "/dev/vfio/$(group_of "$dprc")")" = operator ]
	[ "$(is_locked "$dprc")" = true ]
	board fslmc-vfio status
	[ "$status" -eq 0 ]
}

@test "at a cold boot the container is created, locked, assigned and its owner's, and the program that needs it runs" {
	has_done fslmc-vfio-create@dprc.1.service
	[ "$(state_of consumer.service)" = active ]
	is_there
	board fslmc-vfio list --ports -n -r -o PORT,CONTAINER
	[[ $output == *"dpmac.3 dprc.2"* && $output == *"dpmac.4 dprc.2"* ]]
}

@test "the unit is started by the root DPRC once, not again by the container that it creates" {
	board_exec sh -c 'for i in 1 2 3; do echo 1 >/sys/bus/fsl-mc/rescan; done; udevadm settle'
	[ "$(board_exec sh -c 'journalctl --output=cat -u fslmc-vfio-create@dprc.1.service | grep -c ^Starting')" -eq 1 ]
	board systemctl is-failed fslmc-vfio-create@dprc.1.service
	[ "$output" != failed ]
}

@test "the unit is shut in as the others are: systemd's own measure" {
	board systemd-analyze security --threshold=27 fslmc-vfio-create@dprc.1.service
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "what was given back and destroyed is created again when its program is started again" {
	board_exec systemctl stop consumer.service
	board_exec sh -c 'fslmc-vfio unbind -n dprc.2 && fslmc-vfio destroy dprc.2' >/dev/null
	# Its number is another's now.
	board_exec fslmc-vfio create --label=other --for=qemu -n -r -o NAME
	[ "$(board_exec systemctl is-active fslmc-vfio@fast.service)" = inactive ]
	board systemctl start consumer.service
	[ "$status" -eq 0 ]
	is_there
	board fslmc-vfio list --ports -n -r -o PORT,CONTAINER
	[[ $output == *"dpmac.3 dprc.3"* ]]
}

@test "the next boot is the same, also where the DPL has another container by now" {
	local topology=$BATS_FILE_TMPDIR/another.json
	board_stop
	another=booted
	jq '.containers += [{"id": 2, "parent": 1, "icid": 25, "options": ["ALLOC"], "label": "another", "plugged": false, "objects": []}]' \
		"$tests_dir/vm/topologies/lx2160a-rdb-shipped.json" >"$topology"
	boot "$topology"
	has_done fslmc-vfio-create@dprc.1.service
	[ "$(state_of consumer.service)" = active ]
	is_there
}
