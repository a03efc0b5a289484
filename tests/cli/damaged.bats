#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Captures that somebody damaged: nothing of them is believed, and no verb that reads hangs, crashes, writes
# control bytes or anything but JSON where that was asked for.
#
# shellcheck disable=SC2154,SC2030,SC2031

load ../lib/machine

setup() {
	needs_tools jq python3
	machine_root small
	damaged=$BATS_TEST_TMPDIR/damaged
	cp -a "$root" "$damaged"
	find "$damaged/sys" -type f >"$BATS_TEST_TMPDIR/files"
	find "$damaged/sys" -type l >"$BATS_TEST_TMPDIR/links"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/files")" -gt 20 ]
	[ "$(wc -l <"$BATS_TEST_TMPDIR/links")" -gt 20 ]
}

# each files|links COMMAND...: with one of them appended.
each() { xargs -d '\n' -I '{}' "${@:2}" '{}' <"$BATS_TEST_TMPDIR/$1"; }

# Statuses promised of a verb that reads: 0 to 5.
reads_survive() {
	local verb
	for verb in list 'show dprc.2' 'check' 'doctor'; do
		# shellcheck disable=SC2086 # several words
		run --separate-stderr timeout 30 "$fslmc_vfio" --sysroot "$damaged" $verb --json
		[ "$status" -le 5 ] || { echo "$verb: $status $stderr"; return 1; }
		valid_json <<<"$output"
		[ "$(tr -d '\n\040-\176\200-\377' <<<"$output$stderr" | wc -c)" -eq 0 ]
		[ "$(LC_ALL=C grep -c $'\302[\200-\237]' <<<"$output$stderr")" -eq 0 ]
	done
	run --separate-stderr timeout 30 "$fslmc_vfio" --sysroot "$damaged" list --objects -o +LABEL,NETDEVS,SUPPLIERS
	[ "$status" -le 5 ]
	[ "$(tr -d '\n\040-\176\200-\377' <<<"$output$stderr" | wc -c)" -eq 0 ]
}

@test "attributes that are empty" {
	each files truncate -s 0
	reads_survive
}

@test "attributes of 64 KiB, of bytes that are no text" {
	head -c 65536 /dev/zero | tr '\0' '\377' >"$BATS_TEST_TMPDIR/junk"
	each files cp "$BATS_TEST_TMPDIR/junk"
	reads_survive
}

@test "attributes with control bytes, NULs and format directives" {
	printf '\033]0;owned\a\302\233m\177%%s%%n\0\r\n' >"$BATS_TEST_TMPDIR/junk"
	each files cp "$BATS_TEST_TMPDIR/junk"
	reads_survive
}

@test "attributes with numbers out of range" {
	printf -- '-99999999999999999999999\n' >"$BATS_TEST_TMPDIR/junk"
	each files cp "$BATS_TEST_TMPDIR/junk"
	reads_survive
}

@test "directories where attributes should be" {
	each files rm
	each files mkdir
	reads_survive
}

@test "FIFOs that nobody writes to, where attributes should be" {
	each files rm
	find "$damaged/proc" -type f -delete
	each files mkfifo
	mkfifo "$damaged/proc/sys/kernel/osrelease"
	reads_survive
}

@test "links that lead nowhere" {
	each links ln -sfn nowhere
	reads_survive
}

@test "links that lead to themselves" {
	while IFS= read -r link; do ln -sfn "${link##*/}" "$link"; done <"$BATS_TEST_TMPDIR/links"
	reads_survive
}

@test "names that are none, beside those that are" {
	local bus=$damaged/sys/bus/fsl-mc name
	for name in dprc.4294967296 dprc.02 dprc. $'dpni.1\033[31m' $'\377' ../x 'dprc.2 '; do
		mkdir -p "$bus/devices/$name" "$bus/drivers/$name/dprc.1" "$damaged/sys/kernel/iommu_groups/$name/devices/dpni.1"
	done
	reads_survive
	run "$fslmc_vfio" --sysroot "$damaged" list --objects -n -r -o NAME
	run diff <(printf '%s\n' "$output") <("$fslmc_vfio" --sysroot "$root" list --objects -n -r -o NAME)
	[ "$status" -eq 0 ]
}

