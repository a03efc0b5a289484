# SPDX-License-Identifier: GPL-2.0-or-later
#
# What probe makes of errors: every ioctl of VFIO that has a meaning of its own is made to fail once.
# strace puts the errno in the kernel's place; everything before and after it is real.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/probe

setup_file() {
	board_start small --append vfio_iommu_type1.allow_unsafe_interrupts=1
	[[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio bind dprc.3 >/dev/null
}
teardown_file() { board_stop; }

# probe_failing IOCTL NTH INJECTION [ARGS]: probe dprc.3 with the NTH such ioctl of the child replaced.  With
# onward=+ all ioctls after it, too.
probe_failing() {
	local ioctl=$1 nth=$2 injection=$3
	shift 3
	# strace counts all ioctls alike, and anew in each process: find which one it is in its own.
	board sh -c 'strace -f -o /tmp/trace -e trace=ioctl fslmc-vfio probe "$@" dprc.3 >/dev/null 2>&1
		sed -nE "s/^([0-9]+) +ioctl\\([0-9]+, ([A-Z0-9_]+).*/\\1 \\2/p" /tmp/trace' sh "$@"
	local at
	at=$(awk -v ioctl="$ioctl" -v nth="$nth" '{ n[$1]++ } $2 == ioctl && ++found == nth { print n[$1] }' <<<"$output")
	[[ -n $at ]]
	# Some kernels give interrupts only once after a bind.
	bind_anew dprc.3
	board strace -f -o /tmp/trace -e trace=ioctl -e "inject=ioctl:$injection:when=$at${onward:-}" fslmc-vfio probe "$@" dprc.3
}

@test "VFIO_SET_IOMMU EPERM: what the kernel misses, what waiving it costs" {
	probe_failing VFIO_SET_IOMMU 1 error=EPERM
	[ "$status" -eq 4 ]
	[[ $stderr == *VFIO_SET_IOMMU*EPERM*"isolated from others'"*"allow_unsafe_interrupts=1 of module vfio_iommu_type1"*"set it only for those that you trust"* ]]
	[[ $(board_exec cat /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts) == Y ]]
}

@test "VFIO_GROUP_SET_CONTAINER EPERM and EBUSY" {
	probe_failing VFIO_GROUP_SET_CONTAINER 1 error=EPERM
	[ "$status" -eq 4 ]
	[[ $stderr == *"not viable"* ]]
	probe_failing VFIO_GROUP_SET_CONTAINER 1 error=EBUSY
	[ "$status" -eq 5 ]
}

@test "a VFIO without type 1 IOMMU" {
	probe_failing VFIO_CHECK_EXTENSION 1 retval=0
	[ "$status" -eq 4 ]
	[[ $stderr == *"modprobe vfio_iommu_type1"* ]]
}

@test "a VFIO of another API version" {
	probe_failing VFIO_GET_API_VERSION 1 retval=1
	[ "$status" -eq 1 ]
	[[ $stderr == *"/dev/vfio/vfio: Protocol not supported"* ]]
}

@test "a device that does not answer is bad, the others are good" {
	probe_failing VFIO_DEVICE_GET_INFO 2 error=EIO -J
	[ "$status" -eq 1 ]
	[ "$(jq -r '[.objects[].verdict] | group_by(.) | map("\(.[0]) \(length)") | join(" ")' <<<"$output")" = "bad 1 good 4" ]
	[[ $stderr == *"VFIO_DEVICE_GET_INFO: Input/output error (EIO)"* ]]
}

@test "flag bit 4 of NXP's SDK kernels is recognized" {
	# struct vfio_device_info: argsz, then flags
	probe_failing VFIO_DEVICE_GET_INFO 1 'retval=0:poke_exit=@arg3=1400000011000000' -J
	[ "$status" -eq 1 ]
	[[ $stderr == *"dprc.3: VFIO_DEVICE_GET_INFO sets flag bit 4, not 6: the ABI of NXP's SDK kernels"* ]]
	[ "$(jq -c '.objects[0].flags' <<<"$output")" = '["sdk_fsl_mc","reset"]' ]
}

@test "no interrupts left, and no MSI domain" {
	probe_failing VFIO_DEVICE_SET_IRQS 1 error=ENOSPC --irq
	[ "$status" -eq "$(status_after_irqs dprc.3 1)" ]
	[[ $stderr == *"test irq of interrupt 0 failed: VFIO_DEVICE_SET_IRQS"*ENOSPC*"256 MSIs"* ]]
	probe_failing VFIO_DEVICE_SET_IRQS 1 error=EINVAL --irq
	[ "$status" -eq "$(status_after_irqs dprc.3 1)" ]
	[[ $stderr == *"no MSI domain"* ]]
}

@test "a trigger that fails still detaches, and an interrupt that never comes is told" {
	probe_failing VFIO_DEVICE_SET_IRQS 2 error=EIO --irq
	[ "$status" -eq "$(status_after_irqs dprc.3 1)" ]
	[[ $stderr == *"VFIO_DEVICE_SET_IRQS with a trigger"*EIO* ]]
	probe_failing VFIO_DEVICE_SET_IRQS 2 retval=0 --irq
	[ "$status" -eq "$(status_after_irqs dprc.3 1)" ]
	[[ $stderr == *"waiting for the triggered interrupt"*ETIMEDOUT*"the eventfd stayed empty"* ]]
}

@test "kernels that only reset DPRCs are no failure" {
	probe_failing VFIO_DEVICE_RESET 1 error=ENOTTY --reset -J
	[ "$status" -eq 0 ]
	[[ $(jq -r '.tests[] | select(.result == "not_applicable") | .reason' <<<"$output") == "before Linux 5.16"* ]]
}

@test "VFIO_GROUP_GET_DEVICE_FD EPERM, as from an iommufd behind /dev/vfio/vfio: once, and explained" {
	probe_failing VFIO_GROUP_GET_DEVICE_FD 1 error=EPERM
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.3: VFIO_GROUP_GET_DEVICE_FD: "*EPERM*"a host driver"*"allow_unsafe_interrupts=1 of module iommufd"* ]]
	[ "$(grep -c VFIO_GROUP_GET_DEVICE_FD <<<"$stderr")" -eq 1 ]
}

@test "what fails alike of many objects is told once, and how many there are" {
	# From the second device on, everything.
	onward=+ probe_failing VFIO_GROUP_GET_DEVICE_FD 2 error=EIO
	[ "$status" -eq 1 ]
	[ "$(grep -c 'VFIO_GROUP_GET_DEVICE_FD: Input/output error' <<<"$stderr")" -eq 1 ]
	[[ $stderr == *"dprc.3: the same of 3 objects more"* ]]
}

@test "where only the IOMMU does not answer, all the rest is shown, and --dma says why it does not apply" {
	# VFIO_IOMMU_GET_INFO has the number of another ioctl, by which strace calls it.
	probe_failing VFIO_DEVICE_GET_PCI_HOT_RESET_INFO 1 error=EINVAL -J --dma
	[ "$status" -eq 1 ]
	[[ $stderr == *"asking for the IOMMU's page sizes and ranges: Invalid argument"* ]]
	[ "$(jq -c '[.probe.iommu_page_sizes, (.iova_ranges | length), (.objects | length)]' <<<"$output")" = '[null,0,5]' ]
	[ "$(jq '.regions | length' <<<"$output")" -ge 4 ]
	[ "$(jq -c '.tests[] | [.test, .result, .reason]' <<<"$output")" = '["dma","not_applicable","the kernel does not say which addresses can be mapped"]' ]
}
