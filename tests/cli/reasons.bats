#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Reasons on hand-written machines: what no board of ours can be, and what would cost a board a boot.
#
# shellcheck disable=SC2016,SC2034,SC2154

load ../lib/machine

release=6.1.0-56-arm64
group=sys/kernel/iommu_groups/1
smmu=sys/firmware/devicetree/base/soc/iommu@5000000

# Whether it is locked is unknown of every DPRC here: only where that is the question it is one of the findings.
is_lock='.severity == "info" and .code == "contents-changeable"'

# check finds only this, and what is in $besides, for dprc.2; 'bind --dry-run' agrees.
provokes() {
	local severity=$1 code=$2 status_wanted=${status_wanted:-4}
	shift 2
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check -n -r -o SEVERITY,CODE dprc.2 "$@"
	[[ $code == contents-changeable ]] || output=$(grep -vx 'info contents-changeable' <<<"$output" || true)
	[ "$output" = "${besides:+$besides$'\n'}$severity $code" ] || { echo "found: $output $stderr"; return 1; }
	[ "$severity" = refuse ] || status_wanted=0
	[ "$status" -eq "$status_wanted" ]
	[[ $* != *--for* && $* != *--lock* ]] || return 0
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --dry-run dprc.2
	[ "$status" -eq "$status_wanted" ]
	[[ $severity != refuse || $stderr == "fslmc-vfio: dprc.2: $code: "* ]]
}

evidence() {
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check --json dprc.2
	valid_json <<<"$output" || { echo "not valid"; return; }
	json ".findings[] | select($is_lock | not) | .evidence"
}

remedy() { "$fslmc_vfio" --sysroot "$root" check --json dprc.2 | jq -r ".findings[] | select($is_lock | not) | .remedy"; }

@test "nothing can be said against the plain machine" {
	variant
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check dprc.2 --strict --lock --for dpdk
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2: can be bound and is enough for dpdk" ]
	[ -z "$stderr" ]
}

@test "driver-missing tells not built, not loaded and built in apart" {
	local modules=lib/modules/$release without='s/ vfio-fsl-mc$//;/vfio_fsl_mc/d'
	variant "$without" "file $modules/modules.dep kernel/drivers/vfio/vfio.ko:" "file $modules/modules.builtin"
	provokes refuse driver-missing
	[ "$(evidence)" = "not built: this kernel has no such module" ]
	[ "$(remedy)" = "use a kernel with CONFIG_VFIO_FSL_MC" ]
	variant "$without" "file $modules/modules.dep kernel/drivers/vfio/fsl-mc/vfio-fsl-mc.ko.xz:" "file $modules/modules.builtin"
	provokes refuse driver-missing
	[ "$(evidence)" = "not loaded: the module is installed" ]
	variant "$without" "file $modules/modules.builtin kernel/drivers/vfio/fsl-mc/vfio-fsl-mc.ko"
	provokes refuse driver-missing
	[ "$(evidence)" = "it is built in, but did not register with the bus" ]
	variant 's/ vfio-fsl-mc$//'
	provokes refuse driver-missing
	[ "$(evidence)" = "the module is loaded, but did not register with the bus" ]
}

# kernel RELEASE [VERSION]: the plain machine with that kernel; VERSION is what /proc/version ends in, "" that there is none.
kernel() {
	local script="s/osrelease .*/osrelease $1/;/proc\\/version /d"
	variant "$script" ${2:+"file proc/version Linux version $1 (build@host) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 $2"} "${@:3}"
}

@test "kernel-defect: a kernel that every bind crashes, by the version that /proc/version tells" {
	local version
	for version in 6.1.0-9-arm64/"SMP Debian 6.1.27-1 (2023-05-08)" 6.1.38/SMP 6.2.16/SMP 6.3.13/SMP 6.4.3/SMP 6.1.22-00001-gab12cd/SMP; do
		kernel "${version%%/*}" "${version#*/}"
		provokes refuse kernel-defect
		run "$fslmc_vfio" --sysroot "$root" bind --force --dry-run dprc.2
		[ "$status" -eq 0 ]
	done
	kernel 6.1.0-9-arm64 "SMP Debian 6.1.27-1 (2023-05-08)"
	[ "$(evidence)" = "CVE-2023-53362, in Linux 6.1.27" ]
	[[ $(remedy) == "use Linux 6.1.39, 6.4.4, 6.5 or later, or --allow=kernel-defect"* ]]
	for version in 6.1.0-56-arm64/"SMP Debian 6.1.192-2 (2026-11-16)" 6.1.39/SMP 6.4.4/SMP 6.5.0-rc1/SMP 6.0.19/SMP 5.10.0-28-arm64/"SMP Debian 5.10.209-2 (2024-01-31)" \
		6.12.117+deb12-arm64/"SMP Debian 6.12.117-1~deb12u1 (2026-11-14)" 7.2.13+deb14-arm64/"SMP PREEMPT Debian 7.2.13-1 (2026-10-28)"; do
		kernel "${version%%/*}" "${version#*/}"
		[ -z "$(evidence)" ] || { echo "$version"; return 1; }
	done
}

@test "kernel-defect says may where the version does not tell, and what Ubuntu merged is known" {
	kernel 6.1.0-1023-vendor "SMP PREEMPT"
	provokes warn kernel-defect
	[ "$(evidence)" = "CVE-2023-53362, in Linux 6.1 of unknown patch level" ]
	kernel 6.2.0-39-generic "40~22.04.1-Ubuntu SMP"
	provokes warn kernel-defect
	kernel 6.1.0-1023-oem "23-Ubuntu SMP" "file proc/version_signature Ubuntu 6.1.0-1023.23-oem 6.1.54"
	[ -z "$(evidence)" ]
	kernel 6.1.0-1013-oem "13-Ubuntu SMP" "file proc/version_signature Ubuntu 6.1.0-1013.13-oem 6.1.25"
	provokes warn kernel-defect
	# A captured machine without /proc/version is not accused of more than that.
	kernel 6.1.0
	provokes info kernel-defect
	# A DPRC that is bound shows that a bind does not crash.
	kernel 6.1.38 SMP
	sed -i 's/dprc.2\(.*\) driver=[a-z_]*/dprc.2\1 driver=vfio-fsl-mc/' "$root.manifest"
	rm -r "$root" && "$tests_dir/make-root" "$root.manifest" "$root"
	run "$fslmc_vfio" --sysroot "$root" check -n -r -o CODE dprc.2
	[[ $output != *kernel-defect* ]]
}

