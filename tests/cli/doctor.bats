#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# doctor: the host, by machines that lack one thing each.

load ../lib/machine

# doctored NAME CHANGE...: the machine "small" with lines taken out (-PATTERN) and put in (+LINE).
doctored() {
	local manifest=$BATS_TEST_TMPDIR/manifest change
	cp "$tests_dir/machines/small.manifest" "$manifest"
	for change in "$@"; do
		case $change in
		-*)
			grep -q -- "${change#-}" "$manifest"
			sed -i "\\@${change#-}@d" "$manifest"
			;;
		+*) printf '%s\n' "${change#+}" >>"$manifest" ;;
		esac
	done
	root=$BATS_TEST_TMPDIR/root
	"$tests_dir/make-root" "$manifest" "$root"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" doctor --json
	valid_json <<<"$output"
	# Every kernel has defects that hit no bind.
	codes=$(json '[.findings[] | .severity + ":" + .code | select(. != "info:kernel-defect")] | join(" ")')
	defects=$(json '[.findings[] | select(.code == "kernel-defect") | .evidence | sub(",.*"; "")] | join(" ")')
}

@test "a ready host has no findings and exit status 0" {
	doctored
	[ "$status" -eq 0 ]
	[ "$codes" = "" ]
	[ "$(json '.host | [.vfio_fsl_mc, .iommu_type, .has_vfio_node, .mc_firmware, .has_msi]')" = \
		'["loaded","DMA",true,"10.39.0",true]' ]
}

@test "driver not built, not loaded and built in are told apart" {
	gone=(-module/vfio_fsl_mc '-^driver' '-override=' '-^mc .*dprc.2' '+driver fsl_mc_dprc')
	index="+file lib/modules/6.12.3/modules.dep kernel/fs/ext4.ko:"
	doctored "${gone[@]}" "$index"
	[ "$status" -eq 4 ]
	[ "$codes" = "refuse:driver-missing" ]
	[ "$(json '.findings[0] | [.evidence, .remedy]')" = \
		'["not built: this kernel has no such module","use a kernel with CONFIG_VFIO_FSL_MC"]' ]
	doctored_again() { rm -r "$root" && doctored "$@"; }
	doctored_again "${gone[@]}" "$index\\x0akernel/drivers/vfio/fsl-mc/vfio-fsl-mc.ko.xz: kernel/drivers/vfio/vfio.ko"
	[ "$status" -eq 4 ]
	[ "$codes" = "refuse:driver-missing" ]
	[ "$(json '.host.vfio_fsl_mc')" = available ]
	[ "$(json '.findings[0] | [.evidence, .remedy]')" = '["not loaded: the module is installed","modprobe vfio-fsl-mc"]' ]
	doctored_again -module/vfio_fsl_mc
	[ "$status" -eq 0 ]
	[ "$(json '.host.vfio_fsl_mc')" = built-in ]
}

@test "no IOMMU, an incoherent one and one that does not translate are told apart" {
	doctored '-^mc .*dprc.[23]' '-group=0' '+object dprc.1 driver=fsl_mc_dprc' '-^object dprc.1/' '-^link .*dprc.3' '-^file .*dprc.3'
	[ "$status" -eq 4 ]
	[ "$codes" = "refuse:no-iommu-group warn:nothing-to-assign" ]
	rm -r "$root"
	doctored '-^group 0' '+group 0 type=identity'
	[ "$status" -eq 0 ]
	[ "$codes" = "warn:iommu-passthrough" ]
	[ "$(json '.findings[0].remedy')" = "boot with iommu.passthrough=0" ]
	rm -r "$root"
	doctored '-^group 0' '+group 0 type=identity' '-proc/cmdline' '+file proc/cmdline iommu.passthrough=0 x iommu.passthrough=1'
	[ "$(json '.findings[0].remedy')" = "boot without iommu.passthrough=1" ]
	rm -r "$root"
	smmu=devices/platform/soc/5000000.iommu
	doctored "+link sys/devices/platform/soc/80c000000.fsl-mc/dprc.1/iommu ../../5000000.iommu/iommu/smmu" \
		"+link sys/$smmu/iommu/smmu/device ../.." "+link sys/$smmu/of_node ../../../../firmware/devicetree/base/iommu" \
		"+file sys/firmware/devicetree/base/iommu/name iommu"
	[ "$status" -eq 4 ]
	[ "$codes" = "refuse:smmu-not-coherent" ]
}

