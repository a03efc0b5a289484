#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# list: DPRCs and objects of captured and hand-written machines.

load ../lib/machine

@test "list shows each DPRC with parent, driver, group and number of objects" {
	machine small list
	[ "$status" -eq 0 ]
	[ "$stderr" = "" ]
	[ "${lines[0]}" = "NAME   PARENT DRIVER      GROUP OBJECTS" ]
	[ "${lines[1]}" = "dprc.1 -      fsl_mc_dprc     0       7" ]
	[ "${lines[2]}" = "dprc.2 dprc.1 vfio-fsl-mc     1       4" ]
	[ "${lines[3]}" = "dprc.3 dprc.1 fsl_mc_dprc     2       3" ]
	[ "${#lines[@]}" -eq 4 ]
}

@test "list --json is the whole board: kernel, firmware, every DPRC and object" {
	machine small list --json
	[ "$status" -eq 0 ]
	[ "$(json '[.kernel, .mc_firmware, .status]')" = '["6.12.3","10.39.0","done"]' ]
	[ "$(json '[.dprcs[].name]')" = '["dprc.1","dprc.2","dprc.3"]' ]
	[ "$(json '.objects | length')" -eq 15 ]
	[ "$(json '.dprcs[1] | [.icid, .options, .label, .is_plugged, .mc_object_count]')" = \
		'[24,["IRQ_CFG_ALLOWED","0x100"],"to VFIO",true,4]' ]
	[ "$(json '.objects[] | select(.name == "dpni.10") | [.endpoint, .link, .netdevs, .irq_count]')" = \
		'["dpsw.0.2","down",["eth1"],1]' ]
}

@test "an object is connected to nothing if the state says so, whatever the MC has for a peer" {
	machine small list --objects --json
	[ "$(json '[.objects[] | select(.name == "dpni.9" or .name == "dpmac.17") | .endpoint, .link]')" = '["","","",""]' ]
	# The tests would be none if the answer had no peer.
	grep -q '^16c1 .*64706d6163' "$root/dev/dprc.1"
}

