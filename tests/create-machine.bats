#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# create --dry-run: what a container would be made of, and all that speaks against it.
#
# shellcheck disable=SC2154

load lib/machine

# shipped ARGS...: create --dry-run for the LX2160A-RDB as shipped.
shipped() { machine shipped create --dry-run --label=fast --for=dpdk "$@"; }

@test "create --dry-run has each number with its reason, the connections, and what the pools have left" {
	shipped --lcores=4 --port=dpmac.3 --port=dpmac.2,mac=02:00:00:00:00:0A --loopback=1
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	diff - <(echo "$output") <<-'TEXT'
		fast: a DPRC in dprc.1; options: ALLOC_ALLOWED, IRQ_CFG_ALLOWED

		TYPE  COUNT REASON
		dpni      1 port dpmac.3: 4 queues, 4 TCs
		dpni      1 port dpmac.2: 4 queues, 4 TCs
		dpni      2 loopback: 4 queues, 4 TCs
		dpio      8 4 for threads, 3 for those that receive, 1 that a lone process leaves out
		dpbp      1 for a mempool
		dpmcp     1 for the process

		DPNI PEER    CUTS   MAC
		   1 dpmac.3 -      -
		   2 dpmac.2 dpni.1 02:00:00:00:00:0a
		   3 DPNI 4  -      -

		POOL FREE TAKES LEFT
		mcp   203     2  201
		bp     63     1   62
		swp    49     8   41
		fq   1981     ?    ?

		What is taken of the pools with ? is not known, and may be more than is left; then all is undone.
		The portals of 1 DPMCPs (mcp) do not come back before the board boots, even if they are destroyed.
	TEXT
}

@test "the same in JSON; what is made for the host says where" {
	shipped --json --port=kernel --options=SPAWN_ALLOWED,ALLOC_ALLOWED
	[ "$status" -eq 0 ]
	[ "$(json '[.dry_run, .layout.label, .layout.parent, .layout.options]')" = '[true,"fast","dprc.1",["SPAWN_ALLOWED","ALLOC_ALLOWED"]]' ]
	[ "$(json '[.layout_objects[] | select(.container == "dprc.1") | .type]')" = '["dpmcp","dpbp","dpcon","dpni"]' ]
	[ "$(json '.layout_connections')" = '[{"dpni":1,"peer":"DPNI 2, in dprc.1","cuts":"","mac_address":""}]' ]
	[ "$(json '[.layout_pools[] | [.name, .taken_count, .left_count]]')" = '[["mcp",3,200],["bp",2,61],["swp",3,46],["fq",null,null]]' ]
}

@test "-o and -n give one table" {
	shipped --lcores=4 --port=dpmac.3 -n -r -o TYPE,COUNT
	[ "$output" = $'dpni 1\ndpio 8\ndpbp 1\ndpmcp 1' ]
	shipped -o NONE
	[ "$status" -eq 2 ]
}

