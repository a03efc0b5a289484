# SPDX-License-Identifier: GPL-2.0-or-later
#
# probe: what it finds, what it tries, what it leaves behind, what it refuses.
# The board panics on an oops, so that every test also says that no kernel was crashed.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/probe

# Newer kernels see no isolated interrupts on this board, see "interrupts that are not isolated".
# A second CPU, as the kernel waits for the MC without letting others run.
setup_file() {
	board_start small --cpus 2 --append vfio_iommu_type1.allow_unsafe_interrupts=1
	[[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio bind dprc.2 dprc.3 >/dev/null
}
teardown_file() { board_stop; }
teardown() { [[ -n ${BOARD_MISSING:-} ]] || board_exec pkill -x fslmc-vfio >/dev/null || true; }

@test "every object's regions and interrupts are those the firmware has" {
	board fslmc-vfio probe -J dprc.2
	[ "$status" -eq 0 ]
	firmware_view dprc.2 >"$BATS_TEST_TMPDIR/firmware"
	probe_view <<<"$output" | diff "$BATS_TEST_TMPDIR/firmware" -
	[ "$(wc -l <"$BATS_TEST_TMPDIR/firmware")" -eq $((10 + 9 + 10)) ] # objects, regions, interrupts
	[ "$(jq -r '.probe.verdict' <<<"$output")" = good ]
}

@test "people see numbers per type first and the verdict last, everything with --objects, nothing with --quiet" {
	board fslmc-vfio probe dprc.3
	[ "$status" -eq 0 ]
	local summary=$output types
	types=$(firmware '{"do":"state"}' | jq -r '.objects[] | select(.object == "dprc.3" or .container == "dprc.3") |
		"\(.type) \(.regions | length) \(.irqs | length)"' | sort |
		awk '{ n[$1]++; regions[$1] += $2; irqs[$1] += $3 }
			END { for (type in n) print type, n[type], regions[type], irqs[type], 0, 0, 0 }' | sort)
	[ "$(sed -n '/^TYPE /,/^$/p' <<<"$summary" | grep '^dp' | awk '{ $1 = $1; print }' | sort)" = "$types" ]
	[[ ${lines[-1]} =~ ^"dprc.3: good: "[0-9]+" objects opened"$ ]]
	[[ $summary != *QBMAN* && $summary != *qbman* ]]
	((${#lines[@]} < 24))
	board fslmc-vfio probe --objects dprc.3
	[ "$status" -eq 0 ]
	[ -z "$(grep -E '.{81}' <<<"$output")" ]
	[[ $output == *qbman_cache_enabled* ]]
	[[ ${lines[-1]} == "dprc.3: good: "* ]]
	board fslmc-vfio probe --quiet dprc.3
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	board fslmc-vfio probe -q --json dprc.3
	[ "$status" -eq 2 ]
}

@test "what keeps a test from many objects is said once, below the table" {
	board fslmc-vfio probe --mmap --objects dprc.2
	[ "$status" -eq 0 ]
	[ "$(grep -c 'the kernel maps no region of a DPRC' <<<"$output")" -eq 1 ]
	[[ $output == *"test mmap does not apply to dprc.2: the kernel maps no region of a DPRC"* ]]
	[[ ${lines[-1]} == "dprc.2: good: "*" objects opened, 8 tests passed" ]]
	[[ $output == *" RECEIVED EVENTS"$'\n'* ]]
	firmware_fails get_version busy
	board fslmc-vfio probe --command --objects dprc.2
	[ "$status" -eq 1 ]
	[ "$(grep -c 'MC status busy' <<<"$output")" -eq 1 ]
	[[ $output == *"test command failed for dpmcp."*": the MC command: MC status busy"* ]]
	[[ ${lines[-1]} == "dprc.2: bad: "*" objects bad, "*" tests failed" ]]
	firmware '{"do":"clear"}'
}

@test "it says before it opens anything that closing resets" {
	board fslmc-vfio probe dprc.2
	[ "$status" -eq 0 ]
	[[ $stderr == *"dprc.2: closing it will reset it"* ]]
}

@test "all tests pass, and sysfs and the firmware are left as they were" {
	[ "$(board_exec cat /proc/sys/kernel/panic_on_oops)" -eq 1 ]
	# Any close resets the container; what is compared is what comes on top of that.
	bind_anew dprc.2
	board_exec fslmc-vfio probe dprc.2 >/dev/null
	# The kernel makes an empty directory msi_irqs with the first interrupt, and keeps it until the unbind.
	state_dump | grep -v /msi_irqs >"$BATS_TEST_TMPDIR/before"
	firmware_state >"$BATS_TEST_TMPDIR/firmware"
	board fslmc-vfio probe -J --all dprc.2
	[ "$status" -eq "$(status_after_irqs dprc.2)" ]
	# 8 mappable regions and the DPRC's, a page, 2 portals, 10 interrupts, 10 resets
	[ "$(jq -c '[.tests[] | select(.test != "irq_again")] | group_by(.test) |
			map({(.[0].test): (map(.result) | group_by(.) | map({(.[0]): length}) | add)}) | add' <<<"$output")" = \
		'{"command":{"passed":2},"dma":{"passed":1},"irq":{"passed":10},"mmap":{"not_applicable":1,"passed":8},"reset":{"passed":10}}' ]
	[ "$(jq -r '.probe.mc_version' <<<"$output")" = 10.39.0 ]
	state_dump | grep -v /msi_irqs | diff "$BATS_TEST_TMPDIR/before" -
	firmware_state | diff "$BATS_TEST_TMPDIR/firmware" -
}

@test "a kernel that gives interrupts only once after a bind is found out" {
	bind_anew dprc.2
	board fslmc-vfio probe --irq dprc.2
	local expected
	expected=$(status_after_irqs dprc.2)
	[ "$status" -eq "$expected" ]
	((expected == 0)) || [[ $stderr == *"only once after a bind: 'fslmc-vfio rebind'"* ]]
	bind_anew dprc.2
	board fslmc-vfio probe --irq dprc.2
	[ "$status" -eq "$expected" ]
}

@test "interrupts the firmware raises arrive at the eventfd of their object, and only there" {
	bind_anew dprc.2
	board_exec fslmc-vfio probe dprc.2 >/dev/null
	local object raised=(dprc.2 dpio.11 dpmcp.11 dpni.2 dpseci.10)
	firmware_state >"$BATS_TEST_TMPDIR/firmware"
	watch_begin 60
	for object in "${raised[@]}"; do
		firmware "$(jq -cn --arg object "$object" '{do: "irq", $object, index: 0, events: 4}')"
	done
	wait_for_notes "interrupt 0, events 0x4" "${#raised[@]}"
	watch_end
	[ "$(jq -r '.tests[] | select(.test == "irq_watch" and .interrupts > 0) | .object' <<<"$watched" | sort)" = "$(printf '%s\n' "${raised[@]}" | sort)" ]
	[ "$(jq -c '[.tests[] | select(.test == "irq_watch") | .result] | group_by(.) | map({(.[0]): length})' <<<"$watched")" = '[{"passed":10}]' ]
	firmware_state | diff "$BATS_TEST_TMPDIR/firmware" -
}

@test "an interrupt that the MC refuses to arm is told from one that did not come" {
	firmware '{"do":"create","parent":1,"id":9,"icid":40,"options":["ALLOC"]}'
	firmware '{"do":"add","container":9,"type":"dpmcp","id":90}'
	firmware '{"do":"add","container":9,"type":"dpbp","id":90}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	board_exec fslmc-vfio bind dprc.9 >/dev/null
	board fslmc-vfio probe -J --irq-watch=1 dprc.9
	[ "$status" -ne 0 ]
	jq -r '.tests[] | select(.test == "irq_watch" and .object == "dpbp.90") | "\(.result) \(.reason)"' <<<"$output" |
		grep -q "^failed not armed: the MC refuses to set the interrupt's address: MC status no_privilege"
	bind_anew dprc.3
	board fslmc-vfio probe -J --irq-watch=1 dprc.3
	[[ $output != *"not armed"* ]]
	board_exec fslmc-vfio unbind dprc.9 >/dev/null
	firmware '{"do":"destroy","object":"dprc.9"}'
}

# through_dpmcp SINCE OBJECT: the commands about it from then on, but those on the DPRC's portal, which the kernel sends.
through_dpmcp() {
	local dprc
	dprc=$(firmware '{"do":"state"}' | jq '.objects[] | select(.object == "dprc.2") | .portal')
	firmware "{\"do\":\"log\",\"since\":$1}" | jq -r --arg object "$2" --argjson dprc "$dprc" '
		.log[] | select(.portal != $dprc and (.object == $object or .subject == $object)) | .command + " " + .status'
}

served() { firmware '{"do":"counts"}' | jq .total; }

@test "an object with two interrupts is opened once for both, and closed once" {
	needs_virtual_board
	firmware '{"do":"add","container":2,"type":"dpsw","id":30}'
	bind_anew dprc.2
	local since
	since=$(served)
	watch_begin 60
	watch_end
	firmware '{"do":"destroy","object":"dpsw.30"}'
	[ "$(jq -c '[.tests[] | select(.test == "irq_watch" and .object == "dpsw.30") | .result]' <<<"$watched")" = '["passed","passed"]' ]
	through_dpmcp "$since" dpsw.30 >"$BATS_TEST_TMPDIR/commands"
	[ "$(grep -c '^open ok' "$BATS_TEST_TMPDIR/commands")" -eq 1 ]
	[ "$(grep -c '^close ok' "$BATS_TEST_TMPDIR/commands")" -eq 1 ]
	[ "$(grep -c '^set_irq_mask ok' "$BATS_TEST_TMPDIR/commands")" -eq 4 ]
	bind_anew dprc.2
}

@test "what fails while interrupts are armed or put back leaves nothing open, and is the reason told" {
	needs_virtual_board
	local since nth
	# The first mask is the one that arms, the second the one that puts back.
	for nth in 0 1; do
		bind_anew dprc.2
		since=$(served)
		firmware_fails set_irq_mask busy dpni.1 "$nth"
		watch_begin 60
		watch_end
		[ "$watch_status" -eq "$(status_after_irqs dprc.2 1)" ]
		through_dpmcp "$since" dpni.1 >"$BATS_TEST_TMPDIR/commands"
		[ "$(grep -c '^set_irq_mask' "$BATS_TEST_TMPDIR/commands")" -eq 2 ]
		[ "$(tail -n 1 "$BATS_TEST_TMPDIR/commands")" = "close ok" ]
		[ "$(jq -r '.tests[] | select(.test == "irq_watch" and .object == "dpni.1") | .result' <<<"$watched")" = failed ]
	done
	[[ $(<"$watch_dir/notes") == *"dpni.1: test irq_watch of interrupt 0 failed: putting its interrupt settings back through the DPMCP: MC status busy"* ]]
}

@test "a container in use is refused with the name of who uses it" {
	bind_anew dprc.2
	watch_begin 60
	board fslmc-vfio show dprc.2
	[[ ${lines[0]} == *"PID COMMAND    FILE"* && ${lines[1]} == *" fslmc-vfio /dev/vfio/"* ]]
	board fslmc-vfio probe dprc.2
	watch_end
	[ "$status" -eq 5 ]
	[ -z "$output" ]
	[[ $stderr == *"Device or resource busy"*"(fslmc-vfio) has /dev/vfio/$(group_of dprc.2)"* ]]
}

@test "a DPRC that is not bound to vfio-fsl-mc is refused, and told how" {
	board_exec fslmc-vfio unbind dprc.3 >/dev/null
	board fslmc-vfio probe dprc.3
	board_exec fslmc-vfio bind dprc.3 >/dev/null
	[ "$status" -eq 4 ]
	[[ $stderr == *"not bound to vfio-fsl-mc but to fsl_mc_dprc; 'fslmc-vfio bind dprc.3' does that" ]]
	board fslmc-vfio probe dprc.1
	[ "$status" -eq 4 ]
	[[ $stderr == *"root DPRC"* ]]
}

@test "who owns the group's file needs no other privilege" {
	needs_virtual_board
	board_as_operator fslmc-vfio probe dprc.3
	[ "$status" -eq 6 ]
	[[ $stderr == *"Permission denied"*"'fslmc-vfio bind --owner USER DPRC' gives it to a user"* ]]
	board_exec chown operator "/dev/vfio/$(group_of dprc.3)"
	board_as_operator fslmc-vfio probe --all dprc.3
	[ "$status" -eq "$(status_after_irqs dprc.3)" ]
	board_as_operator sh -c 'ulimit -l 0 && fslmc-vfio probe --dma dprc.3'
	[ "$status" -eq 1 ]
	[[ $stderr == *"test dma failed"*ENOMEM*"'ulimit -l'"* ]]
	board_exec chown root "/dev/vfio/$(group_of dprc.3)"
}

@test "interrupts that are not isolated are refused and explained, and the parameter is left alone" {
	local parameter=/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts
	board_exec sh -c 'echo N >"$1"' sh "$parameter"
	board fslmc-vfio probe dprc.3
	[ "$(board_exec cat "$parameter")" = N ]
	board_exec sh -c 'echo Y >"$1"' sh "$parameter"
	# Whether this kernel refuses, its log tells.
	if board_exec dmesg | grep -q 'No interrupt remapping support'; then
		[ "$status" -eq 4 ]
		[[ $stderr == *VFIO_SET_IOMMU*EPERM*"isolated from others'"*"allow_unsafe_interrupts=1 of module vfio_iommu_type1"* ]]
	else
		[ "$status" -eq 0 ]
	fi
}

@test "without /dev/vfio/vfio it says what provides it" {
	board_exec mv /dev/vfio/vfio /dev/vfio/elsewhere
	board fslmc-vfio probe --interface group dprc.3
	board_exec mv /dev/vfio/elsewhere /dev/vfio/vfio
	[ "$status" -eq 4 ]
	[[ $stderr == *"/dev/vfio/vfio: No such file"*"modprobe vfio_iommu_type1"* ]]
}

@test "an error of the MC behind a successful write is seen" {
	firmware_fails get_version busy
	board fslmc-vfio probe --command dprc.3
	[ "$status" -eq 1 ]
	[[ $stderr == *"dpmcp.20: test command failed: the MC command: MC status busy"* ]]
}

@test "an object that is not with VFIO is bad, and the others are still shown" {
	board_exec sh -c 'echo dpni.3 >/sys/bus/fsl-mc/drivers/vfio-fsl-mc/unbind'
	board fslmc-vfio probe -J dprc.3
	board_exec sh -c 'echo dpni.3 >/sys/bus/fsl-mc/drivers/vfio-fsl-mc/bind'
	[ "$status" -eq 1 ]
	[[ $stderr == *"dpni.3: VFIO_GROUP_GET_DEVICE_FD"*"'fslmc-vfio rebind'"* ]]
	[ "$(jq -r '.objects[] | select(.verdict != "good") | .name + " " + .verdict' <<<"$output")" = "dpni.3 bad" ]
	[ "$(jq -r .probe.verdict <<<"$output")" = bad ]
}

@test "a stranger in the group is named" {
	board_exec sh -c 'cd /sys/bus/fsl-mc && echo dpbp.20 >drivers/vfio-fsl-mc/unbind &&
		echo >devices/dpbp.20/driver_override && echo dpbp.20 >drivers/fsl_mc_allocator/bind'
	board fslmc-vfio probe dprc.3
	board_exec sh -c 'cd /sys/bus/fsl-mc && echo dpbp.20 >drivers/fsl_mc_allocator/unbind &&
		echo vfio-fsl-mc >devices/dpbp.20/driver_override && echo dpbp.20 >drivers/vfio-fsl-mc/bind'
	[ "$status" -eq 4 ]
	[[ $stderr == *"not viable"*"dpbp.20 has fsl_mc_allocator"* ]]
}

@test "a signal ends it early, with everything put back" {
	bind_anew dprc.2
	board_exec fslmc-vfio probe dprc.2 >/dev/null
	firmware_state >"$BATS_TEST_TMPDIR/firmware"
	watch_begin 60
	watch_end TERM
	# Not that it failed matters most, but if it left the container without interrupts.
	[ "$watch_status" -eq "$(status_after_irqs dprc.2 1)" ]
	[[ $(<"$watch_dir/notes") == *"stopped by SIGTERM during test irq_watch; it is closed again"* ]]
	firmware_state | diff "$BATS_TEST_TMPDIR/firmware" -
}

@test "a deadline that passes during a test ends it early, with all closed" {
	# An MC command takes the kernel 5 s at most, and there are two DPMCPs: it is in one of them then.
	firmware '{"do":"mute","command":"get_version","times":0}'
	board fslmc-vfio probe --command --timeout 7 dprc.2
	firmware '{"do":"unmute"}'
	[ "$status" -eq 1 ]
	[[ $stderr == *"stopped by the deadline during test command; it is closed again"* ]]
}