@test "root-unbound: without its root's driver nothing on the bus can be assigned, and no verb says that there is nothing" {
	local arguments
	# Neither its children nor /dev/dprc.1 are there.
	variant 's/^object dprc.1 driver=fsl_mc_dprc /object dprc.1 /;/dprc.1\//d;/^mc /d'
	for arguments in check "check dprc.2" "bind --dry-run dprc.2" "show dprc.2" doctor; do
		# shellcheck disable=SC2086
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" $arguments
		[ "$status" -eq 4 ] || { echo "$arguments: $status"; return 1; }
		[[ $output$stderr == *root-unbound*"dprc.1 has no driver"*"kernel's log"*"echo dprc.1 > /sys/bus/fsl-mc/drivers/fsl_mc_dprc/bind"* ]]
		[[ $output$stderr != *restool* && $output$stderr != *CONFIG_FSL_MC_UAPI_SUPPORT* && $output$stderr != *nothing-to-assign* ]]
	done
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" list --json
	[ "$status" -eq 0 ]
	valid_json <<<"$output"
	[ "$(json '[.status, .dprcs[].name]')" = '["done","dprc.1"]' ]
	[[ $stderr == *"dprc.1: warning: root-unbound: "*"fslmc-vfio doctor"* ]]
	# On its way out it still has children.
	variant 's/^object dprc.1 driver=fsl_mc_dprc /object dprc.1 /'
	provokes refuse root-unbound
	variant 's/^object dprc.1 driver=fsl_mc_dprc /object dprc.1 driver=vfio-fsl-mc /'
	provokes refuse root-unbound
	[ "$(evidence)" = "dprc.1 has the driver vfio-fsl-mc" ]
}

@test "a DPRC that the MC has and Linux was not told of is no missing one, and the rescan is named" {
	local arguments definition
	variant '/dprc.1\/dprc.2/d;s/"is_open": true}/"is_open": true, "label": "fresh"}/'
	mkdir -p "$root/etc/fslmc-vfio.d"
	definition='{"format_version": "1.0", "label": "fresh", "contents": {"dpbp": 1, "dpio": 3, "dpmcp": 1, "dpni": 1}}'
	for arguments in check "check dprc.2" "bind --dry-run dprc.2" "show dprc.2" "apply --dry-run"; do
		[[ $arguments != apply* ]] || echo "$definition" >"$root/etc/fslmc-vfio.d/fresh.json"
		# shellcheck disable=SC2086
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" $arguments
		[ "$status" -eq 3 ] || { echo "$arguments: $status $stderr"; return 1; }
		[[ $stderr == *"dprc.2: "*"the MC has it, but Linux was not told; echo 1 > /sys/bus/fsl-mc/rescan"* ]] || { echo "$stderr"; return 1; }
	done
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" doctor --json
	[ "$status" -eq 0 ]
	[ "$(json '[.findings[] | select(.severity == "warn") | .code, .evidence, .remedy]')" = \
		'["objects-missing","dprc.2","echo 1 > /sys/bus/fsl-mc/rescan"]' ]
	# In a container that is bound only a rebind finds it.
	variant 's/dprc.2 driver=fsl_mc_dprc/dprc.2 driver=vfio-fsl-mc/;/dprc.2.dpni.1/d'
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check dpni.1
	[ "$status" -eq 3 ]
	[[ $stderr == *"dpni.1: the MC has it, but Linux was not told; 'fslmc-vfio rebind dprc.2'" ]]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check dpni.77
	[ "$status" -eq 3 ]
	[[ $stderr == *"dpni.77: no such object"* ]]
}

@test "unbind-unfinished: objects without a driver around them" {
	variant 's/dprc.2 driver=fsl_mc_dprc/dprc.2/'
	status_wanted=5 provokes refuse unbind-unfinished
	[ "$(evidence)" = "6 objects" ]
}

@test "smmu-not-coherent by the nearest node, the SMMU's or one above, that says so" {
	local tree=sys/firmware/devicetree/base not="\\,$smmu/dma-coherent,d"
	variant "$not" "file $smmu/compatible arm,mmu-500"
	provokes refuse smmu-not-coherent
	variant "$not" "file $smmu/dma-noncoherent" "file $tree/soc/dma-coherent"
	provokes refuse smmu-not-coherent
	variant "$not" "file $smmu/compatible arm,mmu-500" "file $tree/soc/dma-noncoherent" "file $tree/dma-coherent"
	provokes refuse smmu-not-coherent
	variant "$not" "file $smmu/compatible arm,mmu-500" "file $tree/soc/dma-coherent"
	[ -z "$(evidence)" ]
	variant "$not" "file $smmu/compatible arm,mmu-500" "file $tree/dma-coherent"
	[ -z "$(evidence)" ]
	# A VFIO of before Linux 6.1 asks later.
	variant "$not" "file $smmu/compatible arm,mmu-500" "file sys/class/vfio/is-there"
	[ -z "$(evidence)" ]
	variant "$not" "file $smmu/compatible arm,mmu-500" "file sys/class/vfio/is-there" "file sys/class/vfio-dev/is-there"
	provokes refuse smmu-not-coherent
	# Not known: the parent for DMA is an interconnect; no SMMU to be seen.
	variant "$not" "bytes $smmu/interconnect-names 646d612d6d656d00"
	[ -z "$(evidence)" ]
	variant '/5000000.iommu/d;/iommu@5000000/d'
	[ -z "$(evidence)" ]
}

