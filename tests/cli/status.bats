#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Whether a captured machine is as its definitions say, and in what it is not.
#
# shellcheck disable=SC2154,SC2016

load ../lib/machine

contents='{"dpbp": 1, "dpio": 3, "dpmcp": 1, "dpni": 1}'
mc_dprc_2='"name": "dprc.2", "mc_container"'
bound='/^object .*dprc.2/{s/ driver=[^ ]*//;s/$/ driver=vfio-fsl-mc override=vfio-fsl-mc/}'

# machine_of SED [LINE...]: the plain machine with a label, dprc.2 with VFIO, edited further, and a definition of it.
machine_of() {
	variant "s/$mc_dprc_2/\"label\": \"child\", $mc_dprc_2/;$bound;${1:-}" "${@:2}"
	define child "{\"format_version\": \"1.0\", \"label\": \"child\", \"contents\": $contents}"
}

define() {
	mkdir -p "$root/etc/fslmc-vfio.d"
	printf '%s\n' "$2" >"$root/etc/fslmc-vfio.d/$1.json"
}

status_of() {
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" status --json "$@"
	valid_json <<<"$output"
}

# differs KIND TEXT [NAME...]: that is the first difference, and 9 the exit status.
differs() {
	status_of "${@:3}"
	[ "$status" -eq 9 ] || { echo "$status: $output $stderr"; return 1; }
	[ "$(json .status)" = differs ]
	[ "$(json '.states[0].state, .drifts[0].kind' | uniq)" = "$1" ] || { echo "$output"; return 1; }
	[[ $(json '.drifts[0] | .difference + "; " + .remedy') == *"$2"* ]] || { echo "$output"; return 1; }
}

@test "the directory of definitions may be an absolute link, and so may /etc" {
	machine_of
	mkdir "$root/data"
	mv "$root/etc/fslmc-vfio.d" "$root/data/definitions"
	ln -s /data/definitions "$root/etc/fslmc-vfio.d"
	status_of child
	[ "$(json '.states[0].definition, .status')" = $'child\ndone' ] || { echo "$output"; return 1; }
	mv "$root/etc" "$root/data/etc"
	ln -s /data/etc "$root/etc"
	status_of
	[ "$(json '.states[0].definition, .status')" = $'child\ndone' ] || { echo "$output"; return 1; }
}

@test "what is as defined is so, and without definitions nothing differs" {
	machine_of
	status_of
	[ "$status" -eq 0 ]
	[ "$(json -c '.states[] | [.definition, .state, .name, .label, .driver]') $(json -c .drifts)" = \
		'["child","as-defined","dprc.2","child","vfio-fsl-mc"] []' ]
	# By the name of its file as well.
	status_of child.json child
	[ "$(json -c '[.states[].definition]')" = '["child"]' ]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" apply --dry-run child.json
	[ "$status" -eq 0 ]
	rm "$root/etc/fslmc-vfio.d/child.json"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" status
	[ "$status" -eq 0 ]
	[ "$output" = "no definitions in /etc/fslmc-vfio.d" ]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" status -n
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
}

@test "a link is no definition, and keeps nobody from seeing the others" {
	machine_of
	ln -s /etc/passwd "$root/etc/fslmc-vfio.d/first.json"
	ln -s child.json "$root/etc/fslmc-vfio.d/second.json"
	status_of
	[ "$status" -eq 9 ]
	[[ $(json '.drifts[0].difference') == *"first.json: it is a symbolic link" ]]
	[ "$(json -c '[.states[] | [.definition, .state]]')" = '[["child","as-defined"],["first","invalid"],["second","invalid"]]' ]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" apply --dry-run
	[ "$status" -eq 4 ]
}

@test "each kind of drift is named, with what mends it" {
	machine_of '/^object .*dprc.2/s/ driver=.*/ driver=fsl_mc_dprc/'
	differs not-bound "it is bound to fsl_mc_dprc, not to vfio-fsl-mc; 'fslmc-vfio apply child'"
	machine_of 's/ override=vfio-fsl-mc//'
	differs override "it has no driver_override; 'fslmc-vfio apply child'"
	machine_of '/mc object.*dpni.1/s/dpni/dpseci/'
	differs contents "0 dpni instead of 1, 1 dpseci instead of 0; if that is wanted, 'fslmc-vfio define dprc.2 --replace --as=child'"
	machine_of 's/"child"/"other"/'
	differs missing "there is no DPRC with the label 'child'; make it, or 'fslmc-vfio undefine child'; labels there are: 'other' (dprc.2)"
	machine_of '/dev.dprc.1/d;/^mc /d'
	differs unknown "cannot tell whether it is dprc.2: no answer from the MC"
	machine_of '/dprc.2.dpio.3/d'
	differs refused "objects-missing: "
	machine_of '' 'mc dprc {"name": "dprc.3", "icid": 3}' 'mc object {"name": "dprc.3", "mc_container": "dprc.1", "label": "child"}' \
		'object dprc.1/dprc.3 driver=fsl_mc_dprc group=3' 'group 3 type=DMA'
	differs ambiguous "it may be dprc.2, dprc.3; give each a label of its own"
	machine_of 's/"child"/"x"/' 'mc object {"name": "dprc.3", "mc_container": "dprc.1", "label": "child"}'
	differs not-scanned "the MC has dprc.3, but Linux was not told; echo 1 > /sys/bus/fsl-mc/rescan"
	machine_of
	define child '{"format_version": "1.0", "label": "child", "contents": '"$contents"', "profile": "dpdk", "lcores": 16}'
	differs needs "dpio"
	define child '{"format_version": "1.0", "label": "child", "contents": '"$contents"', "owner": "nobody-of-that-name"}'
	differs owner "there is no user or group 'nobody-of-that-name'"
	define child '{'
	differs invalid "child.json: line 2, column 1: not JSON"
}

@test "two definitions of one DPRC are named, and one that was asked for alone is not" {
	machine_of
	define again "{\"format_version\": \"1.0\", \"contents\": $contents}"
	differs ambiguous "the definition 'child' is about dprc.2, too"
	status_of child
	[ "$status" -eq 0 ]
	status_of none
	[ "$status" -eq 3 ]
	[[ $stderr == *none* ]]
}

@test "people read a table and what is different below it; scripts the table" {
	machine_of 's/ override=vfio-fsl-mc//'
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" status
	[ "$status" -eq 9 ]
	[[ ${lines[0]} == DEFINITION*STATE*DPRC* ]]
	[[ ${lines[2]} == "child: override: it has no driver_override" ]]
	[[ ${lines[3]} == "  remedy: 'fslmc-vfio apply child'" ]]
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" status -n -r -o DEFINITION,STATE
	[ "$output" = "child override" ] || { echo "[$output]"; return 1; }
}
