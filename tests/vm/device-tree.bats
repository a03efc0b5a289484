# SPDX-License-Identifier: GPL-2.0-or-later
#
# The virtual board's device tree has what the board needs, whatever QEMU's own tree has.
bats_require_minimum_version 1.5.0

load ../lib/tools

setup() {
	vm=$BATS_TEST_DIRNAME
	needs_tools qemu-system-aarch64 dtc fdtget fdtput jq
}

# newer_qemu: from now on QEMU's tree says what that of QEMU 8.1 and later says at its root.
newer_qemu() {
	mkdir "$BATS_TEST_TMPDIR/bin"
	cat >"$BATS_TEST_TMPDIR/bin/qemu-system-aarch64" <<-SCRIPT
		#!/bin/sh
		$(command -v qemu-system-aarch64) "\$@" || exit
		fdtput -t s "\$(printf '%s\n' "\$@" | sed -n 's/.*dumpdtb=//p')" / dma-coherent
	SCRIPT
	chmod 755 "$BATS_TEST_TMPDIR/bin/qemu-system-aarch64"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# coherent TREE: which of the root, the SMMU and the MC say that they are cache coherent.
coherent() {
	local node
	for node in / /soc/iommu@7dc00000 /soc/fsl-mc@7c000000; do
		! fdtget -p "$1" "$node" | grep -qx dma-coherent || printf '%s\n' "$node"
	done
}

@test "the SMMU is cache coherent if the topology says so, and not because QEMU calls everything so" {
	newer_qemu
	jq '.smmu_is_coherent = false' "$vm/topologies/tiny.json" >"$BATS_TEST_TMPDIR/incoherent.json"
	"$vm/device-tree" "$vm/topologies/tiny.json" "$BATS_TEST_TMPDIR/coherent.dtb"
	"$vm/device-tree" "$BATS_TEST_TMPDIR/incoherent.json" "$BATS_TEST_TMPDIR/incoherent.dtb"
	[ "$(coherent "$BATS_TEST_TMPDIR/coherent.dtb")" = $'/soc/iommu@7dc00000\n/soc/fsl-mc@7c000000' ]
	[ "$(coherent "$BATS_TEST_TMPDIR/incoherent.dtb")" = /soc/fsl-mc@7c000000 ]
}
