#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Reasons on hand-written machines: what no board of ours can be, and what would cost a board a boot.
#
# shellcheck disable=SC2016,SC2034,SC2154

load lib/machine

release=6.1.0
group=sys/kernel/iommu_groups/1
smmu=sys/firmware/devicetree/base/soc/iommu@5000000

# variant [SED SCRIPT [LINE...]]: the plain machine with its manifest edited.
variant() {
	root=$BATS_TEST_TMPDIR/root-$((++n_variants))
	sed "${1:-}" "$tests_dir/machines/plain.manifest" >"$root.manifest"
	printf '%s\n' "${@:2}" >>"$root.manifest"
	"$tests_dir/make-root" "$root.manifest" "$root"
}
n_variants=0

# check finds only this, for dprc.2; 'bind --dry-run' agrees.
provokes() {
	local severity=$1 code=$2 status_wanted=${status_wanted:-4}
	shift 2
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check -n -r -o SEVERITY,CODE dprc.2 "$@"
	[ "$output" = "$severity $code" ] || { echo "found: $output $stderr"; return 1; }
	[ "$severity" = refuse ] || status_wanted=0
	[ "$status" -eq "$status_wanted" ]
	[[ $* != *--for* ]] || return 0
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --dry-run dprc.2
	[ "$status" -eq "$status_wanted" ]
	[[ $severity != refuse || $stderr == "fslmc-vfio: dprc.2: $code: "* ]]
}

evidence() {
	"$fslmc_vfio" --sysroot "$root" check --json dprc.2 | jq -r '.findings[].evidence'
}

@test "nothing can be said against the plain machine" {
	variant
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check dprc.2 --strict --for dpdk
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2: can be assigned and would do for dpdk" ]
	[ -z "$stderr" ]
}

@test "driver-missing tells not built, not loaded and built in apart" {
	local modules=lib/modules/$release without='s/ vfio-fsl-mc$//;/vfio_fsl_mc/d'
	variant "$without" "file $modules/modules.dep kernel/drivers/vfio/vfio.ko:" "file $modules/modules.builtin"
	provokes refuse driver-missing
	[ "$(evidence)" = "not built: this kernel has no such module" ]
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

@test "unbind-unfinished: objects without a driver around them" {
	variant 's/dprc.2 driver=fsl_mc_dprc/dprc.2/'
	status_wanted=5 provokes refuse unbind-unfinished
	[ "$(evidence)" = "6 objects" ]
}

@test "smmu-not-coherent, which kernels before 5.19 do not mind" {
	variant "\\,$smmu/dma-coherent,d" "file $smmu/compatible arm,mmu-500"
	provokes refuse smmu-not-coherent
	variant "\\,$smmu/dma-coherent,d;s/ 6.1.0/ 5.15.71/" "file $smmu/compatible arm,mmu-500"
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

@test "group-shared with a device of another bus" {
	variant '' "group 1 device=devices/platform/soc/3100000.usb"
	provokes refuse group-shared
	[ "$(evidence)" = 3100000.usb ]
}

@test "iommu-passthrough" {
	variant 's/group 1 type=DMA/group 1 type=identity/'
	provokes warn iommu-passthrough
}

@test "type1-missing, unless there is iommufd" {
	variant '/vfio_iommu_type1/d' "file lib/modules/$release/modules.dep kernel/drivers/vfio/vfio_iommu_type1.ko:" \
		"file lib/modules/$release/modules.builtin"
	provokes warn type1-missing
	[ "$(evidence)" = "vfio_iommu_type1 is installed but not loaded" ]
	variant '/vfio_iommu_type1/d' "file lib/modules/$release/modules.dep kernel/x.ko:" \
		"file lib/modules/$release/modules.builtin" "file dev/iommu"
	[ -z "$(evidence)" ]
}

@test "mc-too-old for DPDK and VPP" {
	variant 's/firmware 10.39.0/firmware 10.28.1/'
	provokes warn mc-too-old --for dpdk
	provokes warn mc-too-old --for vpp
	variant 's/firmware 10.39.0/firmware 11.0.0/'
	[ -z "$("$fslmc_vfio" --sysroot "$root" check -n -r dprc.2 --for dpdk)" ]
}

@test "mc-unknown where the kernel has no /dev/dprc.1" {
	variant '/^mc /d'
	provokes warn mc-unknown
}

@test "aiop-container, privileged-dma, contents-changeable by their options" {
	variant 's/"IRQ_CFG_ALLOWED"/"AIOP"/'
	provokes refuse aiop-container
	variant 's/"IRQ_CFG_ALLOWED"/"PL_ALLOWED"/'
	provokes warn privileged-dma
	variant 's/"IRQ_CFG_ALLOWED"/"TOPOLOGY_CHANGES_ALLOWED"/'
	provokes warn contents-changeable
	[ "$(evidence)" = TOPOLOGY_CHANGES ]
}

@test "a terminal folds what does not fit, and nothing else is folded" {
	variant 's/firmware 10.39.0/firmware 10.28.1/'
	export fslmc_vfio root
	run script -qec 'stty cols 60; "$fslmc_vfio" --sysroot "$root" check dprc.2 --for dpdk' /dev/null
	[ "$status" -eq 0 ]
	for line in "${lines[@]}"; do
		line=${line%$'\r'}
		[ "${#line}" -le 60 ] || { echo "$line"; return 1; }
	done
	[ "${#lines[@]}" -ge 5 ]
	run "$fslmc_vfio" --sysroot "$root" check dprc.2 --for dpdk
	[ "${#lines[@]}" -eq 3 ]
}
