# SPDX-License-Identifier: GPL-2.0-or-later
#
# define, undefine and apply: what a user wants of a DPRC for good.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start small; }
teardown_file() { board_stop; }
teardown() {
	[[ -n ${BOARD_MISSING:-} ]] || board_exec sh -c 'fslmc-vfio unbind -n dprc.2 dprc.3; rm -rf /etc/fslmc-vfio.d' >/dev/null
}

# definition NAME JSON
definition() { board_exec sh -c 'mkdir -p /etc/fslmc-vfio.d && cat >"/etc/fslmc-vfio.d/$1.json"' sh "$1" <<<"$2"; }

contents_of_dprc_2='{"dpni": 2, "dpio": 2, "dpmcp": 2, "dpbp": 1, "dpcon": 1, "dpseci": 1}'

# What apply is asked leaves everything as it was.
refused() {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio apply
	[ "$status" -eq "$1" ]
	[[ $stderr == *"$2"* ]]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "define writes what the DPRC is, and saying it again changes nothing" {
	board fslmc-vfio define -n -r -o DEFINITION,CHANGED dprc.2 --owner operator
	[ "$status" -eq 0 ]
	[ "$output" = "child yes" ]
	board_exec cat /etc/fslmc-vfio.d/child.json | jq -e --argjson contents "$contents_of_dprc_2" \
		'. == {format_version: "1.0", label: "child", owner: "operator", $contents}'
	board fslmc-vfio define -n -r -o DEFINITION,CHANGED dprc.2 --owner operator
	[ "$output" = "child no" ]
}

@test "status tells whether all is as defined, and apply makes it so" {
	board_exec fslmc-vfio define dprc.2 --owner operator >/dev/null
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio status -n -r -o DEFINITION,STATE,DPRC
	[ "$status" -eq 9 ]
	[ "$output" = "child not-bound dprc.2" ]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
	board_exec fslmc-vfio apply >/dev/null
	board fslmc-vfio status -n -r -o DEFINITION,STATE,DPRC,OWNER
	[ "$status" -eq 0 ]
	[ "$output" = "child as-defined dprc.2 operator:root" ] || { echo "$output"; return 1; }
	board_exec sh -c 'chown root:root /dev/vfio/[0-9]*'
	board fslmc-vfio status --json
	[ "$status" -eq 9 ]
	[ "$(jq -r '.drifts[] | .kind + " " + .difference' <<<"$output")" = \
		"owner its device nodes belong to root:root, not to operator" ] || { echo "$output"; return 1; }
	board_exec fslmc-vfio apply >/dev/null
	board fslmc-vfio status
	[ "$status" -eq 0 ]
}

@test "define does not overwrite what says something else, unless told to" {
	board_exec fslmc-vfio define dprc.2 --owner operator >/dev/null
	board fslmc-vfio define dprc.2
	[ "$status" -eq 4 ]
	board_exec cat /etc/fslmc-vfio.d/child.json | jq -e '.strict == null'
}

@test "define --replace keeps what is not given again, and shows what becomes different; --dry-run writes nothing" {
	board_exec fslmc-vfio define dprc.2 --owner operator --strict >/dev/null
	board_exec sha256sum /etc/fslmc-vfio.d/child.json >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio define dprc.2 --replace --owner root --dry-run --json
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.dry_run, .changed, .settings]' <<<"$output")" = '[true,true,[{"setting":"owner","before":"operator","after":"root"}]]' ]
	board_exec sh -c 'sha256sum /etc/fslmc-vfio.d/child.json; ls -A /etc/fslmc-vfio.d' |
		diff <(cat "$BATS_TEST_TMPDIR/before"; echo child.json) -
	board fslmc-vfio define dprc.2 --replace --owner root
	[ "$status" -eq 0 ]
	[[ $output == *SETTING*BEFORE*AFTER*owner*operator*root* ]]
	board_exec cat /etc/fslmc-vfio.d/child.json | jq -e '.owner == "root" and .strict'
	board fslmc-vfio define dprc.2 --replace --json
	[ "$(jq -c '[.changed, .settings]' <<<"$output")" = '[false,[]]' ]
}

