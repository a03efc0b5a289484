#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# create --dry-run: what a container would be made of, and all that speaks against it.
#
# shellcheck disable=SC2154

load ../lib/machine

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

		How much is taken from pools with ? is unknown; if one runs out, everything is undone.
		MC portals of DPMCPs (mcp, 1 here) are not free again before the board boots, even if the DPMCPs are destroyed.
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

@test "what a definition asks for is refused with what a definition can allow" {
	machine_root shipped
	cp -a "$root" "$BATS_TEST_TMPDIR/defined"
	root=$BATS_TEST_TMPDIR/defined
	mkdir -p "$root/etc/fslmc-vfio.d"
	echo '{"format_version": "1.1", "label": "fast", "profile": "dpdk", "layout": {"ports": ["dpmac.17"]}}' >"$root/etc/fslmc-vfio.d/fast.json"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" apply --dry-run fast
	[ "$status" -eq 4 ]
	[[ $stderr == *"dpmac.17: carries a network interface that is in use: eth0 (up); choose another port, or allow netdev-in-use in the definition"* ]]
}

@test "all that speaks against it is said at once, each with its own remedy" {
	shipped --lcores=33 --port=dpmac.9 --port=dpmac.17 --port=dpmac.4 --port=dpmac.5,options=HAS_REPLICATION \
		--add=dpmcp:203 --add=dpbp:63
	[ "$status" -eq 4 ]
	[ -z "$output" ]
	diff - <(echo "$stderr") <<-'TEXT'
		fslmc-vfio: dpmac.9: no such port; 'fslmc-vfio list --ports' shows which there are
		fslmc-vfio: dpmac.17: carries a network interface that is in use: eth0 (up); choose another port, or use --force
		fslmc-vfio: dpmac.4: taken: connected to dpsw.0, which may forward other traffic; choose another port, or use --force
		fslmc-vfio: dpmac.5: options=HAS_REPLICATION requires MC firmware 10.40, this is 10.39.0; update the firmware, or leave the option out
		fslmc-vfio: mcp: too few left: 205 required, 203 available (204 dpmcp, and 1 for the DPRC); reboot the board to get back the portals of destroyed DPMCPs
		fslmc-vfio: bp: too few left: 64 required, 63 available (64 dpbp); destroy a DPRC that is not needed ('fslmc-vfio list --pools' shows the holders)
		fslmc-vfio: swp: too few left: 66 required, 49 available (66 dpio); destroy a DPRC that is not needed ('fslmc-vfio list --pools' shows the holders)
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
	[ "$stderr" = "fslmc-vfio: dpmac.3: taken: connected to dpni.1 in dprc.2; 'fslmc-vfio list --ports' shows which there are" ]
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
	[ "$stderr" = "fslmc-vfio: fast: label in use: dprc.2 has it; choose another --label" ]
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
	[ "${stderr_lines[2]}" = "fslmc-vfio: dpmac.3: options=HAS_KEY_MASKING: not available on LS1088A; leave the option out" ]
}

@test "with ACPI the product, or else the OEM table ID of the IORT, says which SoC it is" {
	# by LINE QUEUES: with that line instead of the device tree.
	by() {
		like_shipped /devicetree/d "$1"
		at_root --label=a --for=dpdk --lcores=24 --port=dpmac.3 -n -o REASON
		[[ ${lines[0]} == "port dpmac.3: $2 queues, "* ]] || { echo "$1: $output"; return 1; }
		rm -r "$root"
	}
	local dmi='file sys/class/dmi/id/product_name' iort='bytes sys/firmware/acpi/tables/IORT'
	local before=494f525400000000000000000000 lx2160=4c58323136302020
	by "$dmi LX2160ARDB" 24
	by "$dmi SolidRun CEX7 Platform" 24
	by "$dmi Platform" 16
	by "$iort ${before}0000$lx2160" 24
	by "$iort ${before}0000${lx2160}0000" 24
	by "$iort ${before}00000000000000000000$lx2160" 16
	by "$iort $before" 16
}

@test "without the MC nothing can be decided" {
	"$tests_dir/make-root" "$tests_dir/machines/shipped.manifest" "$BATS_TEST_TMPDIR/silent"
	rm "$BATS_TEST_TMPDIR/silent/dev/dprc.1"
	run --separate-stderr "$fslmc_vfio" --sysroot "$BATS_TEST_TMPDIR/silent" create --dry-run --label=a --for=dpdk
	[ "$status" -eq 1 ]
	[[ $stderr == *"cannot create a DPRC: the MC cannot be queried" ]]
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

@test "a port in a container that Linux has not scanned is that one's" {
	root=$BATS_TEST_TMPDIR/root
	{ cat "$tests_dir/machines/shipped.manifest"; printf '%s\n' 'mc dprc {"name": "dprc.2", "icid": 2}' \
		'mc object {"name": "dprc.2", "mc_container": "dprc.1"}' 'mc object {"name": "dpmac.7", "mc_container": "dprc.2"}'; } >"$root.manifest"
	"$tests_dir/make-root" "$root.manifest" "$root"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" create --dry-run --label=fast --for=dpdk --port=dpmac.7
	[ "$status" -eq 4 ]
	[[ $stderr == *"dpmac.7: taken: assigned to dprc.2; "* ]]
}

@test "without ALLOC_ALLOWED a container would be empty" {
	shipped --options=IRQ_CFG_ALLOWED
	[ "$status" -eq 4 ]
	[[ $stderr == *"fast: without the option ALLOC_ALLOWED the MC gives it no objects; add it"* ]]
}