# No board can show it: neither Debian's kernels nor those built for the board have CONFIG_VFIO_NOIOMMU.
@test "noiommu-group" {
	variant '' "file $group/name vfio-noiommu"
	provokes refuse noiommu-group
	[ "$(evidence)" = "group 1" ]
}

@test "group-split: an object in another group, or in none though a driver probed it" {
	variant 's/\(dpbp.1 .*\) group=1/\1 group=7/' "group 7 type=DMA"
	provokes refuse group-split
	[ "$(evidence)" = "dpbp.1 (group 7)" ]
	variant 's/\(dpbp.1 .*\) group=1/\1/'
	provokes refuse group-split
	[ "$(evidence)" = "dpbp.1 (none)" ]
	# Before Linux 6.15 one that no driver probed has none yet.
	variant 's/\(dpni.1\) group=1/\1/'
	[ -z "$(evidence)" ]
}

@test "group-shared with a device of another bus" {
	variant '' "group 1 device=devices/platform/soc/3100000.usb"
	provokes refuse group-shared
	[ "$(evidence)" = 3100000.usb ]
	# A group may have the number 0.
	variant 's/ group=1/ group=0/'
	provokes_also refuse group-shared
	[[ $(evidence) == dprc.1* ]]
}

@test "iommu-passthrough" {
	variant 's/group 1 type=DMA/group 1 type=identity/'
	provokes warn iommu-passthrough
	[ "$(remedy)" = "boot with iommu.passthrough=0" ]
	variant 's/group 1 type=DMA/group 1 type=identity/' "file proc/cmdline quiet iommu.passthrough=on"
	[ "$(remedy)" = "boot without iommu.passthrough=1" ]
	# A DPRC that has no group before its first bind gets the default, which the root shows.
	variant "s/dprc.2 driver=fsl_mc_dprc group=1/dprc.2/;\\,/dprc.2/,d;s/group 0 type=DMA/group 0 type=identity/"
	provokes warn iommu-passthrough
	[ "$(evidence)" = "as the root DPRC's" ]
}

# A map's entry: first ICID, phandle, first ID there, length.  dprc.2 has ICID 1.
@test "no-msi where msi-map does not cover the ICID, and no msi-parent takes its place" {
	local node=sys/firmware/devicetree/base/soc/fsl-mc@80c000000 without='/msi-map/d'
	variant "$without"
	provokes warn no-msi
	[ "$(evidence)" = "msi-map or msi-parent of the MC's device tree node does not cover its ICID 1" ]
	variant "$without" "bytes $node/msi-map 00000002000000020000000000000040"
	provokes warn no-msi
	variant "$without" "bytes $node/msi-parent 00000002"
	[ -z "$(evidence)" ]
	variant "$without" "bytes $node/msi-map 00000002000000020000000000000040" "bytes $node/msi-parent 00000002"
	[ -z "$(evidence)" ]
	# Masked, it is ICID 0.
	variant "$without" "bytes $node/msi-map 00000000000000020000000000000001" "bytes $node/msi-map-mask fffffffe"
	[ -z "$(evidence)" ]
}

# unscanned MAP [MASK]: $found is what is said of dprc.2 with that iommu-map, when no driver has scanned it yet.
unscanned() {
	local node=sys/firmware/devicetree/base/soc/fsl-mc@80c000000
	variant "s/dprc.2 driver=fsl_mc_dprc group=1/dprc.2/;\\,/dprc.2/,d;\\,/iommu-map ,d" "bytes $node/iommu-map $1" \
		${2:+"bytes $node/iommu-map-mask $2"}
	found=$("$fslmc_vfio" --sysroot "$root" check --json dprc.2 |
		jq -r '.findings[] | select(.code == "no-iommu-group") | .evidence')
}

@test "no-iommu-group by an iommu-map that is read as the kernel does" {
	local map=00000010000000010000000000000001
	local misses="the iommu-map of the MC's device tree node does not cover its ICID 1"
	local bad="it cannot be seen before a driver probes it, and for its ICID 1 "
	bad+="the iommu-map of the MC's device tree node is malformed"
	unscanned 00000000000000010000000000000002
	[ -z "$found" ]
	unscanned 00000000000000010000000000000001
	[ "$found" = "$misses" ]
	# The second entry counts, too; an entry that the mask cannot reach ends the search.
	map+="00000001000000010000000000000001"
	unscanned "$map"
	[ -z "$found" ]
	unscanned "$map" 0000000f
	[ "$found" = "$bad" ]
	# First ICID and length are added in 32 bits: this one covers nothing.
	unscanned 000000010000000100000000ffffffff
	[ "$found" = "$misses" ]
	for map in '' 000000000000000100000000; do
		unscanned "$map"
		[ "$found" = "$bad" ]
	done
	# An entry that leads to no node, or to another one than the IOMMU that works.
	unscanned 000000000000dead0000000000000002
	[ "$found" = "${bad/is malformed/leads to another IOMMU than the root DPRC\'s, or to none}" ]
	unscanned 00000000000000010000000000000001000000010000dead0000000100000040
	[ "$found" = "${bad/is malformed/leads to another IOMMU than the root DPRC\'s, or to none}" ]
	# A mask that is no cell is none.
	unscanned 00000000000000010000000000000002 ff
	[ -z "$found" ]
}

@test "a DPRC below another root is not judged by the device tree of the first" {
	variant 's/^object dprc.1 /object dprc.0 driver=fsl_mc_dprc group=0\n&/;s/dprc.2 driver=fsl_mc_dprc group=1/dprc.2/;\,/dprc.2/,d' \
		'mc dprc {"name": "dprc.0", "icid": 9}' 'mc object {"name": "dprc.1", "mc_container": "dprc.0"}'
	local soc=$root/sys/devices/platform/soc name
	mkdir "$soc/90c000000.fsl-mc"
	mv "$soc/80c000000.fsl-mc/dprc.1" "$soc/90c000000.fsl-mc/"
	for name in dprc.1 dprc.1/dprc.2; do
		ln -sfn "../../../devices/platform/soc/90c000000.fsl-mc/$name" "$root/sys/bus/fsl-mc/devices/${name##*/}"
	done
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check dprc.2
	[ "$status" -eq 4 ]
	[[ $output == *"no-iommu-group: "*"for its ICID 1 the iommu-map of the MC's device tree node is missing"* ]]
}

