#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# As an argument of a verb, LABEL=label names the one that has it.
#
# shellcheck disable=SC2154

load ../lib/machine

@test "a verb says of a label what it says of the name" {
	local verb by_name
	for verb in 'list -O' show check 'export --for=qemu' 'bind --dry-run --force' 'unbind --dry-run' 'destroy --dry-run --foreign'; do
		# shellcheck disable=SC2086
		machine small $verb dprc.2
		by_name="$status $output $stderr"
		# shellcheck disable=SC2086
		machine small $verb 'LABEL=to VFIO'
		[ "$status $output $stderr" = "$by_name" ] || { echo "$verb: $output $stderr"; return 1; }
	done
}

@test "a DPRC that is named twice is meant once" {
	machine small list -n -r -o NAME dprc.2 'LABEL=to VFIO' dprc.3
	[ "$output" = $'dprc.2\ndprc.3' ]
	machine small check -n -r -o NAME 'LABEL=to VFIO' dprc.2
	[ "$(sort -u <<<"$output")" = dprc.2 ]
}

@test "of two DPRCs, one in the other, only the outer one is to be named, whatever is to be done" {
	local verb
	variant '/^object .*dprc.2/{s/ driver=[^ ]*//;s/$/ driver=vfio-fsl-mc override=vfio-fsl-mc/}' \
		'object dprc.1/dprc.2/dprc.3 driver=vfio-fsl-mc override=vfio-fsl-mc group=2' 'group 2 type=DMA' \
		'mc dprc {"name": "dprc.3", "icid": 3}' 'mc object {"name": "dprc.3", "mc_container": "dprc.2"}'
	for verb in bind unbind rebind; do
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" "$verb" --dry-run dprc.2 dprc.3
		[ "$status" -eq 4 ]
		[[ $stderr == *"dprc.3: it is in dprc.2 and goes with it; name only that one"* ]] || { echo "$verb: $stderr"; return 1; }
	done
}

@test "a label that no DPRC has, none, and one where the MC does not tell" {
	local verb
	for verb in list check show 'bind --dry-run' 'destroy --dry-run'; do
		# shellcheck disable=SC2086
		{
			machine small $verb LABEL=none
			[ "$status" -eq 3 ]
			[[ $stderr == *"no DPRC has the label 'none'"* ]]
			machine small $verb LABEL=
			[ "$status" -eq 2 ]
			[[ $stderr == *"LABEL=: no label given"* ]]
		}
	done
	for verb in list show check 'bind --dry-run'; do
		# shellcheck disable=SC2086
		machine old $verb LABEL=none
		[ "$status" -eq 1 ]
		[[ $stderr == *"cannot tell which DPRC has the label 'none'"* ]] || { echo "$verb: $stderr"; return 1; }
	done
}

@test "a label that two DPRCs have, of one of which Linux was not told" {
	local verb label='s/"name": "dprc.2", "mc_container"/"label": "child", &/'
	for verb in show check 'bind --dry-run' 'destroy --dry-run --foreign'; do
		variant "$label" 'mc dprc {"name": "dprc.5", "icid": 5}' 'mc object {"name": "dprc.5", "mc_container": "dprc.1", "label": "child"}'
		# shellcheck disable=SC2086 # a verb and its options
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" $verb LABEL=child
		[ "$status" -eq 4 ]
		[[ $stderr == *"dprc.2 and dprc.5 have the label 'child'; name one"* ]] || { echo "$verb: $stderr"; return 1; }
		# Only the other one.
		variant '' 'mc dprc {"name": "dprc.5", "icid": 5}' 'mc object {"name": "dprc.5", "mc_container": "dprc.1", "label": "child"}'
		# shellcheck disable=SC2086
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" $verb LABEL=child
		[ "$status" -eq 3 ]
		[[ $stderr == *"dprc.5: the MC has it, but Linux was not told"* ]] || { echo "$verb: $stderr"; return 1; }
		# One of those of which the MC does not tell may have it, too.
		variant "$label" 'mc dprc {"name": "dprc.5", "icid": 5}' 'mc object {"name": "dprc.5", "mc_container": "dprc.1"}'
		mc_busy '15a1 0001 01'
		# shellcheck disable=SC2086
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" $verb LABEL=child
		[ "$status" -eq 1 ]
		[[ $stderr == *"cannot tell which DPRC has the label 'child'"* ]] || { echo "$verb: $stderr"; return 1; }
	done
}