@test "an MC transcript that is cut, garbled, or one line of a megabyte is unknown altogether" {
	local transcript=$damaged/dev/dprc.1 damage
	for damage in 'head -c 20' 'tr 0-9 g-p' 'tr -d "\n"' 'sed s/^/+/'; do
		bash -c "$damage" <"$root/dev/dprc.1" >"$transcript"
		reads_survive
		run --separate-stderr "$fslmc_vfio" --sysroot "$damaged" list --json
		[ "$(json '[.mc_firmware, .dprcs[].icid] | unique')" = '[null]' ] || { echo "$damage"; return 1; }
		[ "$(json '[.messages[].level]')" = '["warning"]' ]
	done
	head -c 1000000 /dev/zero | tr '\0' 'a' >"$transcript"
	reads_survive
	run --separate-stderr "$fslmc_vfio" --sysroot "$damaged" list --json
	[ "$(json .mc_firmware)" = null ]
}

# ends COMMAND...: with a status that is promised, in time, and with no more output than the machine is worth.
ends() {
	run --separate-stderr timeout 10 "$fslmc_vfio" --sysroot "$damaged" "$@"
	[ "$status" -le 5 ] || { echo "$*: $status $stderr"; return 1; }
	[ "${#output}" -lt 20000 ]
}

all_end() {
	ends list
	ends list --tree
	ends list --objects --tree
	ends show dprc.2
	ends check dprc.2
	ends check
	ends export dprc.2 --for env
	reads_survive
}

# links_to NAME TARGET...: all verbs come to an end with that link of the bus, and none believes it.
links_to() {
	local bus=$damaged/sys/bus/fsl-mc/devices kept target
	kept=$(readlink "$bus/$1")
	for target in "${@:2}"; do
		ln -sfn "$target" "$bus/$1"
		all_end || { echo "$1 -> $target"; return 1; }
		ends list
		[ "$status" -eq 1 ] || { echo "$1 -> $target: $status"; return 1; }
		[ -z "$output" ]
		[[ $stderr == *"does not lead to the device of its name"* ]]
	done
	ln -sfn "$kept" "$bus/$1"
}

@test "a link of the bus that leads to another device, or to none, is not believed" {
	local above=../../../devices/platform/soc/80c000000.fsl-mc/dprc.1
	links_to dprc.2 dprc.2 a/x x/dprc.2 / /dprc.2 .. "$above/dprc.3" "$above/dprc.2/" "$above" "$above/dprc.20" \
		/devices/dprc.2 ../../../devices/x
}

@test "where an object is, its directory tells, whatever its link says; with none, or two, the link is checked" {
	local above=../../../devices/platform/soc/80c000000.fsl-mc/dprc.1 bus=$damaged/sys/bus/fsl-mc/devices target
	local targets=(dpni.1 "$above/dprc.2/dpni.2" "$above/dprc.3/dpni.1" "$above/dprc.2/x" x)
	for target in "${targets[@]}"; do
		ln -sfn "$target" "$bus/dpni.1"
		all_end
		ends list --objects
		diff <(printf '%s\n' "$output") <("$fslmc_vfio" --sysroot "$root" list --objects) || { echo "$target"; return 1; }
	done
	mkdir "$bus/$above/dprc.3/dpni.1"
	for target in dpni.1 "$above/dprc.2/dpni.2" "$above/dprc.2/x" x; do
		links_to dpni.1 "$target"
	done
	rm -r "$bus/$above/dprc.3/dpni.1" "$bus/$above/dprc.2/dpni.1"
	links_to dpni.1 dpni.1 "$above/dprc.2/dpni.2" "$above/dprc.2/x" x
}

@test "links by which containers contain themselves end no verb in a circle" {
	local bus=$damaged/sys/bus/fsl-mc/devices above=../../../devices/platform/soc/80c000000.fsl-mc/dprc.1
	ln -sfn "$above/dprc.2/dprc.2" "$bus/dprc.2"
	all_end
	ln -sfn "$above/dprc.3/dprc.2" "$bus/dprc.2"
	ln -sfn "$above/dprc.2/dprc.3" "$bus/dprc.3"
	all_end
	ln -sfn "$above/dprc.2/dprc.1" "$bus/dprc.1"
	all_end
	ln -sfn ../../../devices/dprc.1 "$bus/dprc.1"
	all_end
}

