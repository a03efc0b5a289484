# SPDX-License-Identifier: GPL-2.0-or-later
#
# export: what the next program is told, in that program's own format, of a DPRC that is ready.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board

setup_file() { board_start small; }
teardown_file() { board_stop; }
teardown() { [[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio unbind -n dprc.2 >/dev/null; }

bound() { board_exec fslmc-vfio bind dprc.2 >/dev/null; }

@test "export refuses a DPRC that is not bound, for every consumer, and prints nothing" {
	local consumer
	for consumer in dpdk vpp qemu docker podman-cdi udev env; do
		board fslmc-vfio export dprc.2 --for "$consumer"
		[ "$status" -eq 4 ]
		[ -z "$output" ]
		[ "$stderr" = "fslmc-vfio: dprc.2: it is not bound to VFIO; 'fslmc-vfio bind dprc.2' does that" ]
	done
}

@test "export refuses a DPRC that is half bound and names the object" {
	bound
	board_exec sh -c 'echo dpni.1 >/sys/bus/fsl-mc/drivers/vfio-fsl-mc/unbind'
	board fslmc-vfio export dprc.2 --for dpdk
	[ "$status" -eq 4 ]
	[ -z "$output" ]
	[[ $stderr == *"dpni.1 (no driver)"* ]]
}

@test "export refuses when the group's node is another device" {
	bound
	local node
	node=/dev/vfio/$(group_of dprc.2)
	board_exec sh -c 'mv "$1" /dev/vfio/kept && mknod "$1" c 1 3' sh "$node"
	board fslmc-vfio export dprc.2 --for dpdk
	board_exec mv /dev/vfio/kept "$node"
	[ "$status" -eq 4 ]
	[ -z "$output" ]
	[[ $stderr == *"$node is not the device node it should be"* ]]
}

@test "export --for dpdk and --for env are what a shell takes" {
	bound
	board sh -c 'eval $(fslmc-vfio export dprc.2 --for dpdk) && sh -c "echo \$DPRC"'
	[ "$output" = dprc.2 ]
	board sh -c 'eval "$(fslmc-vfio export dprc.2 --for env)" && ls -d $VFIO_NODES && echo "$VFIO_GROUP"'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "/dev/vfio/$(group_of dprc.2)" ]
	[ "${lines[1]}" = /dev/vfio/vfio ]
	[ "${lines[2]}" = "$(group_of dprc.2)" ]
}

# The line with export in it, of a manual page or README, without a prompt.
documented() { sed 's/\\(dq/"/g; s/^\.Dl //; s/^[[:space:]]*\(\$ \)\?//' "$tests_dir/../$1" | grep '^env=\$(fslmc-vfio export'; }

@test "the lines that README, NEWS and manual give start the program in its environment, or not at all" {
	local file line
	board_exec sh -c 'printf "#!/bin/sh\necho \"started with \$DPRC\"\n" >/usr/bin/dpdk-testpmd && chmod 755 /usr/bin/dpdk-testpmd'
	for file in README.md NEWS man/fslmc-vfio.8; do
		line=$(documented "$file")
		board sh -c "$line"
		[ "$status" -eq 4 ]
		[ -z "$output" ]
		bound
		board sh -c "$line"
		[ "$status" -eq 0 ]
		[ "$output" = "started with dprc.2" ]
		board_exec fslmc-vfio unbind -n dprc.2 >/dev/null
	done
	board_exec rm /usr/bin/dpdk-testpmd
}

@test "what is kept in a file says of which container it is and for how long, and VPP waits for its definition" {
	local format
	bound
	for format in dpdk vpp udev env; do
		board fslmc-vfio export dprc.2 --for "$format"
		[[ $output == *"# dprc.2, labelled child: its number holds for this boot"* ]]
		[[ $output != *Requires=* ]]
	done
	board_exec fslmc-vfio define dprc.2 --as fastpath >/dev/null
	board fslmc-vfio export dprc.2 --for vpp
	board_exec fslmc-vfio undefine fastpath >/dev/null
	[[ $output == *$'\n[Unit]\nRequires=fslmc-vfio@fastpath.service\nAfter=fslmc-vfio@fastpath.service\n\n[Service]\n'* ]]
	board fslmc-vfio export dprc.2 --for vpp
	[[ $output != *Requires=* ]]
}

@test "a label cannot say anything to the shell" {
	needs_virtual_board
	bound
	# "a", newline, "touch /x"
	firmware '{"do": "label", "object": "dprc.2", "label_bytes": "610a746f756368202f78"}'
	board sh -c 'env=$(fslmc-vfio export dprc.2 --for env) && eval "$env" && echo "$DPRC" && ! test -e /x'
	firmware '{"do": "label", "object": "dprc.2", "label": "child"}'
	[ "$status" -eq 0 ]
	[ "$output" = dprc.2 ]
}

@test "export --for docker gives the nodes of this container and no other" {
	bound
	board fslmc-vfio export dprc.2 --for docker
	[ "$output" = "--device=/dev/vfio/vfio
--device=/dev/vfio/$(group_of dprc.2)
--env=DPRC=dprc.2
--ulimit=memlock=-1:-1" ]
}

@test "export --for podman-cdi is valid by CDI's own schema" {
	bound
	# Debian 12 has it below github.com, Debian 13 below tags.cncf.io.
	local schema
	schema=$(find /usr/share/gocode/src -path '*/container-device-interface/schema' 2>/dev/null)
	[[ -f $schema/schema.json ]] ||
		{ [[ ${CI:-} != true ]] && skip "golang-github-container-orchestrated-devices-container-device-interface-dev is not installed"; }
	board_exec fslmc-vfio export dprc.2 --for podman-cdi >"$BATS_TEST_TMPDIR/cdi.json"
	/usr/bin/python3 - "$schema/" "$BATS_TEST_TMPDIR/cdi.json" <<-'PYTHON'
		import json, sys, jsonschema
		schema = json.load(open(sys.argv[1] + "schema.json"))
		resolver = jsonschema.RefResolver("file://" + sys.argv[1], schema)
		jsonschema.validate(json.load(open(sys.argv[2])), schema, resolver=resolver)
	PYTHON
	[ "$(jq -r '.devices[0].name' "$BATS_TEST_TMPDIR/cdi.json")" = dprc.2 ]
}

@test "export --for udev makes udev itself give the node of the group its owner again" {
	bound
	local group
	group=$(group_of dprc.2)
	board_exec chown operator:operator "/dev/vfio/$group"
	board_exec sh -c 'mkdir -p /etc/udev/rules.d && fslmc-vfio export dprc.2 --for udev >/etc/udev/rules.d/80-dprc.rules'
	board udevadm test --action=add "/sys/class/vfio/$group"
	[[ $output$stderr == *"OWNER 1000"* ]]
	[[ $output$stderr == *"GROUP 1000"* ]]
	board_exec rm /etc/udev/rules.d/80-dprc.rules
}

@test "export --json carries the same text" {
	bound
	board fslmc-vfio export --json --for qemu dprc.2
	[ "$status" -eq 0 ]
	jq -e '.export == {name: "dprc.2", consumer: "qemu", text: "-device vfio-fsl-mc,host=dprc.2\n"} and .status == "done"' <<<"$output"
}

@test "export wants a DPRC and a consumer that it knows" {
	board fslmc-vfio export dprc.2
	[ "$status" -eq 2 ]
	board fslmc-vfio export --for dpdk
	[ "$status" -eq 2 ]
	board fslmc-vfio export --for nobody dprc.2
	[ "$status" -eq 2 ]
}