@test "no-iommu-group: since Linux 6.15 one that has none did not get it, whatever the firmware says" {
	variant 's/dprc.2 driver=fsl_mc_dprc group=1/dprc.2/;\,/dprc.2/,d;s/osrelease .*/osrelease 6.14.11/;/proc.version /d'
	[ -z "$(evidence)" ]
	variant 's/dprc.2 driver=fsl_mc_dprc group=1/dprc.2/;\,/dprc.2/,d;s/osrelease .*/osrelease 6.15.0/;/proc.version /d'
	provokes refuse no-iommu-group
	[ "$(evidence)" = "Linux gives it one when it is added, since 6.15, and it got none" ]
	[ "$(remedy)" = "see what the IOMMU's driver reports in the kernel's log" ]
}

@test "type1-missing, unless there is iommufd" {
	variant '/vfio_iommu_type1/d' "file lib/modules/$release/modules.dep kernel/drivers/vfio/vfio_iommu_type1.ko:" \
		"file lib/modules/$release/modules.builtin"
	provokes warn type1-missing
	[ "$(evidence)" = "vfio_iommu_type1 is installed but not loaded" ]
	variant '/vfio_iommu_type1/d'
	provokes warn type1-missing
	[ "$(evidence)" = "vfio_iommu_type1 is not loaded" ]
	variant '/vfio_iommu_type1/d' "file lib/modules/$release/modules.dep kernel/drivers/iommu/iommufd/iommufd.ko:" \
		"file lib/modules/$release/modules.builtin"
	provokes warn type1-missing
	[ "$(evidence)" = "iommufd is installed but not loaded" ]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check dprc.2
	[[ $output == *"modprobe iommufd"* ]]
	variant '/vfio_iommu_type1/d' "file lib/modules/$release/modules.dep kernel/x.ko:" \
		"file lib/modules/$release/modules.builtin" "file dev/iommu"
	[ -z "$(evidence)" ]
}

@test "mc-too-old for DPDK and VPP" {
	variant 's/firmware 10.39.0/firmware 10.28.1/'
	provokes warn mc-too-old --for dpdk
	provokes warn mc-too-old --for vpp
	variant 's/firmware 10.39.0/firmware 11.0.0/'
	[ -z "$("$fslmc_vfio" --sysroot "$root" check -n -r dprc.2 --lock --for dpdk)" ]
}

@test "needs-unknown where neither Linux nor the MC tells what is in it" {
	variant '/^mc /d;/dprc.2\//d;s/dprc.2 driver=fsl_mc_dprc/dprc.2/'
	besides="warn mc-unknown" provokes warn needs-unknown --for dpdk
	run "$fslmc_vfio" --sysroot "$root" check dprc.2 --for dpdk
	[[ $output == *"dprc.2: can be bound; unknown if it is enough for dpdk; 2 warnings"* ]]
}

@test "groups-missing for programs that know no device files" {
	local consumer
	variant '' "file sys/class/vfio-dev/is-there"
	for consumer in dpdk vpp qemu; do
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" check -n -r -o CODE dprc.2 --for "$consumer"
		[ "$status" -eq 4 ]
		grep -qx groups-missing <<<"$output"
	done
	provokes refuse groups-missing --for dpdk
}

@test "mc-unknown where the kernel has no /dev/dprc.1" {
	variant '/^mc /d'
	provokes warn mc-unknown
}

# busy COMMAND REQUEST: the MC's answer to that about dprc.2.
busy() {
	grep -q "^$1 0002 $2" "$root/dev/dprc.1"
	sed -i "s/^\\($1 0002 $2[^ ]*\\) 00/\\1 0a/" "$root/dev/dprc.1"
}

@test "mc-unknown lists what the MC did not tell of objects and peers" {
	variant
	busy 15a1 05
	provokes warn mc-unknown
	[ "$(evidence)" = "not all objects of dprc.2" ]
	variant
	busy 16c1 ''
	provokes warn mc-unknown
	[ "$(evidence)" = "the peer of dpni.1" ]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check --strict dprc.2
	[ "$status" -eq 4 ]
}

@test "endpoint-outside for interfaces the MC was not asked about: their peers tell" {
	local objects=('mc object {"name": "dpsw.0", "mc_container": "dprc.2"}' 'object dprc.1/dprc.2/dpsw.0 group=1'
		'object dprc.1/dpni.3' 'object dprc.1/dpni.4')
	variant '' "${objects[@]}" 'mc object {"name": "dpni.3", "mc_container": "dprc.1", "endpoint": "dpsw.0.2"}' \
		'mc object {"name": "dpni.4", "mc_container": "dprc.1"}'
	provokes warn endpoint-outside
	[ "$(evidence)" = "dpsw.0 is connected to dpni.3" ]
	# One that both ends speak of is told once.
	variant '' "${objects[@]:1}" 'mc object {"name": "dpsw.0", "mc_container": "dprc.2", "endpoint": "dpni.4"}' \
		'mc object {"name": "dpni.3", "mc_container": "dprc.1", "endpoint": "dpsw.0.2"}' \
		'mc object {"name": "dpni.4", "mc_container": "dprc.1", "endpoint": "dpsw.0.0"}'
	[ "$(evidence)" = "dpsw.0 is connected to dpni.4, dpsw.0 is connected to dpni.3" ]
}

