# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is inside a container comes back as bind found it: with the drivers that it had, and without those that it
# had not.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start small; }
teardown_file() { board_stop; }

setup() {
	board_needed
	dump >"$BATS_TEST_TMPDIR/fresh"
}

teardown() {
	[[ -z ${BOARD_MISSING:-} ]] || return 0
	[[ -n ${FSLMC_VFIO_BOARD:-} ]] || faults_hit >/dev/null
	board_exec sh -c 'cd /sys/bus/fsl-mc; fslmc-vfio recover; fslmc-vfio unbind dprc.2
		echo 1 >autorescan; echo 1 >drivers_autoprobe
		echo dpio.10 >drivers/vfio-fsl-mc/unbind
		for object in devices/dprc.2 devices/dprc.2/*.*/; do
			echo >"$object/driver_override"
		done
		echo dpbp.10 >drivers_probe' >/dev/null 2>&1
	dump | diff "$BATS_TEST_TMPDIR/fresh" -
}

# On Linux before 6.15 an object gets its IOMMU group when it is first probed, and keeps it as long as the device is there.
dump() { state_dump | grep -v iommu; }

take_from_host() { board_exec sh -c 'echo "$1" >/sys/bus/fsl-mc/drivers/fsl_mc_allocator/unbind' sh "$1"; }
set_override() { board_exec sh -c 'echo "$2" >/sys/bus/fsl-mc/devices/"$1"/driver_override' sh "$@"; }

# The probes of an object that a driver of the host was asked for.
n_probes() { board_exec sh -c 'dmesg | grep -c "fsl_mc_allocator dpbp.10: Adding to iommu group" || :'; }

@test "an object that had no driver has none after unbind, and is not probed for a moment" {
	local n
	take_from_host dpbp.10
	dump >"$BATS_TEST_TMPDIR/before"
	n=$(n_probes)
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	dump | diff "$BATS_TEST_TMPDIR/before" -
	[ -z "$(driver_of dpbp.10)" ]
	[ "$(n_probes)" -eq "$n" ]
}

@test "what a driver_override keeps back stays so" {
	set_override dpbp.10 nobody
	take_from_host dpbp.10
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ -z "$(driver_of dpbp.10)" ]
	[ "$(override_of dpbp.10)" = nobody ]
	[ "$(driver_of dpmcp.10)" = fsl_mc_allocator ]
}

@test "a driver that an object had by its driver_override comes back" {
	set_override dpio.10 vfio-fsl-mc
	board_exec sh -c 'echo dpio.10 >/sys/bus/fsl-mc/drivers/vfio-fsl-mc/bind'
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(driver_of dpio.10)" = vfio-fsl-mc ]
	[ "$(override_of dpio.10)" = vfio-fsl-mc ]
}

@test "a bind that is undone leaves the same" {
	needs_virtual_board
	set_override dpbp.10 nobody
	take_from_host dpbp.10
	dump >"$BATS_TEST_TMPDIR/before"
	firmware_fails get_obj_region config_err dpio.11
	board fslmc-vfio bind dprc.2
	[ "$(faults_hit)" -eq 1 ]
	[ "$status" -eq 1 ]
	dump | diff "$BATS_TEST_TMPDIR/before" -
	[ "$(override_of dpbp.10)" = nobody ]
}

# 0, driver_override, 0, unbind, bind: killed before what is inside is probed.
@test "recover finishes what an unbind left of it" {
	take_from_host dpbp.10
	dump >"$BATS_TEST_TMPDIR/before"
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	killed_after_access 7 unbind dprc.2
	[ "$(board_exec cat /sys/bus/fsl-mc/drivers_autoprobe)" = 0 ]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	board fslmc-vfio recover -n -r
	[ "$status" -eq 0 ]
	[[ $output == "dprc.2 requested "* ]]
	dump | diff "$BATS_TEST_TMPDIR/before" -
	[ "$(driver_of dpmcp.10)" = fsl_mc_allocator ]
	[ "$(board_exec cat /sys/bus/fsl-mc/drivers_autoprobe)" = 1 ]
	has_no_journal
}