@test "define --allow writes codes that only warn, and --replace keeps them" {
	board fslmc-vfio define dprc.2 --allow=netdev-in-use,host-crypto --allow=netdev-in-use
	[ "$status" -eq 0 ]
	board fslmc-vfio define dprc.2 --replace --strict
	[ "$status" -eq 0 ]
	board_exec cat /etc/fslmc-vfio.d/child.json | jq -e '.strict and .allow == ["netdev-in-use", "host-crypto"]'
	board fslmc-vfio define dprc.2 --replace --allow=host-crypto,group-shared
	[ "$status" -eq 2 ]
	[[ $stderr == *"--allow takes "*"host-crypto"*", not 'group-shared'"* ]]
}

@test "apply says of a container that is bound in part what check and bind say" {
	local verb
	board_exec sh -c 'fslmc-vfio define dprc.2; fslmc-vfio apply; echo dpbp.10 >/sys/bus/fsl-mc/drivers/vfio-fsl-mc/unbind' >/dev/null
	for verb in apply 'apply --dry-run' 'bind dprc.2'; do
		# shellcheck disable=SC2086 # several words
		board fslmc-vfio $verb
		[ "$status" -eq 4 ]
		[[ $stderr == *"dprc.2: objects-unbound: bound to vfio-fsl-mc, but objects in it are not: dpbp.10 (no driver); 'fslmc-vfio rebind'" ]]
	done
	board fslmc-vfio check --json dprc.2
	[ "$(jq -c '[.findings[] | select(.severity == "refuse").code]' <<<"$output")" = '["objects-unbound"]' ]
	board_exec fslmc-vfio rebind dprc.2 >/dev/null
	board fslmc-vfio apply -n -r -o NAME,CHANGED
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 no" ]
}

@test "many defines at once all end well, and leave nothing behind" {
	board sh -c 'for i in 1 2 3 4 5 6; do fslmc-vfio define dprc.2 >/dev/null & all="$all $!"; done
		for one in $all; do wait "$one" || exit; done; ls -A /etc/fslmc-vfio.d'
	[ "$status" -eq 0 ]
	[ "$output" = child.json ]
}

@test "what define writes is valid by the schema of definitions" {
	needs_virtual_board
	local name type workload=(--for dpdk '--lcores=2,2')
	# DPDK uses the nodes of groups.
	has_vfio_groups || workload=()
	for type in dpmcp dpmcp dpbp dpio dpio dpio dpio dpio dpio; do
		firmware "{\"do\": \"add\", \"container\": 3, \"type\": \"$type\"}"
	done
	board_exec fslmc-vfio define dprc.3 --owner operator:operator "${workload[@]}" --strict --allow=host-crypto,outside-netdev >/dev/null
	board_exec fslmc-vfio define dprc.2 --as number --unsafe-by-name >/dev/null
	for name in other number; do
		board_exec cat "/etc/fslmc-vfio.d/$name.json" >"$BATS_TEST_TMPDIR/$name"
		"$tests_dir/validate-json" --definition "$BATS_TEST_TMPDIR/$name"
	done
}

@test "a label that is no file name gives the definition a name made from it, and --as takes the name of the file" {
	needs_virtual_board
	firmware '{"do": "label", "object": "dprc.2", "label": "DPDK Container"}'
	board fslmc-vfio define -n -r -o DEFINITION dprc.2
	firmware '{"do": "label", "object": "dprc.2", "label": "child"}'
	[ "$output" = dpdk-container ]
	board_exec cat /etc/fslmc-vfio.d/dpdk-container.json | jq -e '.label == "DPDK Container"'
	board fslmc-vfio define -n -r -o DEFINITION dprc.2 --as=vpp.json
	[ "$output" = vpp ]
	board_exec test -e /etc/fslmc-vfio.d/vpp.json
}

@test "define refuses what apply would refuse: needs that are not met, a second definition of a DPRC" {
	board fslmc-vfio define dprc.2 --for dpdk --lcores 8
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.2: dpio-too-few: "* ]]
	board_exec test ! -e /etc/fslmc-vfio.d/child.json
	board_exec fslmc-vfio define dprc.2 >/dev/null
	board fslmc-vfio define dprc.2 --as second --unsafe-by-name
	[ "$status" -eq 4 ]
	[[ $stderr == "fslmc-vfio: dprc.2: the definition 'child' is about it already; "* ]]
	board_exec test ! -e /etc/fslmc-vfio.d/second.json
}

