# SPDX-License-Identifier: GPL-2.0-or-later
#
# create on a board as it leaves the shop: what it refuses there, and that what it makes is what check wants.
#
# shellcheck disable=SC2154

load ../../lib/board

setup_file() { board_start lx2160a-rdb-shipped --drivers; }
setup() {
	board_needed
	needs_virtual_board
}
teardown_file() { board_stop; }

mc_objects() { firmware '{"do":"state"}' | jq -c '[.pools, .containers]'; }

@test "--dry-run changes nothing, and has what list --pools has" {
	local before pools
	before=$(mc_objects)
	pools=$(board_exec fslmc-vfio list --pools -n -r -o POOL,FREE)
	board fslmc-vfio create --dry-run --json --label=fast --for=dpdk --lcores=4 --port=dpmac.3 --port=dpmac.4
	[ "$status" -eq 0 ]
	[ "$(jq -r '.layout_pools[] | "\(.name) \(.free_count)"' <<<"$output")" = "$pools" ]
	[ "$(jq -c '[.layout_pools[] | select(.taken_count) | [.name, .taken_count]]' <<<"$output")" = '[["mcp",2],["bp",1],["swp",8]]' ]
	[ "$(mc_objects)" = "$before" ]
}

@test "a port that carries an interface in use is refused by its name, and by --force taken" {
	local interface
	interface=$(board_exec ls /sys/bus/fsl-mc/devices/dpni.0/net)
	board_exec ip link set "$interface" up
	board fslmc-vfio create --dry-run --label=fast --for=dpdk --port=dpmac.17
	[ "$status" -eq 4 ]
	[ "$stderr" = "fslmc-vfio: dpmac.17: carries a network interface that is in use: $interface (up); choose another port, or use --force" ]
	board fslmc-vfio create --dry-run --json --force --label=fast --for=dpdk --port=dpmac.17
	[ "$(jq -c .layout_connections <<<"$output")" = '[{"dpni":1,"peer":"dpmac.17","cuts":"dpni.0","mac_address":""}]' ]
	board_exec ip link set "$interface" down
	board fslmc-vfio create --dry-run --label=fast --for=dpdk --port=dpmac.17
	[ "$status" -eq 0 ]
}

@test "who may not ask the MC is told to be root" {
	board_as_operator fslmc-vfio create --dry-run --label=fast --for=dpdk
	[ "$status" -eq 6 ]
	[[ $stderr == *"; run as root"* ]]
	# The node is his, the capability is not.
	board_exec chmod 666 /dev/dprc.1
	board_as_operator fslmc-vfio create --dry-run --label=fast --for=dpdk --port=dpmac.9
	board_exec chmod 600 /dev/dprc.1
	[ "$status" -eq 6 ]
	[[ $stderr == *"CAP_NET_ADMIN is missing"* && $stderr == *"dpmac.9: no such port"* ]]
}

# Of what is not the host's doing: these boards run as they are, with 4 KiB of huge pages or none.
complains() { grep -E '^(refuse|warn) ' <<<"$output" | grep -vE '^warn mc-too-old$'; }

@test "check --for has nothing to say against what create makes, whatever it is for; bind and export take it" {
	local words name
	while read -r words; do
		# shellcheck disable=SC2086 # several
		board fslmc-vfio create --label=fast --port=dpmac.3 --port=dpmac.4 $words -n -r -o NAME
		echo "$words: $output $stderr"
		[ "$status" -eq 0 ]
		name=$output
		# shellcheck disable=SC2086
		board fslmc-vfio check ${words% --crypto=*} -n -r -o SEVERITY,CODE "$name"
		[ "$status" -eq 0 ]
		run ! complains
		board fslmc-vfio bind "$name"
		[ "$status" -eq 0 ]
		# shellcheck disable=SC2086
		board fslmc-vfio check ${words% --crypto=*} -n -r -o SEVERITY,CODE "$name"
		[ "$status" -eq 0 ]
		run ! complains
		board fslmc-vfio export --for=env "$name"
		[ "$status" -eq 0 ]
		board sh -c 'fslmc-vfio unbind "$1" && fslmc-vfio destroy "$1"' sh "$name"
		[ "$status" -eq 0 ]
	done <<-'LINES'
		--for=dpdk --lcores=4
		--for=dpdk --lcores=2,1
		--for=vpp --lcores=5
		--for=qemu --lcores=4 --crypto=20
	LINES
}

@test "a DPNI has in the MC what was asked for, else what its program needs, and is connected where it was said" {
	local name settings
	name=$(board_exec fslmc-vfio create --label=fast --for=dpdk --lcores=4 --port=dpmac.3 \
		--port=dpmac.4,queues=6,tcs=3,fs=7,qos=9,vlans=5,options=NO_MAC_FILTER -n -r -o NAME)
	settings=$(firmware '{"do":"state"}' | jq -c --arg name "$name" '[.objects[] |
		select(.type == "dpni" and .container == $name)] | sort_by(.id)[] | .settings')
	echo "$settings"
	[ "$(jq -c '[.queues, .tcs, .rx_tcs, .options]' <<<"$settings")" = $'[4,4,1,256]\n[6,3,3,2]' ]
	[ "$(jq -c '[.fs, .qos, .vlans]' <<<"$settings" | tail -n 1)" = '[7,9,5]' ]
	board fslmc-vfio list --ports -n -r -o PORT,CONTAINER
	[ "$(grep -E '^dpmac.[34] ' <<<"$output")" = "dpmac.3 $name"$'\n'"dpmac.4 $name" ]
	board fslmc-vfio create --dry-run --label=fast --for=dpdk --port=dpmac.3
	[ "$status" -eq 4 ]
	[[ $stderr == *"fast: label in use: $name has it"* && $stderr == *"dpmac.3: taken: connected to dpni."*" in $name; "* ]]
	board_exec fslmc-vfio destroy "$name" >/dev/null
}
