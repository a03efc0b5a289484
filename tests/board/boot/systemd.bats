# SPDX-License-Identifier: GPL-2.0-or-later
#
# Cold boot to assigned, under a real systemd and udev; and how far the units are shut in.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/lock
load ../../lib/systemd

# What is waited for here may take a loaded machine minutes.
# shellcheck disable=SC2034 # of board.bash
board_options=(--deadline 300)

setup_file() {
	[[ -z ${FSLMC_VFIO_BOARD:-} ]] || { export BOARD_MISSING='a board that can be booted with definitions'; return; }
	local install=$BATS_FILE_TMPDIR/install
	cp -a "${FSLMC_VFIO_BUILD:-$tests_dir/../build}/install" "$install"
	mkdir -p "$install/etc/fslmc-vfio.d" "$install/etc/systemd/system/multi-user.target.wants"
	cat >"$install/etc/fslmc-vfio.d/fastpath.json" <<-'JSON'
		{"format_version": "1.0", "label": "child", "owner": "operator", "lock": true,
		 "contents": {"dpni": 2, "dpio": 2, "dpmcp": 2, "dpbp": 1, "dpcon": 1, "dpseci": 1}}
	JSON
	# A program of an ordinary user that needs the container, as an administrator would write it.
	cat >"$install/etc/systemd/system/consumer.service" <<-'UNIT'
		[Unit]
		Requires=fslmc-vfio@fastpath.service
		After=fslmc-vfio@fastpath.service
		[Service]
		Type=oneshot
		RemainAfterExit=yes
		User=operator
		RuntimeDirectory=consumer
		# As other containers' units are at boot, now and then: at work when apply is asked.
		ExecStartPre=+/usr/bin/systemd-run /usr/bin/flock /run/fslmc-vfio/lock sleep 5
		ExecStartPre=/bin/sleep 1
		ExecStartPre=+/bin/sh -c 'fslmc-vfio export --for=env "$$(fslmc-vfio apply --wait 60 -n -r -o NAME fastpath)" >/run/consumer/env'
		EnvironmentFile=-/run/consumer/env
		ExecStart=/usr/bin/fslmc-vfio probe ${DPRC}
	UNIT
	ln -s /etc/systemd/system/consumer.service "$install/etc/systemd/system/multi-user.target.wants"
	# The host's own drivers stay out: udev would load them, and interfaces in use are refused.  And Linux 7.2
	# gives the container no IOMMU otherwise, for the board's interrupts are not isolated.
	board_install=$install board_start small --systemd --no-vfio --cpus 2 --deadline 300 \
		--append "modprobe.blacklist=fsl_mc_dpio,fsl_dpaa2_eth vfio_iommu_type1.allow_unsafe_interrupts=1"
}
teardown_file() { board_stop; }

@test "after a cold boot the container is with VFIO and its owner's, without anybody's doing" {
	has_done fslmc-vfio-container@dprc.2.service
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	[ "$(board_exec stat -c %U "/dev/vfio/$(group_of dprc.2)")" = operator ]
	[ "$(is_locked dprc.2)" = true ]
}

@test "the system log says what the unit did, from within its sandbox" {
	board journalctl --output=cat --identifier=fslmc-vfio
	[[ $output == *"apply dprc.2 by UID 0: done"* ]]
}

@test "a program that requires the definition is started, after it, and can use the container" {
	[ "$(state_of consumer.service)" = active ]
	has_done fslmc-vfio@fastpath.service
}

@test "nothing waits for systemd-udev-settle.service, which is deprecated" {
	board systemctl show --property=ActiveState --value systemd-udev-settle.service
	[ "$output" = inactive ]
}

@test "a container that nothing defines stays with the host" {
	has_done fslmc-vfio-container@dprc.3.service
	[ "$(driver_of dprc.3)" = fsl_mc_dprc ]
}

@test "the units do in their sandbox what apply does outside: nothing is left to change" {
	board fslmc-vfio apply --json
	[ "$status" -eq 0 ]
	jq -e '.changed == false' <<<"$output"
}

@test "a definition that is named like a DPRC that is not there waits for its own" {
	board_exec sh -c 'mv /etc/fslmc-vfio.d/fastpath.json /etc/fslmc-vfio.d/dprc.9.json'
	board systemctl start fslmc-vfio@dprc.9.service
	board_exec sh -c 'mv /etc/fslmc-vfio.d/dprc.9.json /etc/fslmc-vfio.d/fastpath.json'
	[ "$status" -eq 0 ]
	board journalctl --output=cat --unit=fslmc-vfio@dprc.9.service
	[[ $output != *"not ready"* ]]
}

@test "what was given back stays with the host, and a program that is started again has it assigned again" {
	board_exec fslmc-vfio unbind -n dprc.2 >/dev/null
	# Events are served in their order: what this one starts is started after all that the unbind could have.
	firmware '{"do": "create", "parent": 1, "id": 9, "icid": 9, "plugged": true}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	has_done fslmc-vfio-container@dprc.9.service
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	firmware '{"do": "destroy", "object": "dprc.9"}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	board systemctl restart consumer.service
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
}

