# SPDX-License-Identifier: GPL-2.0-or-later
#
# A fleet of four boards and the real ansible-core, over ssh: one board is as it should be already, one
# refuses, one dies in the middle.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board

contrib=$tests_dir/../contrib/ansible
boards=(new already refusing dying)

setup_file() {
	[[ -z ${FSLMC_VFIO_BOARD:-} ]] || { export BOARD_MISSING='four boards, one of which can die'; return; }
	command -v ansible-playbook >/dev/null || { export BOARD_MISSING='ansible-core is not installed'; return; }
	export FLEET=fleet$$ ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_NOCOLOR=1 ANSIBLE_RETRY_FILES_ENABLED=false
	export ANSIBLE_HOME=$BATS_FILE_TMPDIR/ansible ANSIBLE_TIMEOUT=60
	local board status=0 inventory=$BATS_FILE_TMPDIR/inventory
	for board in "${boards[@]}"; do
		"$board_script" start "$FLEET-$board" --topology small --kernel "${BOARD_KERNEL:-6.1}" --layer python \
			--install "${FSLMC_VFIO_BUILD:-$tests_dir/../build}/install" --deadline 300 \
			>"$BATS_FILE_TMPDIR/$board.start" 2>&1 3>&- || echo $? >"$BATS_FILE_TMPDIR/$board.failed" &
	done
	wait
	echo '[all]' >"$inventory"
	for board in "${boards[@]}"; do
		[[ ! -f $BATS_FILE_TMPDIR/$board.failed ]] || status=$(<"$BATS_FILE_TMPDIR/$board.failed")
		case $status in
		0) ;;
		77) BOARD_MISSING=$(tail -n 1 "$BATS_FILE_TMPDIR/$board.start") && export BOARD_MISSING && return ;;
		*) sed 's/^/# /' "$BATS_FILE_TMPDIR/$board.start" >&3 && return 1 ;;
		esac
		"$board_script" ssh-config "$FLEET-$board" >"$BATS_FILE_TMPDIR/$board.ssh"
		# dropbear alone has no sftp.
		echo "$board ansible_host=$FLEET-$board ansible_ssh_extra_args='-F $BATS_FILE_TMPDIR/$board.ssh'" >>"$inventory"
	done
	cat >>"$inventory" <<-'INVENTORY'
		[all:vars]
		ansible_user=root
		ansible_become=false
		ansible_pipelining=true
		ansible_ssh_transfer_method=piped
		ansible_python_interpreter=/usr/bin/python3
		fslmc_vfio_definitions={"fastpath": {"label": "child", "owner": "operator", "contents": {"dpni": 2, "dpio": 2, "dpmcp": 2, "dpbp": 1, "dpcon": 1, "dpseci": 1}}}
	INVENTORY
	# What was wanted of it before, in a file that is not as the role would write it.
	on refusing run -- fslmc-vfio define dprc.2 --as fastpath >/dev/null
	on refusing run -- sha256sum /etc/fslmc-vfio.d/fastpath.json >"$BATS_FILE_TMPDIR/refusing.before"
	on refusing firmware '{"do": "add", "container": 2, "type": "dpcon"}'
	# As the play itself would leave it, only sooner.
	on already run -- mkdir -p /etc/ansible/facts.d /etc/fslmc-vfio.d
	on already run -- sh -c 'cat >"$1" && chmod 755 "$1"' sh /etc/ansible/facts.d/fslmc_vfio.fact \
		<"$contrib/roles/fslmc_vfio/files/fslmc_vfio.fact"
	sed -n 's/^fslmc_vfio_definitions=//p' "$inventory" | jq -S '.fastpath + {format_version: "1.0"}' |
		on already run -- sh -c 'cat >/etc/fslmc-vfio.d/fastpath.json && chmod 644 /etc/fslmc-vfio.d/*.json'
	on already run -- fslmc-vfio apply >/dev/null
	# Power fails while the journal is being written.
	on dying run -- sh -c 'mv /usr/bin/fslmc-vfio /usr/bin/real && cat >/usr/bin/fslmc-vfio && chmod 755 /usr/bin/fslmc-vfio' <<-'SCRIPT'
		#!/bin/sh
		[ "$1" = apply ] || exec real "$@"
		strace -f -o /dev/null -e inject=fsync:delay_enter=5000000 real "$@" &
		sleep 2
		echo o >/proc/sysrq-trigger
		sleep 60
	SCRIPT
}