@test "the IOMMU's driver is named, and warned of where it cannot do" {
	local driver smmu=sys/devices/platform/soc/5000000.iommu
	for driver in arm-smmu arm-smmu-v3; do
		doctored "+link sys/devices/platform/soc/80c000000.fsl-mc/dprc.1/iommu ../../5000000.iommu/iommu/smmu" \
			"+link $smmu/iommu/smmu/device ../../../5000000.iommu" "+link $smmu/driver ../../../../bus/platform/drivers/$driver"
		[ "$status" -eq 0 ]
		[ "$(json .host.iommu_driver)" = "$driver" ]
		[ "$codes" = "$([[ $driver == arm-smmu ]] || echo warn:iommu-unfit)" ]
		rm -r "$root"
	done
	doctored "-dprc.2/dpni.1" '+object dprc.1/dprc.2/dpni.1 driver=vfio-fsl-mc group=7'
	[ "$status" -eq 4 ]
	[ "$codes" = refuse:group-split ]
	[ "$(json '.findings[0].evidence')" = "dpni.1 (group 7)" ]
	[ "$(json .host.iommu_driver)" = null ]
}

@test "no way to map DMA refuses, be it not built, not loaded or not known" {
	doctored -module/vfio_iommu_type1 '+file lib/modules/6.12.3/modules.dep kernel/fs/ext4.ko:'
	[ "$status" -eq 4 ]
	[ "$codes" = "refuse:type1-missing" ]
	rm -r "$root"
	doctored -module/vfio_iommu_type1 '+file lib/modules/6.12.3/modules.dep kernel/drivers/vfio/vfio_iommu_type1.ko:'
	[ "$status" -eq 4 ]
	[ "$codes" = "refuse:type1-missing" ]
	rm -r "$root"
	doctored -module/vfio_iommu_type1
	[ "$status" -eq 4 ]
	[ "$codes" = "refuse:type1-missing" ]
	[ "$(json .host.vfio_iommu_type1)" = null ]
	rm -r "$root"
	doctored -module/vfio_iommu_type1 '+file lib/modules/6.12.3/modules.dep kernel/fs/ext4.ko:' '+file dev/iommu'
	[ "$codes" = "" ]
}

@test "iommufd that could be loaded is a way to map DMA, and doctor says how" {
	local iommufd="kernel/drivers/iommu/iommufd/iommufd.ko.xz:"
	doctored -module/vfio_iommu_type1 "+file lib/modules/6.12.3/modules.dep $iommufd"
	[ "$status" -eq 4 ]
	[ "$codes" = "refuse:type1-missing" ]
	[ "$(json .host.vfio_iommu_type1,.host.iommufd)" = $'absent\navailable' ]
	[ "$(json '.findings[0].evidence')" = "iommufd is installed but not loaded" ]
	[[ $(json '.findings[0].remedy') == *"modprobe iommufd"* ]]
	rm -r "$root"
	# Either would do.
	doctored -module/vfio_iommu_type1 "+file lib/modules/6.12.3/modules.dep $iommufd\\x0akernel/vfio_iommu_type1.ko:"
	[ "$codes" = "refuse:type1-missing" ]
	[ "$(json '.findings[0].evidence')" = "vfio_iommu_type1 is installed but not loaded" ]
	rm -r "$root"
	# As in a container whose /dev has not all.
	doctored -module/vfio_iommu_type1 '+file lib/modules/6.12.3/modules.dep kernel/fs/ext4.ko:' \
		'+file sys/module/iommufd/parameters/allow_unsafe_interrupts N'
	[ "$codes" = "refuse:type1-missing" ]
	[ "$(json '.findings[0].evidence')" = "iommufd is loaded, but /dev/iommu is missing" ]
}

