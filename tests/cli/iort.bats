#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Machines that describe themselves by ACPI: no device tree, and the IORT says which ICIDs the SMMU covers.
# Nothing in that table is believed.
#
# shellcheck disable=SC2154

load ../lib/machine

setup() { iort=$("$tests_dir/vm/iort" --icids 2 | hex); }

hex() { od -An -v -tx1 | tr -d ' \n'; }

# acpi [SED SCRIPT [LINE...]]: sets $root to the plain machine with ACPI's IORT $iort (empty: none) instead of a
# device tree.
acpi() {
	local platform=sys/devices/platform/soc/80c000000.fsl-mc
	local lines=("file $platform/firmware_node/path \\\\_SB_.MCE0" 'file sys/firmware/acpi/tables/APIC' "${@:2}")
	[[ -z $iort ]] || lines+=("bytes sys/firmware/acpi/tables/IORT $iort")
	variant "/of_node/d;/devicetree/d;s,iommu/smmu,iommu/smmu.0x00000000bdc00000,;${1:-}" "${lines[@]}"
}

# One that no driver has probed, so it has no group yet; dprc.2 has ICID 1.
unscanned='s/dprc.2 driver=fsl_mc_dprc group=1/dprc.2/;\,/dprc.2/,d'

# says CODE STATUS EVIDENCE: what check says of it, in which words, and with which exit status.
says() {
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check --json dprc.2
	valid_json <<<"$output"
	echo "$status $output"
	[ "$(json --arg code "$1" '.findings[] | select(.code == $code) | .evidence')" = "$3" ]
	[ "$status" -eq "$2" ]
	[[ $output != *"device tree"* ]]
}

to_smmu="the mapping of the MC to the SMMU in the ACPI table IORT"
to_its="the mapping of the MC to an ITS in the ACPI table IORT"
unseen="it cannot be seen before a driver probes it, and for its ICID 1"

with() { iort=$("$tests_dir/vm/iort" "$@" | hex); }

# patch OFFSET BYTES (hexadecimal): overwrites bytes of $iort.
patch() { iort=${iort:0:2*$1}$2${iort:2*$1+${#2}}; }

@test "a DPRC that no driver has probed can be assigned where the IORT covers its ICID" {
	acpi "$unscanned"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" check dprc.2
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output != *no-iommu-group* ]]
	[[ $output != *no-msi* ]]
}

@test "where it does not, that is refused, and the table is named" {
	with --icids 1
	acpi "$unscanned"
	says no-iommu-group 4 "$to_smmu does not cover its ICID 1"
	# The same without any IORT, or with one that does not know the MC.
	iort=
	acpi "$unscanned"
	says no-iommu-group 4 "$to_smmu does not cover its ICID 1"
	with --component '\_SB_.MCE1'
	acpi "$unscanned"
	says no-iommu-group 4 "$to_smmu does not cover its ICID 1"
}

@test "a table that cannot be read is neither one that covers nothing nor one that covers all" {
	acpi "$unscanned"
	rm "$root/sys/firmware/acpi/tables/IORT"
	mkdir "$root/sys/firmware/acpi/tables/IORT"
	says no-iommu-group 4 "$unseen $to_smmu cannot be read"
	rm -r "$root/sys/firmware/acpi"
	says no-iommu-group 4 "$unseen $to_smmu is missing"
	# Of one that has its group nothing needs to be known.
	acpi
	rm -r "$root/sys/firmware/acpi"
	says no-iommu-group 0 ''
}

@test "the SMMU is coherent if the IORT says so of the one at its address" {
	with --incoherent
	acpi
	says smmu-not-coherent 4 "the flag Coherent Walk of the SMMU in the ACPI table IORT is missing"
	acpi 's/0x00000000bdc00000/0x00000000bdc00001/'
	says smmu-not-coherent 0 ''
}

@test "no-msi where the IORT leads the ICID to no ITS" {
	acpi
	says no-msi 0 ''
	patch $((48 + 16)) 00000000 # the number of ITSs in their group
	acpi
	says no-msi 0 "$to_its does not cover its ICID 1"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" doctor --json
	[ "$(json .host.has_msi)" = false ]
}

@test "doctor knows the machine by DMI, and whether the MC has interrupts" {
	acpi '' 'file sys/class/dmi/id/sys_vendor SolidRun' 'file sys/class/dmi/id/product_name HoneyComb LX2'
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" doctor --json
	valid_json <<<"$output"
	[ "$(json '.host.machine, .host.has_msi')" = $'SolidRun HoneyComb LX2\ntrue' ]
}

# survives WHAT: an answer within a moment, and only those that a reader may give.
survives() {
	local verb
	for verb in 'check dprc.2' doctor; do
		# shellcheck disable=SC2086 # several words
		run --separate-stderr timeout 10 "$fslmc_vfio" --sysroot "$root" $verb --json
		[ "$status" -eq 0 ] || [ "$status" -eq 4 ] || { echo "$1: $verb: $status $stderr"; return 1; }
		jq -e .format_version <<<"$output" >/dev/null
	done
}

@test "whatever is cut off an IORT, there is an answer" {
	acpi "$unscanned"
	local table=$root/sys/firmware/acpi/tables/IORT size
	for ((size = $(stat -c %s "$table") - 1; size >= 0; size -= 29)); do
		truncate -s "$size" "$table"
		says no-iommu-group 4 "$unseen $to_smmu is malformed" >/dev/null
		survives "$size bytes"
	done
}

# The table's own length, count and first node; then of the SMMU (at 72) and of the MC (at 336) what is read of a
# node and of its first mapping.
@test "so there is with lengths, counts and offsets of 0 and 2^32-1" {
	acpi "$unscanned"
	local table=$root/sys/firmware/acpi/tables/IORT at value
	cp "$table" "$BATS_TEST_TMPDIR/whole"
	for at in 4 36 40 72 80 84 288 336 344 348 376 380 384 388; do
		for value in 00 ff; do
			cp "$BATS_TEST_TMPDIR/whole" "$table"
			printf "\\x$value%.0s" {1..4} | dd of="$table" bs=1 seek="$at" conv=notrunc status=none
			survives "$value at $at"
		done
	done
}