@test "all that speaks against it is said at once, each with its own remedy" {
	shipped --lcores=33 --port=dpmac.9 --port=dpmac.17 --port=dpmac.4 --port=dpmac.5,options=HAS_REPLICATION \
		--add=dpmcp:203 --add=dpbp:63
	[ "$status" -eq 4 ]
	[ -z "$output" ]
	diff - <(echo "$stderr") <<-'TEXT'
		fslmc-vfio: dpmac.9: there is no such port; 'fslmc-vfio list --ports' shows the others
		fslmc-vfio: dpmac.17: it carries a network interface of this host that is in use: eth0 (up); name another port, or --force takes it
		fslmc-vfio: dpmac.4: it is taken: connected to dpsw.0, which may forward the traffic of others; name another port, or --force takes it
		fslmc-vfio: dpmac.5: options=HAS_REPLICATION needs MC firmware 10.40, and this is 10.39.0; update the firmware, or leave the option out
		fslmc-vfio: mcp: too few are left: 205 required, 203 available, for 204 dpmcp and the DPRC itself; boot the board, which gives back those that were destroyed
		fslmc-vfio: bp: too few are left: 64 required, 63 available, for 64 dpbp; destroy a container that is not needed; 'fslmc-vfio list --pools' shows who has the others
		fslmc-vfio: swp: too few are left: 66 required, 49 available, for 66 dpio; destroy a container that is not needed; 'fslmc-vfio list --pools' shows who has the others
	TEXT
	shipped --port=dpmac.9 --port=dpmac.3 --port=dpmac.3
	[ "$status" -eq 2 ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	shipped --json --port=dpmac.9 --port=dpmac.17
	[ "$(json '[.status, .messages[].object]')" = '["refused","dpmac.9","dpmac.17"]' ]
}

@test "--force takes ports from interfaces in use and from switches, but none of another DPRC" {
	shipped --port=dpmac.17 --port=dpmac.4 --force --json
	[ "$status" -eq 0 ]
	[ "$(json '[.layout_connections[].cuts]')" = '["dpni.0","dpsw.0"]' ]
	machine small create --dry-run --label=fast --for=dpdk --port=dpmac.3 --force
	[ "$status" -eq 4 ]
	[ "$stderr" = "fslmc-vfio: dpmac.3: it is taken: connected to dpni.1 of dprc.2; 'fslmc-vfio list --ports' shows the others" ]
}

# like_shipped SED LINE...: sets $root to that machine with its manifest edited.
like_shipped() {
	root=$BATS_TEST_TMPDIR/root
	sed "$1" "$tests_dir/machines/shipped.manifest" >"$root.manifest"
	printf '%s\n' "${@:2}" >>"$root.manifest"
	"$tests_dir/make-root" "$root.manifest" "$root"
}

# at_root ARGS...: create --dry-run there.
at_root() { run --separate-stderr "$fslmc_vfio" --sysroot "$root" create --dry-run "$@"; }

@test "a label that a DPRC has is refused" {
	like_shipped '' 'object dprc.1/dprc.2' 'mc dprc {"name": "dprc.2", "icid": 24, "options": [], "portal_id": 3}' \
		'mc object {"name": "dprc.2", "mc_container": "dprc.1", "version": "6.7", "label": "fast"}'
	at_root --label=fast --for=dpdk
	[ "$status" -eq 4 ]
	[ "$stderr" = "fslmc-vfio: fast: dprc.2 has that label; choose another --label" ]
	at_root --label=faster --for=dpdk
	[ "$status" -eq 0 ]
}

@test "the SoC and the firmware decide what a DPNI has" {
	shipped --lcores=24 --port=dpmac.3 -n -o REASON
	[ "${lines[0]}" = "port dpmac.3: 24 queues, 16 TCs" ]
	like_shipped 's/lx2160a/ls1088a/g;s/firmware 10.39.0/firmware 10.28.2/'
	at_root --label=a --for=dpdk --lcores=24 --port=dpmac.3 -n -o REASON
	[ "${lines[0]}" = "port dpmac.3: 8 queues, 8 TCs" ]
	at_root --label=a --for=qemu --port=dpmac.3,queues=9,options=HAS_KEY_MASKING --port=dpmac.5,tcs=9
	[ "$status" -eq 4 ]
	[ "${stderr_lines[0]}" = "fslmc-vfio: dpmac.3: queues=9: a DPNI of LS1088A has at most 8 with MC 10.28.2; ask for fewer" ]
	[ "${stderr_lines[1]}" = "fslmc-vfio: dpmac.5: tcs=9: a DPNI of LS1088A has at most 8; ask for fewer" ]
	[ "${stderr_lines[2]}" = "fslmc-vfio: dpmac.3: options=HAS_KEY_MASKING: the MC of LS1088A refuses it; leave the option out" ]
}

@test "without the MC nothing can be decided" {
	"$tests_dir/make-root" "$tests_dir/machines/shipped.manifest" "$BATS_TEST_TMPDIR/silent"
	rm "$BATS_TEST_TMPDIR/silent/dev/dprc.1"
	run --separate-stderr "$fslmc_vfio" --sysroot "$BATS_TEST_TMPDIR/silent" create --dry-run --label=a --for=dpdk
	[ "$status" -eq 1 ]
	[[ $stderr == *"nothing can be created without the MC" ]]
}

@test "wrong words are usage errors" {
	local arguments
	for arguments in --port=x --port=dpni.1 --port= --port=dpmac.3,queues=0 --port=dpmac.3,queues=33 --port=dpmac.3,tcs=17 \
		--port=dpmac.3,fs=1025 --port=dpmac.3,qos=65 --port=dpmac.3,vlans=17 --port=dpmac.3,queues --port=dpmac.3,frob=1 \
		--port=dpmac.3,options=FROB --port=dpmac.3,options= --port=dpmac.3,mac=01:00:00:00:00:01 --port=dpmac.3,mac=00:00:00:00:00:00 \
		--port=dpmac.3,mac=2:0:0:0:0:1 --loopback=0 --crypto=x --add=dpni:1 --add=dpio --add=dpio:0 --options=FROB --options= \
		--label=0123456789abcdef '--label=a b' --label= --lcores=0 --processes=2 dprc.2; do
		shipped "$arguments"
		[ "$status" -eq 2 ] || { echo "$arguments: $status"; return 1; }
	done
	machine shipped create --dry-run --for=dpdk
	[ "$status" -eq 2 ]
	machine shipped create --dry-run --label=a
	[ "$status" -eq 2 ]
	machine shipped create --dry-run --label=a --for=vpp --lcores=1,1
	[ "$status" -eq 2 ]
}