@test "a host without a DPRC to assign is ready, and warned" {
	doctored '-dprc.1/dprc' '-^mc .*dprc.[23]'
	[ "$status" -eq 0 ]
	[ "$codes" = warn:nothing-to-assign ]
}

@test "what makes a host less safe is named, and refuses nothing" {
	doctored '-allow_unsafe' '+file sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts Y' \
		'+file sys/module/vfio/parameters/enable_unsafe_noiommu_mode Y' -msi-map
	[ "$status" -eq 0 ]
	[ "$codes" = "warn:no-msi warn:noiommu-mode info:unsafe-interrupts" ]
	rm -r "$root"
	doctored '+file sys/module/iommufd/parameters/allow_unsafe_interrupts Y'
	[ "$codes" = warn:unsafe-interrupts ]
	[ "$(json '.findings[0].evidence')" = "this host does not need it" ]
	rm -r "$root"
	doctored '+file sys/module/iommufd/parameters/allow_unsafe_interrupts Y' -osrelease '+file proc/sys/kernel/osrelease 7.2.13'
	[ "$codes" = info:unsafe-interrupts ]
}

@test "huge pages that are not reserved are named, unless it is not known" {
	local pages=sys/kernel/mm/hugepages
	doctored "+file $pages/hugepages-2048kB/nr_hugepages 0" "+file $pages/hugepages-1048576kB/nr_hugepages 0"
	[ "$codes" = info:no-huge-pages ]
	rm -r "$root"
	doctored "+file $pages/hugepages-2048kB/nr_hugepages 0" "+file $pages/hugepages-1048576kB/nr_hugepages 1"
	[ "$codes" = "" ]
}

@test "known defects of the kernel are those of its version" {
	local kernel
	while IFS=: read -r kernel expected; do
		doctored -osrelease "+file proc/sys/kernel/osrelease $kernel"
		[ "$status" -eq 0 ]
		[ "$defects" = "$expected" ] || { echo "$kernel: $defects"; return 1; }
		rm -r "$root"
	done <<-EOF
		5.10.214:irq-count-0 CVE-2024-26814 whole-reset mc-timeout
		6.1.192:unscanned-bind irq-count-0
		6.8.2:unscanned-bind irq-count-0 CVE-2024-26814 second-opener mc-timeout
		6.12.35:unscanned-bind irq-count-0
		6.14.9:unscanned-bind irq-count-0 second-opener mc-timeout
		6.16.0-rc1:irq-count-0
		6.18.4:irq-count-0 notice
		7.0.0:irq-count-0
		7.2.13:irq-count-0 irq-once irq-isolation
	EOF
	doctored -osrelease "+file proc/sys/kernel/osrelease 6.3.4"
	[ "$status" -eq 4 ]
	[ "$codes" = refuse:kernel-defect ]
	[[ $defects == "CVE-2023-53362 "* ]]
}

@test "firmware older than DPDK wants" {
	doctored '-mc firmware' '+mc firmware 10.28.1'
	[ "$status" -eq 0 ]
	[ "$codes" = "warn:mc-too-old" ]
	[ "$(json '.findings[0].evidence')" = "10.28.1, not 10.39" ]
	rm -r "$root"
	doctored '-mc firmware' '+file sys/bus/fsl-mc/drivers_autoprobe 0'
	[ "$status" -eq 4 ]
	[ "$codes" = "refuse:autoprobe-off warn:mc-unknown" ]
}

@test "the limit of a named user is that of a process of theirs" {
	run --separate-stderr "$fslmc_vfio" --sysroot / doctor --user no-such-user
	[ "$status" -ne 0 ]
	machine small doctor --user nosuchuser
	[ "$status" -eq 2 ]
	[[ $stderr == *"no such user"* ]]
}

@test "every finding has a remedy, and the text says it" {
	machine old doctor
	[ "$status" -eq 4 ]
	[[ $output == *"refuse driver-missing: "*$'\n'"       modprobe vfio-fsl-mc"* ]]
}