@test "a port wired to a DPMAC of the root is as it should be; wired to that of another container it is not" {
	variant 's/"dpni.1", "mc_container": "dprc.2"/&, "endpoint": "dpmac.3"/' 'object dprc.1/dpmac.3' \
		'mc object {"name": "dpmac.3", "mc_container": "dprc.1", "endpoint": "dpni.1"}'
	[ -z "$(evidence)" ]
	variant 's/"dpni.1", "mc_container": "dprc.2"/&, "endpoint": "dpmac.3"/' 'object dprc.1/dprc.3/dpmac.3' \
		'object dprc.1/dprc.3 driver=fsl_mc_dprc group=2' 'mc dprc {"name": "dprc.3", "icid": 2}' \
		'mc object {"name": "dprc.3", "mc_container": "dprc.1"}' \
		'mc object {"name": "dpmac.3", "mc_container": "dprc.3", "endpoint": "dpni.1"}'
	provokes warn endpoint-outside
}

# switched LINE...: dprc.2 with a DPDMUX in it, and an interface of the host, eth1 on dpni.0, which is up.
switched() {
	local net=sys/devices/platform/soc/80c000000.fsl-mc/dprc.1/dpni.0/net/eth1
	variant "${edit:-}" 'object dprc.1/dprc.2/dpdmux.0 group=1' 'mc object {"name": "dpdmux.0", "mc_container": "dprc.2"}' \
		'object dprc.1/dpni.0 driver=fsl_dpaa2_eth group=0' "file $net/ifindex 4" "file $net/flags ${flags:-0x1003}" "$@"
}

@test "outside-netdev: an interface of the host that lives behind a switch in the container, at any interface of it" {
	switched 'mc object {"name": "dpni.0", "mc_container": "dprc.1", "endpoint": "dpdmux.0.1"}'
	provokes refuse outside-netdev
	[ "$(evidence)" = "eth1 (up) on dpni.0, through dpdmux.0" ]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check dprc.2
	[[ $output == *'remedy: run `ip link set eth1 down; ip addr flush dev eth1`, or use --allow=outside-netdev'* ]]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --dry-run --force dprc.2
	[ "$status" -eq 0 ]
	# Permission for this reason, or for another.
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --dry-run --allow=netdev-in-use,outside-netdev dprc.2
	[ "$status" -eq 0 ]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --dry-run --allow=netdev-in-use --allow=host-crypto dprc.2
	[ "$status" -eq 4 ]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --dry-run --allow=outside-netdev,group-shared dprc.2
	[ "$status" -eq 2 ]
	[[ $stderr == *"--allow takes "*"outside-netdev"*", not 'group-shared'"* ]]
	# By way of a switch outside.
	switched 'object dprc.1/dpsw.3 group=0' 'mc object {"name": "dpsw.3", "mc_container": "dprc.1", "endpoint": "dpdmux.0.2"}' \
		'mc object {"name": "dpni.0", "mc_container": "dprc.1", "endpoint": "dpsw.3.1"}'
	besides="" provokes_also refuse outside-netdev
	[[ $(evidence) == *"eth1 (up) on dpni.0, through dpdmux.0"* ]]
}

@test "outside-netdev: what is down, or connected elsewhere, is none; a peer that is unknown may be one" {
	flags=0x1002 switched 'mc object {"name": "dpni.0", "mc_container": "dprc.1", "endpoint": "dpdmux.0.1"}'
	provokes warn endpoint-outside
	switched 'mc object {"name": "dpni.0", "mc_container": "dprc.1", "endpoint": "dpmac.9"}'
	[ -z "$(evidence)" ]
	edit='/^mc /d' switched
	sed -i '/^mc /d' "$root.manifest"
	rm -r "$root"
	"$tests_dir/make-root" "$root.manifest" "$root"
	provokes_also refuse outside-netdev
	[[ $(evidence) == *"eth1 (up) on dpni.0, whose peer is unknown"* ]]
}

@test "netdev-in-use: interfaces of a switch that are in another network namespace" {
	variant '' 'object dprc.1/dprc.2/dpsw.5 driver=fsl_dpaa2_switch group=1' 'mc object {"name": "dpsw.5", "mc_container": "dprc.2"}'
	provokes refuse netdev-in-use
	[ "$(evidence)" = "those of dpsw.5, in another network namespace" ]
	# One that is seen, and down, is lost by nobody.
	variant '' 'object dprc.1/dprc.2/dpsw.5 driver=fsl_dpaa2_switch group=1' 'mc object {"name": "dpsw.5", "mc_container": "dprc.2"}' \
		"file sys/devices/platform/soc/80c000000.fsl-mc/dprc.1/dprc.2/dpsw.5/net/eth1/flags 0x1002"
	[ -z "$(evidence)" ]
	# The same of a switch of the host that one in the container leads to.
	variant '' 'object dprc.1/dprc.2/dpdmux.0 group=1' 'mc object {"name": "dpdmux.0", "mc_container": "dprc.2"}' \
		'object dprc.1/dpsw.5 driver=fsl_dpaa2_switch group=0' \
		'mc object {"name": "dpsw.5", "mc_container": "dprc.1", "endpoint": "dpdmux.0.1"}'
	provokes refuse outside-netdev
	[ "$(evidence)" = "those of dpsw.5, through dpdmux.0, in another network namespace" ]
}

# As provokes, among others.
provokes_also() {
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check -n -r -o SEVERITY,CODE dprc.2
	grep -qx "$1 $2" <<<"$output" || { echo "found: $output"; return 1; }
}

# crypto KEYS OF dpseci.1, in dprc.2, [SED]: with dpseci.0 in the root and the driver there.
crypto() {
	variant "${2:-}" 'driver dpaa2_caam' "object dprc.1/dpseci.0 group=0 ${host_driver-driver=dpaa2_caam}" \
		"object dprc.1/dprc.2/dpseci.1 group=1 $1" 'mc object {"name": "dpseci.0", "mc_container": "dprc.1"}' \
		'mc object {"name": "dpseci.1", "mc_container": "dprc.2"}'
}

