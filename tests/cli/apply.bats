# SPDX-License-Identifier: GPL-2.0-or-later
#
# Which DPRC a definition means, on captured machines: what the MC says counts, and what it does not say is not no.
#
# shellcheck disable=SC2154,SC2016

load ../lib/machine

contents='{"dpbp": 1, "dpio": 3, "dpmcp": 1, "dpni": 1}'
mc_dprc_2='"name": "dprc.2", "mc_container"'

assigned='/^object .*dprc.2/{s/ driver=[^ ]*//;s/$/ driver=vfio-fsl-mc override=vfio-fsl-mc/}'

# The plain machine with a label, edited further.
labelled() { variant "s/$mc_dprc_2/\"label\": \"child\", $mc_dprc_2/;${1:-}" "${@:2}"; }

definition() {
	mkdir -p "$root/etc/fslmc-vfio.d"
	printf '%s\n' "$2" >"$root/etc/fslmc-vfio.d/$1.json"
}
by_label() { definition by-label "{\"format_version\": \"1.0\", \"label\": \"child\", \"contents\": $contents}"; }
by_contents() { definition by-contents "{\"format_version\": \"1.0\", \"contents\": $contents}"; }

apply() { run --separate-stderr "$fslmc_vfio" --sysroot "$root" apply --dry-run -n -r "$@"; }

refused() {
	apply "${@:2}"
	[ "$status" -eq 4 ]
	[ -z "$output" ]
	[[ $stderr == *"$1"* ]] || { echo "$stderr"; return 1; }
}

@test "a definition by label or by contents finds its DPRC" {
	local how
	for how in by_label by_contents; do
		labelled
		"$how"
		apply
		[ "$status" -eq 0 ]
		[[ $output == *vfio-fsl-mc* ]]
		apply --container dprc.2
		[ "$status" -eq 0 ]
		[[ $output == *vfio-fsl-mc* ]]
	done
}

@test "an object that the MC swapped for another is seen, though Linux shows as many as before" {
	labelled '/mc object.*dpni.1/s/dpni/dpseci/'
	by_label
	refused "dprc.2: it does not match the definition 'by-label': 0 dpni instead of 1, 1 dpseci instead of 0"
	labelled '/mc object.*dpni.1/s/dpni/dpseci/'
	by_contents
	apply
	[ "$status" -eq 3 ]
	[[ $stderr == *"no DPRC with exactly these contents"* ]]
}

@test "so it is when the DPRC is with VFIO already" {
	labelled "$assigned"
	by_label
	apply
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	labelled "$assigned;/mc object.*dpni.1/s/dpni/dpseci/"
	by_label
	refused "0 dpni instead of 1, 1 dpseci instead of 0"
	labelled "$assigned;/mc object.*dpni.1/s/dpni.1/dpni.2/"
	by_label
	refused "dprc.2: objects-missing: the MC lists objects that Linux does not have: dpni.2;"
}

@test "with an MC that cannot be asked nothing is known, which is not no" {
	local how
	for how in by_label by_contents; do
		labelled
		echo nonsense >"$root/dev/dprc.1"
		"$how"
		refused "cannot tell"
		refused "dprc.2: cannot tell whether" --container dprc.2
	done
}

@test "a DPRC that the MC left out of an incomplete list may be the one" {
	labelled
	by_label
	sed -i '/^15a1 0001 /d' "$root/dev/dprc.1"
	refused "cannot tell whether it matches dprc.2: no answer from the MC"
	refused "dprc.2: cannot tell whether the definition 'by-label' matches" --container dprc.2
}

@test "objects that the MC did not tell of may be what is defined" {
	labelled
	by_contents
	sed -i '/^15a1 0002 /d' "$root/dev/dprc.1"
	refused "cannot tell whether it matches dprc.2: no answer from the MC"
	refused "dprc.2: cannot tell whether the definition 'by-contents' matches" --container dprc.2
}