@test "define refuses the root DPRC" {
	board fslmc-vfio define dprc.1
	[ "$status" -eq 4 ]
}

@test "undefine removes it and leaves the DPRC alone; what is not there is not found, and then nothing is removed" {
	board_exec fslmc-vfio define dprc.2 >/dev/null
	board_exec fslmc-vfio apply >/dev/null
	board fslmc-vfio undefine -n -r -o DEFINITION,CHANGED child
	[ "$output" = "child yes" ]
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	board_exec fslmc-vfio define dprc.3 >/dev/null
	board fslmc-vfio undefine other child.json
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	[ "$stderr" = "fslmc-vfio: child: no such definition; 'fslmc-vfio status' lists all" ]
	[ "$(board_exec ls -A /etc/fslmc-vfio.d)" = other.json ]
}

@test "define and undefine look at names and columns before they touch a file" {
	board_exec fslmc-vfio define dprc.2 >/dev/null
	board_exec sha256sum /etc/fslmc-vfio.d/child.json >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio undefine child ../x
	[ "$status" -eq 2 ]
	board fslmc-vfio undefine -o NONE child
	[ "$status" -eq 2 ]
	board fslmc-vfio define dprc.2 --replace --strict -o NONE
	[ "$status" -eq 2 ]
	board_exec sha256sum /etc/fslmc-vfio.d/child.json | diff "$BATS_TEST_TMPDIR/before" -
	board fslmc-vfio define dprc.3 -o NONE
	[ "$status" -eq 2 ]
	[ "$(board_exec ls -A /etc/fslmc-vfio.d)" = child.json ]
}

@test "define and undefine change no file when they cannot say what they do, or fail" {
	board_exec fslmc-vfio define dprc.2 >/dev/null
	board_exec fslmc-vfio define dprc.3 >/dev/null
	board_exec sh -c 'sha256sum /etc/fslmc-vfio.d/*' >"$BATS_TEST_TMPDIR/before"
	local command
	for command in 'undefine child other' 'define dprc.2 --replace --strict' 'undefine child other --json'; do
		board sh -c "fslmc-vfio $command >/dev/full"
		[ "$status" -eq 1 ]
	done
	board strace -f -o /dev/null -e inject=unlinkat:error=EIO:when=1 fslmc-vfio undefine child other
	[ "$status" -eq 1 ]
	board strace -f -o /dev/null -e inject=linkat,renameat,renameat2:error=EIO fslmc-vfio define dprc.2 --replace --strict
	[ "$status" -eq 1 ]
	board_exec sh -c 'sha256sum /etc/fslmc-vfio.d/*' | diff "$BATS_TEST_TMPDIR/before" -
	board_exec fslmc-vfio undefine other >/dev/null
	board sh -c 'fslmc-vfio define dprc.3 >/dev/full'
	[ "$status" -eq 1 ]
	[ "$(board_exec ls -A /etc/fslmc-vfio.d)" = child.json ]
}

@test "what was removed before one that cannot be is a residue" {
	board_exec fslmc-vfio define dprc.2 >/dev/null
	board_exec fslmc-vfio define dprc.3 >/dev/null
	board sh -c 'strace -f -o /dev/null -e inject=unlinkat:error=EIO:when=2 fslmc-vfio undefine child other'
	[ "$status" -eq 8 ]
	[[ $stderr == *"/etc/fslmc-vfio.d/other.json: cannot remove it"*"those before it were removed"* ]]
}

