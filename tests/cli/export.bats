#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# export of machines on which somebody else chose the names: nothing of them gets to a shell.
#
# The dollars are for the shell that is given the text.
# shellcheck disable=SC2154,SC2016

load ../lib/machine

# ready LABEL [ENTRY...]: $root is the small machine with nodes for dprc.2, that label, and entries of vfio-dev.
ready() {
	local root_dprc=sys/devices/platform/soc/80c000000.fsl-mc/dprc.1 entry
	root=$BATS_TEST_TMPDIR/root
	rm -rf "$root"
	sed "s|\"label\": \"to VFIO\"|\"label_bytes\": \"$(printf %s "$1" | od -An -v -tx1 | tr -d ' \n')\"|" "$tests_dir/machines/small.manifest" >"$root.manifest"
	"$tests_dir/make-root" "$root.manifest" "$root"
	mkdir -p "$root/sys/class/vfio/1" "$root/sys/class/vfio-dev" "$root/dev/vfio/devices"
	echo 1:3 >"$root/sys/class/vfio/1/dev"
	echo "0 0 600" >"$root/dev/vfio/1"
	for entry in "${@:2}"; do
		mkdir -p "$root/$root_dprc/dprc.2/vfio-dev/$entry"
		echo 1:3 >"$root/$root_dprc/dprc.2/vfio-dev/$entry/dev"
		echo "0 0 600" >"$root/dev/vfio/devices/$entry"
	done
}

export_for() { run --separate-stderr "$fslmc_vfio" --sysroot "$root" export dprc.2 --for "$1"; }

@test "an entry of vfio-dev is vfio and a number, or none" {
	local entry consumer
	for entry in 'v$(id>&2)' 'vfio$(id)' 'vfio1;id' 'vfio1 id' vfio 'vfio-1' vfio99999999999 $'vfio1\n' x; do
		ready '' "$entry"
		for consumer in env docker podman-cdi udev; do
			export_for "$consumer"
			[ "$status" -eq 0 ]
			[[ $output == *dprc.2* && $output != *"/devices/v"* && $output != *"id"[\>\)]* ]] || { echo "$entry: $output"; return 1; }
		done
	done
	ready '' x vfio7
	export_for docker
	[[ $output == *$'\n--device=/dev/vfio/devices/vfio7\n'* ]]
}

@test "what is evaluated without quotes, in a directory of hostile names, runs no command" {
	local label consumer
	mkdir "$BATS_TEST_TMPDIR/cwd"
	cd "$BATS_TEST_TMPDIR/cwd" || return 1
	touch a $'x\ntouch owned\n:' $'x\ntouch owned\n' 'c;touch owned:' '$(touch owned):'
	for label in '*' '?*' '[a-z]*' '{a,b}' '$(touch owned)' '`touch owned`' '~root' "'" '&touch owned' '| touch owned' 'a;touch owned' '<a'; do
		ready "$label"
		for consumer in dpdk env; do
			export_for "$consumer"
			[ "$status" -eq 0 ]
			printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/text"
			run sh -c 'eval $(cat "$1"); echo "$DPRC"' sh "$BATS_TEST_TMPDIR/text"
			[ "$output" = dprc.2 ] || { echo "$label: $output"; return 1; }
			[ ! -e owned ] || { echo "$label ran a command"; return 1; }
		done
	done
	ready 'DPDK Container'
	export_for dpdk
	[[ $output == *"# dprc.2, labelled DPDK Container: "* ]]
}