teardown_file() {
	local board
	for board in "${boards[@]}"; do
		"$board_script" stop "$FLEET-$board"
	done
}

# on BOARD VERB [ARGS]
on() { "$board_script" "$2" "$FLEET-$1" "${@:3}"; }
# driver_on BOARD: that of its dprc.2.
driver_on() { BOARD_NAME=$FLEET-$1 driver_of dprc.2; }
# How long it took is part of what a test of a fleet is for.
play() {
	local TIMEFORMAT="# %R s, of which %U s are this machine's own CPU: $BATS_TEST_DESCRIPTION"
	time run ansible-playbook -i "$BATS_FILE_TMPDIR/inventory" "$@"
} 2>&3
recap() { grep -E "^$1 +:" <<<"$output"; }

@test "check mode says what would change and changes nothing" {
	play --check --limit new -e batches=100% "$contrib/assign.yml"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $(recap new) == *changed=[1-9]* ]]
	[ "$(driver_on new)" = fsl_mc_dprc ]
	on new run -- test ! -e /etc/fslmc-vfio.d/fastpath.json
}

@test "the play reports exactly the board that refuses and the one that dies; the others are assigned" {
	play -e batches=100% "$contrib/assign.yml"
	echo "$output"
	[ "$status" -ne 0 ]
	[[ $(recap new) == *unreachable=0*failed=0*rescued=0* && $(recap new) == *changed=[1-9]* ]]
	[[ $(recap already) == *changed=0*unreachable=0*failed=0*rescued=0* ]]
	[[ $(recap refusing) == *unreachable=0*failed=1*rescued=2* ]]
	[[ $(recap dying) == *unreachable=1*failed=0* ]]
	[[ $output == *"Left in an unknown state: dying"* ]]
	[[ $output == *"2 dpcon instead of 1"* ]]
	local board
	for board in new already; do
		[ "$(driver_on "$board")" = vfio-fsl-mc ]
	done
}

@test "nothing is half done on the board that refused" {
	[ "$(driver_on refusing)" = fsl_mc_dprc ]
	[ -z "$(on refusing run -- sh -c 'ls /run/fslmc-vfio/journal')" ]
	on refusing run -- sha256sum /etc/fslmc-vfio.d/fastpath.json | diff "$BATS_FILE_TMPDIR/refusing.before" -
	[ "$(on refusing run -- ls -A /etc/fslmc-vfio.d)" = fastpath.json ]
}

@test "what was to go stays on the board that refused, and what is new does not" {
	play --limit refusing -e batches=100% -e fslmc_vfio_purge=true -e '{"fslmc_vfio_definitions": {"more": {"label": "gone", "contents": {"dpni": 1}}}}' "$contrib/assign.yml"
	echo "$output"
	[ "$status" -ne 0 ]
	[ "$(on refusing run -- ls -A /etc/fslmc-vfio.d)" = fastpath.json ]
	on refusing run -- sha256sum /etc/fslmc-vfio.d/fastpath.json | diff "$BATS_FILE_TMPDIR/refusing.before" -
}

@test "a second run changes nothing, and says so" {
	play --limit new -e batches=100% "$contrib/assign.yml"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $(recap new) == *changed=0* ]]
}

@test "the inventories of all boards come together, each valid, and the silent one is named" {
	play "$contrib/collect.yml" -e "output=$BATS_TEST_TMPDIR/fleet.json"
	jq -e '.silent == ["dying"] and (.boards | keys) == ["already", "new", "refusing"]' "$BATS_TEST_TMPDIR/fleet.json"
	local board
	for board in already new refusing; do
		jq --arg board "$board" '.boards[$board]' "$BATS_TEST_TMPDIR/fleet.json" | "$tests_dir/validate-json" -
	done
	[ "$(jq -r '.boards.new.dprcs[] | select(.name == "dprc.2").driver' "$BATS_TEST_TMPDIR/fleet.json")" = vfio-fsl-mc ]
}

@test "only the boards of the play are asked for, and localhost need not be among them" {
	play "$contrib/collect.yml" --limit new -e boards=new,already -e "output=$BATS_TEST_TMPDIR/rack.json"
	echo "$output"
	[ "$status" -eq 0 ]
	jq -e '.silent == [] and (.boards | keys) == ["new"]' "$BATS_TEST_TMPDIR/rack.json"
}