@test "text and JSON of the same machine agree in every column" {
	for what in '' --objects; do
		machine small list $what --noheadings --raw
		text=$output
		[ -n "$text" ]
		machine small list $what --json
		if [ -n "$what" ]; then
			record='.objects[] | [.name, .container, .driver, .iommu_group]'
		else
			record='.dprcs[] | [.name, .parent, .driver, .iommu_group, .object_count]'
		fi
		[ "$(json "$record | map(if . == \"\" or . == -1 then \"-\" else tostring end) | join(\" \")")" = "$text" ]
	done
}

@test "numbers sort as numbers: dpni.9 comes before dpni.10" {
	machine small list --objects --noheadings --output name dprc.3
	[ "$output" = $'dpio.1\ndpni.9\ndpni.10' ]
}

@test "text list asks the MC nothing unless a column needs it" {
	machine_root small
	rm -f "$root/dev/dprc.1"
	machine small list
	[ "$status" -eq 0 ]
	[ "$stderr" = "" ]
	machine small list --output +icid
	[ "$status" -eq 0 ]
	[[ $stderr == *"dprc.1: warning: cannot query the MC through /dev/dprc.1:"* ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ ${lines[1]} == *"?" ]]
	rm -r "$root"
}

# columns_of TABLE: the names that --help lists.
columns_of() {
	"$fslmc_vfio" list --help | awk -v option="${1#--dprcs}" '/^Columns / { wanted = option ? index($0, "with " option) : !/with --/ }
		/^ [ *] [A-Z]/ && wanted { sub(/^ [ *]/, ""); print $1 }'
}

@test "every column of --help is a key of the JSON and of its schema, one each, and the other way round" {
	local what column keys columns
	for what in --dprcs --objects --ports --pools; do
		mapfile -t columns < <(columns_of "$what")
		[ "${#columns[@]}" -ge 5 ]
		machine small list ${what#--dprcs} --json --output "$(IFS=,; echo "${columns[*]}")"
		[ "$status" -eq 0 ]
		keys=$(json ".${what#--}[0] | keys_unsorted | join(\" \")")
		[ "$(wc -w <<<"$keys")" -eq "${#columns[@]}" ]
		for column in "${columns[@]}"; do
			"$fslmc_vfio" --sysroot "$root" list ${what#--dprcs} --json --output "$column" 2>/dev/null |
				jq -r ".${what#--}[0] | keys_unsorted[]"
		done >"$BATS_TEST_TMPDIR/one-by-one"
		[ "$(paste -sd' ' "$BATS_TEST_TMPDIR/one-by-one")" = "$keys" ]
		diff <(sort "$BATS_TEST_TMPDIR/one-by-one") \
			<(jq -r --arg record "${what:2:-1}" '."$defs"[$record].properties | keys[]' "$tests_dir/../schema/fslmc-vfio.schema.json" | sort)
		machine small list ${what#--dprcs} --raw --output "$(IFS=,; echo "${columns[*]}")"
		[ "${lines[0]}" = "${columns[*]}" ]
	done
}

@test "objects the MC moved, removed or made since Linux looked are told apart" {
	machine stale list --json
	[ "$status" -eq 0 ]
	object() { json --arg name "$1" '.objects[] | select(.name == $name) | [.container, .mc_container, .in_linux]'; }
	[ "$(object dpni.1)" = '["dprc.2","dprc.3",true]' ]
	[ "$(object dpbp.1)" = '["dprc.2","",true]' ]
	[ "$(object dpni.9)" = '["","dprc.3",false]' ]
	[ "$(object dprc.4)" = '["","dprc.3",false]' ]
	[ "$(json '[.dprcs[] | [.object_count, .mc_object_count]]')" = '[[2,2],[2,0],[0,3]]' ]
}

@test "without /dev/dprc.N the MC's facts are null, said once, and no error" {
	machine old list --json
	[ "$status" -eq 0 ]
	[ "$(json '[.mc_firmware, .dprcs[1].icid, .dprcs[1].options, .objects[0].irq_count]')" = '[null,null,null,null]' ]
	[ "$(json '[.messages[].level]')" = '["warning"]' ]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "a raw table has as many words in a row as columns, a tree included" {
	machine small list --tree --objects --noheadings --raw --output NAME,DRIVER
	[ "${#lines[@]}" -gt 10 ]
	[ -z "$(awk 'NF != 2' <<<"$output")" ]
	machine small list --tree --objects --noheadings --output NAME,DRIVER
	[ -n "$(awk 'NF != 2' <<<"$output")" ]
}

@test "the root DPRC is known by its place, not by its number" {
	machine old list --output name,parent,root --noheadings --raw
	[ "$output" = $'dprc.1 dprc.7 no\ndprc.7 - yes' ]
}

@test "control bytes of labels and overrides never reach a terminal" {
	machine untrusted list --output name,label,override --noheadings --raw
	[ "$status" -eq 0 ]
	[ "$(tr -d '\n\040-\176\200-\377' <<<"$output" | wc -c)" -eq 0 ]
	[ "$(LC_ALL=C grep -c $'\xc2[\x80-\x9f]' <<<"$output")" -eq 0 ]
	[ "${lines[1]}" = 'dprc.2 \x1b[31mred\x0a \x1b]0;owned\x07' ]
	[ "${lines[2]}" = $'dprc.3 f\xef\xbf\xbdo\xef\xbf\xbd\xef\xbf\xbd -' ]
	[ "${lines[3]}" = 'dprc.4 abcdefghipqrstuv -' ]
	[ "${lines[5]}" = 'dprc.6 \xe2\x80\xaea\xe2\x80\xa9b\xe2\x80\x8b\x5cx20. -' ]
	machine untrusted list --output name,label --noheadings
	[ "${lines[5]}" = 'dprc.6 \xe2\x80\xaea\xe2\x80\xa9b\xe2\x80\x8b\x20.' ]
	machine untrusted list --json
	[[ $output == *'"label": "\u202ea\u2029b\u200b\\x20."'* ]]
}

@test "untrusted text is valid JSON, and says what can be said" {
	machine untrusted list --json
	[ "$status" -eq 0 ]
	[ "$(json '.dprcs[1].label == "\u001b[31mred\n"')" = true ]
	[ "$(json '.dprcs[2].label | explode')" = '[102,65533,111,65533,65533]' ]
	[ "$(json '.dprcs[3].label')" = abcdefghipqrstuv ]
	[ "$(json '.objects[] | select(.name == "dpni.0") | .netdevs')" = '["eth\"\\"]' ]
}

@test "an unknown column, a name that is no name and an abbreviated option are usage errors" {
	for arguments in '--output nonsense' '../../x' 'dprc.02' '--obj'; do
		# shellcheck disable=SC2086 # two words
		machine small list $arguments
		[ "$status" -eq 2 ]
		[ "$output" = "" ]
		[ -n "$stderr" ]
	done
}

@test "objects that are named are rows, with or without --objects, and a DPRC among them" {
	machine small list -n -r -o NAME,CONTAINER dpni.1 dprc.3 eth1
	[ "$status" -eq 0 ]
	[ "$output" = $'dpni.1 dprc.2\ndpni.10 dprc.3\ndprc.3 dprc.1' ]
	machine small list -O -n -r -o NAME dpni.1 dprc.3
	[ "$output" = $'dpio.1\ndpni.1\ndpni.9\ndpni.10' ]
	machine small list --json dpni.1
	[ "$(json '[(.dprcs | length), [.objects[].name]]')" = '[0,["dpni.1"]]' ]
	machine small list -T dpni.1
	[ "$status" -eq 2 ]
}

@test "a DPRC or an object that is not there is exit status 3" {
	machine small list dprc.99
	[ "$status" -eq 3 ]
	machine small list dpni.99
	[ "$status" -eq 3 ]
	machine small list --json dprc.99
	[ "$status" -eq 3 ]
	[ "$(json '[.status, .messages[0].errno]')" = '["not-found","ENOENT"]' ]
}

@test "a tree without a bus is exit status 3" {
	mkdir -p "$BATS_TEST_TMPDIR/sys"
	run --separate-stderr "$fslmc_vfio" --sysroot "$BATS_TEST_TMPDIR" list
	[ "$status" -eq 3 ]
	[[ $stderr == *"no fsl-mc bus: not a DPAA2 machine"* ]]
}

@test "output that cannot be written is a failure" {
	machine_root small
	for what in list 'list --objects' 'list --json' 'list --help'; do
		# shellcheck disable=SC2086 # several words
		run bash -c '"$@" >/dev/full' _ "$fslmc_vfio" --sysroot "$root" $what
		[ "$status" -eq 1 ]
	done
}

@test "a link that leads out of the tree is not followed" {
	machine_root small
	ln -s / "$BATS_TEST_TMPDIR/out"
	cp -a "$root" "$BATS_TEST_TMPDIR/escape"
	rm "$BATS_TEST_TMPDIR/escape/sys/kernel/iommu_groups/2/type"
	ln -s /proc/version "$BATS_TEST_TMPDIR/escape/sys/kernel/iommu_groups/2/type"
	run --separate-stderr "$fslmc_vfio" --sysroot "$BATS_TEST_TMPDIR/escape" show dprc.3 --json
	[ "$status" -eq 0 ]
	[ "$(json '.iommu_group.type')" = null ]
}

# openat2(2) says so of a lookup with ".." while anything is renamed or mounted anywhere.
@test "lookups that are disturbed are made again" {
	command -v strace >/dev/null || { [[ ${CI:-} != true ]] && skip "strace is not installed"; }
	machine small list --objects --json
	local undisturbed=$output
	# LeakSanitizer cannot work where strace does.
	ASAN_OPTIONS=detect_leaks=0 run --separate-stderr strace -o "$BATS_TEST_TMPDIR/calls" -e trace=openat2 -e inject=openat2:error=EAGAIN:when=2+2 \
		"$fslmc_vfio" --sysroot "$root" list --objects --json
	[ "$status" -eq 0 ]
	grep -q 'EAGAIN.*INJECTED' "$BATS_TEST_TMPDIR/calls"
	[ "$output" = "$undisturbed" ]
}

@test "the interface that NXP's kernels give a dpmac is shown" {
	variant '' 'object dprc.1/dpmac.5 driver=fsl_dpaa2_mac' \
		'file sys/devices/platform/soc/80c000000.fsl-mc/dprc.1/dpmac.5/net/mac5/flags 0x1003'
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" list --objects -n -r -o NAME,NETDEVS dprc.1
	[[ $'\n'$output$'\n' == *$'\ndpmac.5 mac5\n'* ]]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" show dprc.1 --json
	[ "$(json '[.netdevs[] | [.name, .object, .is_up]]')" = '[["mac5","dpmac.5",true]]' ]
}

# unscanned: $root has dprc.5, which no driver has scanned, with two objects, one of them a container.
unscanned() {
	variant '' 'object dprc.1/dprc.5 group=5' \
		'mc object {"name": "dprc.5", "mc_container": "dprc.1", "label": "late"}' \
		'mc dprc {"name": "dprc.5", "icid": 5}' \
		'mc object {"name": "dpni.7", "mc_container": "dprc.5"}' \
		'mc object {"name": "dprc.6", "mc_container": "dprc.5"}' \
		'mc dprc {"name": "dprc.6", "icid": 6}' \
		'mc object {"name": "dpbp.6", "mc_container": "dprc.6"}'
}

@test "a container that no driver has scanned is not shown as empty" {
	unscanned
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" list -n -r
	[ "${lines[2]}" = 'dprc.5 dprc.1 - 5 0\x20of\x202' ]
	[ -z "$stderr" ]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" show dprc.5
	[[ $output == *"OBJECTS    0 of 2"* ]]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" list --json
	[ "$(json '.dprcs[] | select(.name == "dprc.5") | [.object_count, .mc_object_count]')" = '[0,2]' ]
	rm "$root/dev/dprc.1"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" list -n -r
	[ "$status" -eq 0 ]
	[ "${lines[2]}" = 'dprc.5 dprc.1 - 5 0\x20of\x20?' ]
	[[ $stderr == *"/dev/dprc.1:"* ]]
}

@test "the rows are the same whatever the columns, in a tree as well, and say where an object is" {
	local columns rows options
	unscanned
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" list --objects -n -r -o NAME,CONTAINER
	[[ $output == *$'\ndpni.7 dprc.5\ndprc.6 dprc.5\ndpbp.6 dprc.6'* ]]
	rows=$(cut -d' ' -f1 <<<"$output" | sort)
	[ "$(wc -l <<<"$rows")" -eq 12 ]
	for columns in NAME NAME,LABEL NAME,ENDPOINT NAME,NETDEVS NAME,LINUX,DRIVER; do
		for options in --objects '--objects --tree'; do
			# shellcheck disable=SC2086
			run --separate-stderr "$fslmc_vfio" --sysroot "$root" list $options -n -r -o "$columns"
			diff <(cut -d' ' -f1 <<<"$output" | sort) - <<<"$rows" || { echo "$options $columns"; return 1; }
		done
	done
	LC_ALL=C run --separate-stderr "$fslmc_vfio" --sysroot "$root" list --objects --tree -n -o NAME
	[[ $output == *$'\n\x60-dprc.5\n  |-dpni.7\n  \x60-dprc.6\n    \x60-dpbp.6' ]]
}

@test "list --type shows the objects of these types, those that only the MC has as well" {
	machine shipped list --objects -n -r -o TYPE,NAME
	local all=$output types
	for types in dpni dpsw,dpmac dprc; do
		machine shipped list --type="$types" -n -r -o TYPE,NAME
		[ "$status" -eq 0 ]
		[ -n "$output" ]
		[ "$output" = "$(grep -E "^(${types//,/|}) " <<<"$all")" ]
	done
	machine small list --type=dpni --json
	[ "$(json '[.objects[].type] | unique | join(" ")')" = dpni ]
	machine small list --type=dpni. dprc.2
	[ "$status" -eq 2 ]
	[[ $stderr == *"'dpni.' is not a type of objects; types look like dpni"* ]]
	machine small list --type=dpni --ports
	[ "$status" -eq 2 ]
}

@test "-o all is all columns, and a column of another table says when that is shown" {
	local what
	for what in '' --objects --ports --pools; do
		# shellcheck disable=SC2086 # none, or one word
		machine small list $what -r -o all
		[ "$status" -eq 0 ]
		# shellcheck disable=SC2046 # words
		[ "${lines[0]}" = "$(echo $(columns_of "${what:---dprcs}"))" ]
	done
	machine small list -r -o DRIVER,ALL
	[[ ${lines[0]} == "DRIVER NAME "* ]]
	machine small list -r -o holder,OBJECT
	[ "${lines[0]}" = "HOLDERS OBJECTS" ]
	machine small list -o NAME,endpoint
	[ "$status" -eq 2 ]
	[ "$stderr" = "fslmc-vfio: no column 'endpoint' in this table; the table with --objects or --type has it" ]
	machine small list -O -o ICID
	[ "$stderr" = "fslmc-vfio: no column 'ICID' in this table; the table without --objects or --type has it" ]
}

@test "a tree is of DPRCs, also with what is in them" {
	local options
	for options in --tree '--tree --objects'; do
		# shellcheck disable=SC2086 # several words
		machine small list $options dpni.1
		[ "$status" -eq 2 ]
		[[ $stderr == *"dpni.1: it is not a DPRC; --tree shows DPRCs, or with --objects what is in them"* ]]
	done
}