@test "a program whose container is not as defined is not started" {
	board_exec sh -c 'fslmc-vfio unbind -n dprc.2 && sed -i s/child/gone/ /etc/fslmc-vfio.d/fastpath.json &&
		systemctl stop consumer.service fslmc-vfio@fastpath.service' >/dev/null
	board systemctl start consumer.service
	[ "$status" -ne 0 ]
	board journalctl -u fslmc-vfio@fastpath.service
	[[ $output == *"no DPRC with the label 'gone'"* ]]
	board_exec sh -c 'sed -i s/gone/child/ /etc/fslmc-vfio.d/fastpath.json && systemctl start consumer.service'
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
}

@test "a container that is made again, and is empty at first, is assigned once it is as defined" {
	local type
	board_exec systemctl stop consumer.service
	board_exec fslmc-vfio unbind -n dprc.2 >/dev/null
	firmware '{"do": "destroy", "object": "dprc.2"}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan && udevadm settle && test ! -e /sys/bus/fsl-mc/devices/dprc.2'
	firmware '{"do": "create", "parent": 1, "id": 2, "label": "child", "plugged": true}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan && for i in $(seq 100); do
		journalctl -u fslmc-vfio-container@dprc.2.service | grep -q "does not match the definition" && exit; sleep 0.5
	done; exit 1'
	for type in dpni dpni dpio dpio dpmcp dpmcp dpbp dpcon dpseci; do
		firmware "{\"do\": \"add\", \"container\": 2, \"type\": \"$type\"}"
	done
	has_done fslmc-vfio-container@dprc.2.service
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	[ "$(board_exec stat -c %U "/dev/vfio/$(group_of dprc.2)")" = operator ]
}

@test "a program whose container a script is still making waits for it" {
	board_exec sh -c 'systemctl stop consumer.service && fslmc-vfio unbind -n dprc.2 && echo 0 >/sys/bus/fsl-mc/drivers_autoprobe &&
		systemctl start --no-block consumer.service' >/dev/null
	board_exec sh -c 'for i in $(seq 100); do
		journalctl --output=cat --unit=fslmc-vfio@fastpath.service | tail -n 1 | grep -q ^Starting && exit; sleep 0.2
	done; exit 1'
	board_exec sh -c 'sleep 5; systemctl is-active fslmc-vfio@fastpath.service | grep -qx activating &&
		echo 1 >/sys/bus/fsl-mc/drivers_autoprobe'
	has_done fslmc-vfio@fastpath.service
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	[ "$(state_of consumer.service)" = active ]
}

@test "the units are shut in as far as their work allows: systemd's own measure" {
	local unit
	for unit in fslmc-vfio-container@dprc.2.service fslmc-vfio@fastpath.service; do
		board systemd-analyze security --threshold=27 "$unit"
		echo "$output"
		[ "$status" -eq 0 ]
	done
}

# Whatever stands in the program's place: a shell that tries what the program has no need for.  Each has to work
# outside, or it would say nothing.
@test "nothing else can be done in there: other files, other devices, the network, more privilege" {
	board_exec sh -c 'mkdir -p /run/mounted && cat >/run/tries' <<-'SCRIPT'
		# A shell of its own is what a forbidden system call ends.
		try() { ! ("$@" || exit) >/dev/null 2>&1 || echo "allowed: $*"; }
		try touch /etc/fslmc-vfio.d/tried
		try touch /usr/bin/fslmc-vfio
		try touch /root/file
		try sh -c 'echo 0 >/sys/fs/cgroup/cgroup.procs'
		try sh -c ': </dev/mem'
		try sh -c 'echo text >/dev/kmsg'
		try mknod /run/fslmc-vfio/node c 1 1
		try bash -c ': </dev/tcp/127.0.0.1/22'
		try unshare --mount true
		try unshare --user true
		try mount -t tmpfs tmpfs /run/mounted
		try modprobe dummy
		try sh -c 'date --set="@$(date +%s)"'
		try sh -c 'echo "$(cat /proc/sys/vm/overcommit_memory)" >/proc/sys/vm/overcommit_memory'
		try dmesg
		try sh -c 'echo 0 >/sys/kernel/mm/ksm/run'
		try sh -c 'kill -0 1'
		echo tried
	SCRIPT
	board_exec sh -c 'sed "s,^ExecStart=.*,ExecStart=/bin/sh /run/tries," \
		/usr/lib/systemd/system/fslmc-vfio@.service >/run/systemd/system/tries@.service' >/dev/null
	board systemctl start tries@fastpath.service
	[ "$status" -eq 0 ]
	board journalctl --output=cat --unit=tries@fastpath.service --identifier=sh
	echo "$output"
	[ "$output" = tried ]
	board sh /run/tries
	diff <(board_exec sed -n 's/^try /allowed: /p' /run/tries | tr -d "\"'") <(sed '$d' <<<"$output" | tr -d "\"'")
	[ "${lines[-1]}" = tried ]
	board_exec sh -c 'umount /run/mounted && rm /run/fslmc-vfio/node /etc/fslmc-vfio.d/tried /root/file'
}