@test "a DPRC that the MC has no more is not the one" {
	labelled "/$mc_dprc_2/d"
	by_label
	apply --container dprc.2
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "where there is no way to the MC, what Linux found when it looked has to do" {
	variant '/^mc /d'
	by_contents
	apply
	[ "$status" -eq 0 ]
	[[ $output == *vfio-fsl-mc* ]]
	by_label
	refused "cannot tell whether it matches dprc.2: no answer from the MC"
}

@test "a file that is no definition keeps apply from doing anything, but not from doing what is defined of one DPRC" {
	labelled '' 'object dprc.1/dprc.3 driver=fsl_mc_dprc group=2' 'mc dprc {"name": "dprc.3", "icid": 2}' \
		'mc object {"name": "dprc.3", "mc_container": "dprc.1", "irq_count": 1, "label": "other"}'
	by_label
	definition bad nonsense
	refused "/etc/fslmc-vfio.d/bad.json: line 1, column 2: not JSON: "
	apply --container dprc.2
	[ "$status" -eq 0 ]
	[[ $output == *vfio-fsl-mc* ]]
	[[ $stderr == *"warning: /etc/fslmc-vfio.d/bad.json: line 1, column 2: not JSON: "* ]]
	refused "dprc.3: no valid definition matches; see the invalid files above" --container dprc.3
}

@test "that it is with VFIO already is no answer to what isolates it, nor with strict to what its user could do" {
	local strict
	labelled "$assigned;s/IRQ_CFG_ALLOWED/TOPOLOGY_CHANGES_ALLOWED/"
	by_label
	apply
	[ "$status" -eq 0 ]
	[[ -z $output ]]
	definition by-label "{\"format_version\": \"1.0\", \"label\": \"child\", \"strict\": true, \"contents\": $contents}"
	refused "dprc.2: contents-changeable: "
	for strict in '' --strict; do
		labelled "$assigned" 'object dprc.1/dprc.3 driver=fsl_mc_dprc group=2' 'mc dprc {"name": "dprc.3", "icid": 1}' \
			'mc object {"name": "dprc.3", "mc_container": "dprc.1", "irq_count": 1, "label": "other"}'
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --dry-run $strict dprc.2
		[ "$status" -eq 4 ]
		[[ $stderr == *"dprc.2: icid-shared: "* ]]
		labelled "$assigned"
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" bind --dry-run ${strict:+$strict --lock} dprc.2
		[ "$status" -eq 0 ]
	done
}

@test "the manual's example is taken where there is what it says, and no less" {
	local example types type n lines=()
	example=$(sed -n '/^\.Sh EXAMPLES/,$p' "$tests_dir/../man/fslmc-vfio.d.5" | sed -n '/^{/,/^}/p' | jq -s '.[0]')
	types=$(jq -r '.contents | to_entries[] | "\(.key) \(.value)"' <<<"$example")
	while read -r type n; do
		while ((n--)); do
			lines+=("object dprc.1/dprc.2/$type.$((n + 1)) group=1"
				"mc object {\"name\": \"$type.$((n + 1))\", \"mc_container\": \"dprc.2\"}")
		done
	done <<<"$types"
	variant "/dprc.2\\//d;/mc_container\": \"dprc.2\"/d;s/$mc_dprc_2/\"label\": \"dpdk\", &/" "${lines[@]}"
	# Whose it shall be is a user of another machine.
	definition dpdk "$(jq 'del(.owner)' <<<"$example")"
	apply
	[ "$status" -eq 0 ] || { echo "$stderr"; return 1; }
	definition dpdk "$(jq 'del(.owner) | .contents.dpio -= 1' <<<"$example")"
	refused "8 dpio instead of 7"
}

# An interface of the host, up, carried by the container; and a definition that allows the codes given.
allowing() {
	local net=sys/devices/platform/soc/80c000000.fsl-mc/dprc.1/dprc.2/dpni.1/net/eth1
	labelled 's/dpni.1 group/dpni.1 driver=fsl_dpaa2_eth group/' "file $net/ifindex 4" "file $net/flags 0x1003"
	definition by-label "{\"format_version\": \"1.0\", \"label\": \"child\", \"contents\": $contents$1}"
}

@test "what yields to --force can be allowed in a definition, by its code" {
	allowing ''
	refused "dprc.2: netdev-in-use: "
	allowing ', "allow": ["outside-consumer"]'
	refused "dprc.2: netdev-in-use: "
	allowing ', "allow": ["outside-consumer", "netdev-in-use"]'
	apply
	[ "$status" -eq 0 ]
	[[ $output == *vfio-fsl-mc* ]]
}

@test "what does not yield to --force cannot be allowed, nor what is no code" {
	local allow
	for allow in '["group-shared"]' '["netdev-in-use", "no-such-code"]' '["unplugged"]' '[3]' '"netdev-in-use"' '[""]'; do
		allowing ", \"allow\": $allow"
		refused "'allow' "
	done
}

@test "the manual's example with a layout is valid, and says what is missing" {
	sed -n '/^\.Sh EXAMPLES/,$p' "$tests_dir/../man/fslmc-vfio.d.5" | sed -n '/^{/,/^}/p' | jq -s '.[1]' >"$BATS_TEST_TMPDIR/example"
	"$tests_dir/validate-json" --definition "$BATS_TEST_TMPDIR/example"
	variant
	definition fast "$(jq 'del(.owner)' "$BATS_TEST_TMPDIR/example")"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" status
	[ "$status" -eq 9 ]
	[[ $output == *"fast: missing: there is no DPRC with the label 'fast'"* ]]
}

@test "a layout that is no layout is refused, with what is wrong in it" {
	local layout wrong
	while IFS='|' read -r layout wrong; do
		variant
		definition it '{"format_version": "1.1", "label": "fast", "profile": "dpdk", "layout": '"$layout}"
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" apply --dry-run
		[ "$status" -eq 4 ]
		[[ $stderr == *"$wrong"* ]] || { echo "$layout: $stderr"; return 1; }
	done <<-'LIST'
		[]|'layout' is not an object
		{"port": ["dpmac.3"]}|'port' is not known
		{"ports": "dpmac.3"}|'ports' is not a list
		{"ports": [3]}|'ports' has something else than a text in it
		{"ports": ["dpni.3"]}|'ports' takes dpmac.N, kernel or none, not 'dpni.3'
		{"ports": ["dpmac.3,queues=99"]}|queues= takes a number from 1 to 32
		{"ports": ["dpmac.3,mac=01:00:00:00:00:01"]}|mac= takes the MAC address of one station
		{"crypto": 0}|'crypto' takes a number from 1 to 1024
		{"add": {"dpni": 1}}|'add' takes dpio, dpbp
		{"options": ["ALLOC"]}|is not an option of a DPRC
		{}, "contents": {"dpni": 1}|'layout' and 'contents' exclude each other
	LIST
}

# layout MEMBERS: a definition whose container is to be made.
layout() { definition fast "{\"format_version\": \"1.1\", \"label\": \"fast\", \"profile\": \"dpdk\", $1}"; }

@test "what its options keep from being assigned is not created" {
	root=$BATS_TEST_TMPDIR/root
	"$tests_dir/make-root" "$tests_dir/machines/shipped.manifest" "$root"
	layout '"strict": true, "layout": {}'
	refused "fast: contents-changeable: its user can change its contents or connections"
	layout '"strict": true, "lock": true, "layout": {}'
	apply
	[ "$status" -eq 0 ]
	layout '"strict": true, "lock": true, "layout": {"options": ["ALLOC_ALLOWED", "TOPOLOGY_CHANGES_ALLOWED"]}'
	refused "fast: contents-changeable: "
	layout '"layout": {"options": ["ALLOC_ALLOWED", "AIOP"]}'
	refused "fast: aiop-container: belongs to the AIOP core"
}

@test "whether its container is there must be known before it is created, also at boot" {
	labelled
	sed -i '/^15a1 0001 /d' "$root/dev/dprc.1"
	layout '"layout": {}'
	refused "cannot tell whether"
	refused "cannot tell whether the definition 'fast' matches" --container=dprc.1
}