@test "host-crypto: a DPSECI that is taken from the host's crypto, or that would break it when it is given back" {
	crypto ''
	provokes refuse host-crypto
	[ "$(evidence)" = "the host uses dpseci.0, and giving back dpseci.1 would break that until the next boot" ]
	[[ $(remedy) == *", or use --allow=host-crypto" ]]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --dry-run --allow=host-crypto dprc.2
	[ "$status" -eq 0 ]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --dry-run --force dprc.2
	[ "$status" -eq 0 ]
	host_driver='' crypto driver=dpaa2_caam
	provokes refuse host-crypto
	[ "$(evidence)" = "dpseci.1 serves the host's algorithms, which would go with it" ]
	# Without a driver nothing breaks, nor does it in a container that no driver of the host looks into.
	host_driver='' crypto ''
	[ -z "$(evidence)" ]
	crypto '' 's/dprc.2 driver=fsl_mc_dprc/dprc.2/;\,object dprc.1/dprc.2/,d;s/\("name": "dprc.2", "mc_container": "dprc.1"\).*/\1, "is_plugged": false}/'
	[[ $(evidence) != *dpseci* ]]
}

@test "host-crypto in unbind, which --force overrides" {
	local bound='s/ driver=[a-z_]*\( group=1\)/\1/;s/^object dprc.1\/dprc.2.*/& driver=vfio-fsl-mc override=vfio-fsl-mc/'
	crypto driver=vfio-fsl-mc "$bound"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" unbind --dry-run dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.2: host-crypto: "*"the host uses dpseci.0, and giving back dpseci.1 would break"*", or use --force" ]]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" unbind --dry-run --force dprc.2
	[ "$status" -eq 0 ]
	host_driver='' crypto driver=vfio-fsl-mc "$bound"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" unbind --dry-run dprc.2
	[ "$status" -eq 0 ]
}

@test "objects-unbound, objects-missing and objects-gone refuse what is bound in part, in check and bind alike" {
	local bound='s/ driver=[a-z_]*\( group=1\)/\1/;s/^object dprc.1\/dprc.2.*/& driver=vfio-fsl-mc override=vfio-fsl-mc/'
	variant "$bound;/dprc.2.dpio.3/d"
	provokes_also refuse objects-missing
	[[ $(evidence) == *"dpio.3"* ]]
	variant "$bound;/\"dpio.3\"/d"
	provokes_also refuse objects-gone
	variant "$bound;s/\(dpio.3.*\) driver=vfio-fsl-mc/\1/"
	provokes_also refuse objects-unbound
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --dry-run dprc.2
	[ "$status" -eq 4 ]
	[ "$stderr" = "fslmc-vfio: dprc.2: objects-unbound: bound to vfio-fsl-mc, but objects in it are not: dpio.3 (no driver); 'fslmc-vfio rebind'" ]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" rebind --dry-run dprc.2
	[ "$status" -eq 0 ]
}

@test "a kernel that has the MC's node is not said to lack it where /dev does" {
	variant ''
	rm "$root/dev/dprc.1"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check dprc.2
	[[ $output == *"CONFIG_FSL_MC_UAPI_SUPPORT"* ]]
	mkdir -p "$root/sys/class/misc/dprc.1"
	echo 10:124 >"$root/sys/class/misc/dprc.1/dev"
	for verb in "check dprc.2" doctor; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" $verb
		[[ $output == *"missing in this /dev"*"in a container, pass it in"* ]]
		[[ $output$stderr != *CONFIG_FSL_MC_UAPI_SUPPORT* ]]
	done
}

@test "irq-cfg-denied names the options there are" {
	variant 's/\["IRQ_CFG_ALLOWED"\]/["ALLOC_ALLOWED"]/'
	provokes_also warn irq-cfg-denied
	[[ $(evidence) == *"dprc.2 has no IRQ_CFG (options: ALLOC)"* ]]
}

# unreadable CALL PATH ARGS...: fslmc-vfio ARGS for dprc.2, when that call for that path runs out of files.
unreadable() {
	# A sanitizer cannot look for leaks in what is traced.
	ASAN_OPTIONS=detect_leaks=0 run --separate-stderr strace -f -o /dev/null -P "$2" -e trace="$1" -e inject="$1:error=ENFILE" \
		"$fslmc_vfio" --sysroot "$root" "${@:3}" dprc.2
}

@test "what isolates it, or depends on it, and cannot be read refuses" {
	variant ''
	for verb in check "bind --dry-run"; do
		# shellcheck disable=SC2086 # words
		unreadable openat2 kernel/iommu_groups/1 $verb
		[ "$status" -eq 4 ] || { echo "$output $stderr"; return 1; }
		[[ $output$stderr == *"group-shared: "*"the members of group 1 are unknown: Too many open files in system"*"raise the limit of open files"* ]]
		# shellcheck disable=SC2086 # words
		unreadable openat2 bus/fsl-mc/devices/dpbp.1 $verb
		[ "$status" -eq 4 ] || { echo "$output $stderr"; return 1; }
		[[ $output$stderr == *"outside-consumer: "*"which objects use dpbp.1 is unknown: "* ]]
	done
	variant '' "file $group/name a-name"
	unreadable openat2 name check
	[[ $output == *"refuse group-shared: "*"the members of group 1 are unknown"* ]]
}

@test "a DPRC whose ICID the MC does not tell may share it, unless its group is another" {
	local other=('mc dprc {"name": "dprc.3", "icid": 1}' 'mc object {"name": "dprc.3", "mc_container": "dprc.1"}')
	variant '' 'object dprc.1/dprc.3' "${other[@]}"
	sed -i 's/^\(0041 0003 [^ ]*\) 00/\1 0a/' "$root/dev/dprc.1"
	provokes_also refuse icid-shared
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --dry-run dprc.2
	[ "$status" -eq 4 ]
	[[ $(evidence) == "ICID 1 of possibly dprc.3 (ICID unknown: MC status busy)"* ]]
	variant '' 'object dprc.1/dprc.3 group=2 driver=fsl_mc_dprc' "${other[@]}"
	sed -i 's/^\(0041 0003 [^ ]*\) 00/\1 04/' "$root/dev/dprc.1"
	# What is in it may have the same ICID, or be a switch.
	provokes warn mc-unknown
	[ "$(evidence)" = "not all objects of dprc.3" ]
	[[ $(remedy) == "try again; if it stays so, see the log "* ]]
	provokes refuse mc-unknown --strict --lock
}