@test "apply assigns every DPRC that is defined, to its owner; a second apply changes nothing and says so" {
	board_exec fslmc-vfio define dprc.2 --owner operator:operator >/dev/null
	board_exec fslmc-vfio define dprc.3 >/dev/null
	board fslmc-vfio apply -n -r -o DEFINITION,NAME,CHANGED,OWNER
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "child dprc.2 yes operator:operator" ]
	[ "${lines[1]}" = "other dprc.3 yes root:root" ]
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	[ "$(driver_of dprc.3)" = vfio-fsl-mc ]
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio apply --json
	[ "$status" -eq 0 ]
	jq -e '.changed == false and .status == "done" and [.dprcs[].changed] == [false, false]' <<<"$output"
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "apply --dry-run shows the writes and the owner, and makes none" {
	board_exec fslmc-vfio define dprc.2 --owner operator >/dev/null
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio apply --dry-run
	[ "$status" -eq 0 ]
	[[ $output == "dprc.2: bind to vfio-fsl-mc"*"echo vfio-fsl-mc > /sys/bus/fsl-mc/devices/dprc.2/driver_override"* ]]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "apply without definitions has nothing to do" {
	board fslmc-vfio apply --json
	[ "$status" -eq 0 ]
	jq -e '.changed == false and .dprcs == []' <<<"$output"
}

@test "apply finds the DPRC by what it contains when there is no label" {
	definition nic "{\"format_version\": \"1.0\", \"contents\": $contents_of_dprc_2}"
	board fslmc-vfio apply -n -r -o NAME,CHANGED
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 yes" ]
}

@test "apply refuses a DPRC whose contents are not those defined, and says the difference" {
	definition nic '{"format_version": "1.0", "label": "child", "contents": {"dpni": 3, "dpio": 2, "dpmcp": 2, "dpbp": 1, "dpcon": 1}}'
	refused 4 "2 dpni instead of 3, 1 dpseci instead of 0"
}

@test "apply refuses when no DPRC is what a definition says, and then leaves the others alone" {
	board_exec fslmc-vfio define dprc.3 >/dev/null
	definition absent '{"format_version": "1.0", "label": "absent", "contents": {"dpni": 1}}'
	refused 3 "no DPRC with the label 'absent'"
	board fslmc-vfio apply other
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.3)" = vfio-fsl-mc ]
}

@test "apply refuses when two DPRCs have the label" {
	needs_virtual_board
	board_exec fslmc-vfio define dprc.2 >/dev/null
	firmware '{"do": "label", "object": "dprc.3", "label": "child"}'
	refused 4 "more than one DPRC with the label 'child': dprc.2, dprc.3"
	firmware '{"do": "label", "object": "dprc.3", "label": "other"}'
}

@test "apply takes a bare number only from a definition that says it is unsafe" {
	definition number "{\"format_version\": \"1.0\", \"name\": \"dprc.2\", \"contents\": $contents_of_dprc_2}"
	refused 4 "unsafe_by_name"
	definition number "{\"format_version\": \"1.0\", \"name\": \"dprc.2\", \"unsafe_by_name\": true, \"contents\": $contents_of_dprc_2}"
	board fslmc-vfio apply
	[ "$status" -eq 0 ]
}

@test "apply refuses definitions that are damaged, unknown, or not root's alone" {
	local text
	state_dump >"$BATS_TEST_TMPDIR/before"
	for text in '' '[]' '{}' 'nonsense' '{"format_version": "1.0"}' '{"format_version": "2.0", "contents": {"dpni": 1}}' \
		'{"format_version": "1.0", "contents": {"dpni": -1}}' '{"format_version": "1.0", "contents": {"../x": 1}}' \
		'{"format_version": "1.0", "label": "child", "contents": {"dpni": 1}, "ownr": "root"}' \
		'{"format_version": "1.0", "contents": {"dpni": 1}} trailing' \
		'{"format_version": "1.0", "contents": {"dpni": 1}, "owner": "root", "owner": "operator"}' \
		'{"format_version": "1.0", "contents": {"dpni": 1, "dpni": 2}}' \
		'{"format_version": "1.0", "label": "child", "contents": {"dpni": 1}, "owner\u0000x": "root"}'; do
		definition bad "$text"
		board fslmc-vfio apply
		[ "$status" -eq 4 ]
		[[ $stderr == *"/etc/fslmc-vfio.d/bad.json"* ]]
	done
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
	definition bad "{\"format_version\": \"1.0\", \"label\": \"child\", \"contents\": $contents_of_dprc_2}"
	board_exec chmod 666 /etc/fslmc-vfio.d/bad.json
	refused 4 "others than root can write it"
	board_exec chown operator /etc/fslmc-vfio.d/bad.json
	refused 4 "not owned by root, ignored"
	board_exec sh -c 'cd /etc/fslmc-vfio.d && mv bad.json /root/bad.json && ln -s /root/bad.json bad.json'
	refused 4 "it is a symbolic link"
}