@test "what was probed meanwhile loses its driver again, and that is said" {
	set_override dpbp.10 nobody
	take_from_host dpbp.10
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	killed_after_access 6 unbind dprc.2
	board_exec sh -c 'cd /sys/bus/fsl-mc && echo 1 >drivers_autoprobe && echo dprc.2 >drivers/fsl_mc_dprc/bind'
	[ "$(driver_of dpbp.10)" = fsl_mc_allocator ]
	board fslmc-vfio recover -n -r
	[ "$status" -eq 0 ]
	[[ $stderr == *"dpbp.10: warning: driver fsl_mc_allocator probed it when the host got it back, and it had none; unbinding it"* ]]
	[ -z "$(driver_of dpbp.10)" ]
	[ "$(override_of dpbp.10)" = nobody ]
}

@test "where drivers_autoprobe is off, all inside come back, and it stays off" {
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	board_exec sh -c 'echo 0 >/sys/bus/fsl-mc/drivers_autoprobe'
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ "$(board_exec cat /sys/bus/fsl-mc/drivers_autoprobe)" = 0 ]
	[ "$(driver_of dpmcp.10)" = fsl_mc_allocator ]
}

@test "a driver that cannot be had is named, with the command that gives it" {
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	board_exec cat /run/fslmc-vfio/bound/dprc.2.json |
		jq '.objects["dprc.2"] |= (.nobody = ["dpni.1"] | .[""] -= ["dpni.1"])' | put_record bound/dprc.2.json
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 8 ]
	[[ $stderr == *"dpni.1: not restored: lost its driver nobody; run: echo dpni.1 > /sys/bus/fsl-mc/drivers_probe"* ]]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	has_no_journal
}

# It was set after the bind: with it, the driver would not match.
@test "a driver_override of another driver, as long as sysfs takes it, is put back whole" {
	board_exec sh -c 'cd /sys/bus/fsl-mc/devices/dprc.2 && tr "\\0" x </dev/zero | head -c 4000 >driver_override &&
		cat driver_override >/run/long && [ "$(wc -c </run/long)" -eq 4001 ]'
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	board_exec sh -c 'cmp /run/long /sys/bus/fsl-mc/devices/dprc.2/driver_override'
}

# of_0_1_0 FILE: what 0.1.0 wrote down on a board of this topology, as if in this boot.
of_0_1_0() {
	jq --arg boot "$(board_exec cat /proc/sys/kernel/random/boot_id)" \
		--argjson inode "$(board_exec stat -L -c %i /sys/bus/fsl-mc/devices/dprc.2)" '
		.boot_id = $boot | (.change | select(. != null) | .inode) = $inode | (.changes[]? | .inode) = $inode' \
		"$tests_dir/records/$1"
}

@test "what 0.1.0 wrote down when it bound is restored" {
	needs_virtual_board
	take_from_host dpbp.10
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	of_0_1_0 0.1.0-bound-dprc.2.json | put_record bound/dprc.2.json
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ -z "$(driver_of dpbp.10)" ]
	[ "$(driver_of dpmcp.10)" = fsl_mc_allocator ]
}

@test "so is what it wrote down before it was killed" {
	needs_virtual_board
	take_from_host dpbp.10
	board_exec sh -c 'fslmc-vfio recover; cd /sys/bus/fsl-mc && echo 0 >autorescan && echo vfio-fsl-mc >devices/dprc.2/driver_override &&
		echo dprc.2 >drivers/fsl_mc_dprc/unbind'
	of_0_1_0 0.1.0-journal-dprc.2.json | put_record journal/dprc.2.json
	board fslmc-vfio recover -n -r
	[ "$status" -eq 0 ]
	[[ $output == "dprc.2 original "* ]]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	[ "$(override_of dprc.2)" = "(null)" ]
	[ -z "$(driver_of dpbp.10)" ]
	[ "$(board_exec cat /sys/bus/fsl-mc/autorescan)" = 1 ]
	has_no_journal
}