@test "a status of the MC is said as one, not as the errno that the kernel makes of it" {
	variant ''
	sed -i 's/^\(8311 [^ ]* [^ ]*\) 00/\1 04/' "$root/dev/dprc.1"
	provokes warn mc-unknown
	[[ $(evidence) == "MC status no_privilege" ]]
	[[ $stderr == *"dprc.1: warning: cannot query the MC through /dev/dprc.1: MC status no_privilege"* ]]
	machine_root shipped
	cp -a "$root" "$BATS_TEST_TMPDIR/no-pools"
	sed -i '/^16a1/d' "$BATS_TEST_TMPDIR/no-pools/dev/dprc.1"
	run --separate-stderr "$fslmc_vfio" --sysroot "$BATS_TEST_TMPDIR/no-pools" create --dry-run --label=fast --for=dpdk
	[[ $stderr == *"cannot query the pools of the MC: MC status config_err"* ]]
}

@test "a bound container whose group has a stranger is not bound as it should be" {
	variant 's/ driver=[a-z_]*\( group=1\)/\1/;s/^object dprc.1\/dprc.2.*/& driver=vfio-fsl-mc override=vfio-fsl-mc/' \
		"group 1 device=devices/platform/soc/3100000.usb"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" export --for env dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.2 (its IOMMU group also has 3100000.usb)"* ]]
	variant 's/ driver=[a-z_]*\( group=1\)/\1/;s/^object dprc.1\/dprc.2.*/& driver=vfio-fsl-mc override=vfio-fsl-mc/' \
		'object dprc.1/dpni.9 group=1'
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" export --for env dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.2 (its IOMMU group also has dpni.9)"* ]]
}

@test "aiop-container, privileged-dma, contents-changeable by their options" {
	variant 's/"IRQ_CFG_ALLOWED"/&, "AIOP"/'
	provokes refuse aiop-container
	variant 's/"IRQ_CFG_ALLOWED"/&, "PL_ALLOWED"/'
	provokes warn privileged-dma
	variant 's/"IRQ_CFG_ALLOWED"/&, "TOPOLOGY_CHANGES_ALLOWED"/'
	provokes warn contents-changeable
}

# lock_evidence [OPTIONS of check]: what it finds of contents-changeable, and the remedy.
lock_evidence() {
	"$fslmc_vfio" --sysroot "$root" check --json dprc.2 "$@" 2>/dev/null |
		jq -r '.findings[] | select(.code == "contents-changeable") | "\(.evidence); \(.remedy)"'
}

@test "contents-changeable before MC 10.20: by the options, and ALLOC alone is none of them" {
	local option
	for option in SPAWN OBJ_CREATE TOPOLOGY_CHANGES; do
		variant "s/\"IRQ_CFG_ALLOWED\"/&, \"ALLOC_ALLOWED\", \"${option}_ALLOWED\"/;s/firmware 10.39.0/firmware 10.19.2/"
		provokes warn contents-changeable
		[ "$(lock_evidence)" = "$option; make a DPRC without these options" ]
	done
	variant 's/"IRQ_CFG_ALLOWED"/&, "ALLOC_ALLOWED"/;s/firmware 10.39.0/firmware 10.19.2/'
	[ -z "$(lock_evidence --strict)" ]
}

@test "contents-changeable since MC 10.20: by a lock that nobody can see, and connections by an option" {
	local restool='s/\["IRQ_CFG_ALLOWED"\]/["SPAWN_ALLOWED", "ALLOC_ALLOWED", "OBJ_CREATE_ALLOWED", "IRQ_CFG_ALLOWED"]/'
	local lock="'fslmc-vfio bind --lock', or \"lock\": true in its definition" options
	for options in '' "$restool"; do
		variant "$options;s/firmware 10.39.0/firmware 10.20.0/"
		provokes info contents-changeable
		[ "$(lock_evidence)" = "whether it is locked is unknown; for a user who is not trusted, lock it: $lock" ]
		[ -z "$(lock_evidence --lock)" ]
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" check --strict dprc.2
		[ "$status" -eq 4 ]
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" check --strict --lock dprc.2
		[ "$status" -eq 0 ]
	done
	variant 's/"IRQ_CFG_ALLOWED"/&, "TOPOLOGY_CHANGES_ALLOWED"/'
	provokes warn contents-changeable
	[ "$(lock_evidence)" = "TOPOLOGY_CHANGES, whether it is locked is unknown; make a DPRC without the option TOPOLOGY_CHANGES, and lock it: $lock" ]
	[ "$(lock_evidence --lock)" = "TOPOLOGY_CHANGES; make a DPRC without the option TOPOLOGY_CHANGES, for no lock is known to forbid connections" ]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check --strict --lock dprc.2
	[ "$status" -eq 4 ]
}

@test "lock-unsupported before MC 10.20, and where its version is unknown" {
	variant 's/firmware 10.39.0/firmware 10.19.2/'
	provokes refuse lock-unsupported --lock
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --lock --dry-run dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.2: lock-unsupported: "*"MC 10.19.2"*"leave out the lock"* ]]
	variant
	rm "$root/dev/dprc.1"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --lock --dry-run dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.2: lock-unsupported: "*"its version is unknown"* ]]
}