@test "a directory that is no object's, with the name of one, moves nothing" {
	local above=$damaged/sys/devices/platform/soc/80c000000.fsl-mc/dprc.1 arguments
	mkdir "$above/dprc.2/dprc.1" "$above/dprc.2/dprc.2" "$above/dprc.2/dprc.3" "$above/dprc.3/dprc.2" \
		"$above/dprc.3/dpni.1" "$above/dpni.9"
	for arguments in list 'list --tree' 'list --objects --tree' 'list --json' 'show dprc.2 --json'; do
		# shellcheck disable=SC2086
		ends $arguments
		# shellcheck disable=SC2086
		diff <(printf '%s\n' "$output") <("$fslmc_vfio" --sysroot "$root" $arguments)
	done
	all_end
}

# mc_lists OBJECT CONTAINER...: the MC says so, besides what it says of the small machine.
mc_lists() {
	cp "$tests_dir/machines/small.manifest" "$BATS_TEST_TMPDIR/manifest"
	while (($#)); do
		echo "mc object {\"name\": \"$1\", \"mc_container\": \"$2\"}" >>"$BATS_TEST_TMPDIR/manifest"
		shift 2
	done
	rm -r "$damaged"
	"$tests_dir/make-root" "$BATS_TEST_TMPDIR/manifest" "$damaged"
}

@test "an MC that lists a DPRC in itself, in a circle or twice is not believed, and that is said" {
	local lists
	for lists in 'dprc.2 dprc.2' 'dprc.1 dprc.2' 'dprc.1 dprc.1' 'dprc.3 dprc.2 dprc.2 dprc.3' 'dprc.2 dprc.3' 'dprc.3 dprc.2'; do
		# shellcheck disable=SC2086
		mc_lists $lists
		all_end
		ends list --json
		[[ $(json '.messages[].message') == *"the MC did not tell all of its objects"* ]] || { echo "$lists: $output"; return 1; }
		[ "$(json '[.dprcs[] | .mc_object_count] | index(null) != null')" = true ]
		[ "$(json '[.objects[] | select(.name == "dprc.2") | .mc_container] | length')" -eq 1 ]
		ends check --json
		[[ $lists == 'dprc.1 dprc.1' || $(json '[.findings[].code] | index("mc-unknown") != null') == true ]] || { echo "$lists"; return 1; }
	done
}

# mc_of_dprcs N: each DPRC of the MC contains the same N DPRCs.
mc_of_dprcs() {
	/usr/bin/python3 - "$1" >"$damaged/dev/dprc.1" <<'EOF'
import struct, sys
n = int(sys.argv[1])
print("8311 0000 - 00 0000 030000000a00000027000000")
print("0041 0001 - 00 0001 0100000017000000")
print("1591 0001 - 00 0001", struct.pack("<4xI", n).hex())
for i in range(n):
    print("8051 0000", struct.pack("<I", i + 1).hex(), "00 0001 -")
    descriptor = struct.pack("<4xIHBBIHHH2x16s", i + 1, 0x1957, 1, 1, 2, 6, 7, 0, b"dprc").hex()
    print("15a1 0001", struct.pack("<I", i).hex(), "00 0001", descriptor)
EOF
}

@test "of an MC with more DPRCs than there can be some are loaded, and that is said" {
	mc_of_dprcs 2000
	ends show dprc.2
	run --separate-stderr timeout 30 "$fslmc_vfio" --sysroot "$damaged" list --json
	[ "$status" -eq 0 ]
	[[ $(json '.messages[].message') == *"the MC did not tell all of its objects"* ]]
	[ "$(json '[.objects[] | select(.in_linux | not)] | length')" -le 1024 ]
}

@test "an IOMMU group whose name is no number is none" {
	local groups=$damaged/sys/kernel/iommu_groups name
	for name in x 1x -1 99999999999; do
		mkdir -p "$groups/$name/devices/dpmac.3"
		ends list --json
		diff <(printf '%s\n' "$output") <("$fslmc_vfio" --sysroot "$root" list --json)
		rm -r "${groups:?}/$name"
	done
}