@test "apply refuses a DPRC that lacks what its profile needs, and an owner there is not" {
	definition child "{\"format_version\": \"1.0\", \"label\": \"child\", \"profile\": \"dpdk\", \"lcores\": 8, \"contents\": $contents_of_dprc_2}"
	refused 4 "dpio-too-few"
	definition child "{\"format_version\": \"1.0\", \"label\": \"child\", \"owner\": \"nobody-there\", \"contents\": $contents_of_dprc_2}"
	refused 4 "no such user"
}

@test "apply undoes the bind of a DPRC that got more than its definition says just before" {
	needs_virtual_board
	board_exec fslmc-vfio define dprc.2 >/dev/null
	state_dump >"$BATS_TEST_TMPDIR/before"
	meanwhile get_attributes dprc.2 '{"do":"add","container":2,"type":"dpbp","id":91}' -- fslmc-vfio apply
	[ "$status" -eq 1 ]
	[[ $stderr == *"dprc.2: "*"2 dpbp instead of 1"* ]]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	has_no_journal
	refused 4 "2 dpbp instead of 1"
	firmware '{"do":"destroy","object":"dpbp.91"}'
}

@test "apply --container does only what is defined of that DPRC" {
	board_exec fslmc-vfio define dprc.2 >/dev/null
	definition absent '{"format_version": "1.0", "label": "absent", "contents": {"dpni": 1}}'
	board fslmc-vfio apply -n -r -o NAME,CHANGED --container dprc.3
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	board fslmc-vfio apply -n -r -o NAME,CHANGED --container dprc.2
	[ "$output" = "dprc.2 yes" ]
}

@test "apply refuses two definitions of one DPRC" {
	board_exec fslmc-vfio define dprc.2 >/dev/null
	board_exec cp /etc/fslmc-vfio.d/child.json /etc/fslmc-vfio.d/second.json
	refused 4 "two definitions are about it: 'child', 'second'"
}

@test "apply --each: a definition that cannot be applied keeps no other from it, and all are told of" {
	board_exec fslmc-vfio define dprc.3 >/dev/null
	board_exec fslmc-vfio define dprc.2 --owner operator >/dev/null
	definition another "{\"format_version\": \"1.0\", \"label\": \"nobody\", \"contents\": $contents_of_dprc_2}"
	definition damaged '{"format_version": '
	board fslmc-vfio apply
	[ "$status" -ne 0 ]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	board fslmc-vfio apply --each -n -r -o DEFINITION,STATE
	[ "$status" -eq 9 ]
	[ "$(sort <<<"$output" | tr '\n' ' ')" = "another missing child as-defined damaged invalid other as-defined " ] || { echo "$output"; return 1; }
	[[ $stderr == *"definition 'another': no DPRC with the label 'nobody'"* ]]
	[ "$(driver_of dprc.2) $(driver_of dprc.3)" = "vfio-fsl-mc vfio-fsl-mc" ]
	board_exec sh -c 'rm /etc/fslmc-vfio.d/another.json /etc/fslmc-vfio.d/damaged.json'
	board fslmc-vfio apply --each --json
	[ "$status" -eq 0 ]
	[ "$(jq -r '.states | map(.state) | unique[]' <<<"$output")" = as-defined ]
	board fslmc-vfio apply --each --container dprc.3 -n -r -o DEFINITION
	[ "$output" = other ]
	board fslmc-vfio apply --each --dry-run
	[ "$status" -eq 2 ]
	board fslmc-vfio apply --each -o CHANGED
	[ "$status" -eq 2 ]
}

@test "a signal between two that undefine removes leaves neither" {
	board_exec sh -c 'fslmc-vfio define dprc.2 && fslmc-vfio define dprc.3' >/dev/null
	board strace -o /dev/null -P etc/fslmc-vfio.d/child.json -e trace=unlinkat -e inject=unlinkat:signal=TERM \
		fslmc-vfio undefine child other
	[ "$status" -eq 0 ]
	[ -z "$(board_exec ls /etc/fslmc-vfio.d)" ]
}