@test "a terminal folds what does not fit, and nothing else is folded" {
	variant 's/firmware 10.39.0/firmware 10.28.1/'
	export fslmc_vfio root
	run script -qec 'stty cols 60; NO_COLOR=1 "$fslmc_vfio" --sysroot "$root" check dprc.2 --for dpdk' /dev/null
	[ "$status" -eq 0 ]
	for line in "${lines[@]}"; do
		line=${line%$'\r'}
		[ "${#line}" -le 60 ] || { echo "$line"; return 1; }
	done
	[ "${#lines[@]}" -ge 7 ]
	run "$fslmc_vfio" --sysroot "$root" check dprc.2 --for dpdk
	[ "${#lines[@]}" -eq 5 ]
}

@test "outside-consumer: an object outside that needs one inside" {
	local outer=sys/devices/platform/soc/80c000000.fsl-mc/dprc.1 dprc
	dprc=$outer/dprc.2
	# Besides: both ends inside, the container itself, another bus, a supplier outside, and one that no driver of the host has.
	variant '' 'object dprc.1/dpni.9 driver=fsl_dpaa2_eth group=0' 'mc object {"name": "dpni.9", "mc_container": "dprc.1"}' \
		"file $dprc/dpbp.1/consumer:fsl-mc:dpni.9/status" "file $dprc/dpbp.1/consumer:pci:0000:00:00.0/status" \
		"file $dprc/dpmcp.1/consumer:fsl-mc:dpni.1/status" "file $dprc/dpmcp.1/consumer:fsl-mc:dprc.2/status" \
		"file $outer/dpni.9/consumer:fsl-mc:dprc.1/status" "file $dprc/dpio.1/consumer:fsl-mc:dpni.9/status"
	provokes refuse outside-consumer
	[ "$(evidence)" = "dpni.9 uses dpbp.1" ]
}

@test "nested-dprc: one that only the MC or only Linux has counts, unless the MC is known not to have it" {
	local linux=('object dprc.1/dprc.2/dprc.3 driver=fsl_mc_dprc group=2' 'group 2 type=DMA')
	variant '' "${linux[@]}"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check -n -r -o CODE dprc.2
	[[ $output != *nested-dprc* ]]
	variant '' "${linux[@]}"
	busy 15a1 05
	provokes_also warn nested-dprc
	[[ $(evidence) == *"dprc.3 (group 2)"* ]]
	variant '' 'mc dprc {"name": "dprc.3", "icid": 2}' 'mc object {"name": "dprc.3", "mc_container": "dprc.2"}'
	provokes_also warn nested-dprc
	[[ $(evidence) == *"dprc.3 (its group comes with the bind)"* ]]
}

@test "what the MC did not list outside may have the same ICID, or be a switch" {
	variant '' 'mc object {"name": "dprc.5", "mc_container": "dprc.1"}' 'mc dprc {"name": "dprc.5", "icid": 5}'
	mc_busy '15a1 0001 01'
	status_wanted=0 provokes warn mc-unknown
	[ "$(evidence)" = "not all objects of dprc.1" ]
	status_wanted=4 provokes refuse mc-unknown --strict --lock
}

@test "a switch outside whose peer the MC did not tell may lead to one in the container" {
	switched 'object dprc.1/dpsw.0 group=0' \
		'mc object {"name": "dpsw.0", "mc_container": "dprc.1", "endpoint": "dpdmux.0.1"}' \
		'mc object {"name": "dpni.0", "mc_container": "dprc.1", "endpoint": "dpsw.0.1"}'
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check --json dprc.2
	[ "$(json '.findings[] | select(.code == "outside-netdev").evidence')" = "eth1 (up) on dpni.0, through dpdmux.0" ]
	mc_busy '16c1 0001 000000000000000064707377'
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check --json dprc.2
	[ "$status" -eq 4 ]
	[ "$(json '.findings[] | select(.code == "outside-netdev").evidence')" = "eth1 (up) on dpni.0, by way of dpsw.0, whose peer is unknown" ]
	# By another of its interfaces it leads there for sure.
	switched 'object dprc.1/dpsw.0 group=0' 'object dprc.1/dprc.2/dpsw.5 group=1' \
		'mc object {"name": "dpsw.0", "mc_container": "dprc.1", "endpoint": "dpmac.7"}' \
		'mc object {"name": "dpsw.5", "mc_container": "dprc.2", "endpoint": "dpsw.0.2"}' \
		'mc object {"name": "dpni.0", "mc_container": "dprc.1", "endpoint": "dpsw.0.1"}'
	mc_busy '16c1 0001 000000000000000064707377'
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check --json dprc.2
	[ "$(json '.findings[] | select(.code == "outside-netdev").evidence')" = "eth1 (up) on dpni.0, through dpsw.5" ]
}

# Between them nothing is outside.
@test "check of several says what a bind of them would" {
	variant 's,dpio.1 group,dpio.1 driver=fsl_mc_dpio group,' 'object dprc.1/dprc.3 driver=fsl_mc_dprc group=3' 'group 3 type=DMA' \
		'object dprc.1/dprc.3/dpni.9 group=3' 'mc dprc {"name": "dprc.3", "icid": 3, "options": ["IRQ_CFG_ALLOWED"]}' \
		'mc object {"name": "dprc.3", "mc_container": "dprc.1"}' 'mc object {"name": "dpni.9", "mc_container": "dprc.3"}' \
		'link sys/devices/platform/soc/80c000000.fsl-mc/dprc.1/dprc.2/dpio.1/consumer:fsl-mc:dpni.9 none'
	provokes refuse outside-consumer
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check dprc.2 dprc.3
	echo "$output"
	[ "$status" -eq 0 ]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --dry-run dprc.2 dprc.3
	[ "$status" -eq 0 ]
}

@test "what only a bind needs is not asked of a DPRC that is bound" {
	variant '/^object .*dprc.2/{s/ driver=[^ ]*//;s/$/ driver=vfio-fsl-mc override=vfio-fsl-mc/}' 'file sys/bus/fsl-mc/drivers_autoprobe 0'
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check dprc.2
	[ "$status" -eq 0 ]
	[[ $output == *"dprc.2: is bound"* ]]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --dry-run dprc.2
	[ "$status" -eq 0 ]
}
