# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The emulated MC firmware by itself: commands are written into its portals as a kernel would, with no kernel
# there.  Sets $status and $token.
#
# Read by the tests that load this file.
# shellcheck disable=SC2034

portals=$((0x3c000000)) # in the file, whose start is RAM at 0x40000000
readonly OK=0 READY=1 AUTH_ERR=3 NO_PRIVILEGE=4 CONFIG_ERR=6 NO_RESOURCE=8 BUSY=10 UNSUPPORTED_OP=11 INVALID_STATE=12

setup() {
	bats_require_minimum_version 1.5.0
	load "${BASH_SOURCE[0]%/*}/tools"
	needs_tools jq
	local tests
	tests=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
	topologies=$tests/vm/topologies
	firmware=${MC_FIRMWARE:-${FSLMC_VFIO_BUILD:-$tests/../build}/native/mc-firmware}
	if [[ ! -x $firmware ]]; then
		[[ ${CI:-} != true ]]
		skip "no firmware at $firmware"
	fi
	# Not BATS_TEST_TMPDIR: the path of a socket is short.
	dir=$(mktemp -d)
	firmware_start small
}

teardown() {
	[[ -z ${dir:-} ]] || { kill "$pid" 2>/dev/null; wait "$pid"; rm -rf "$dir"; } || true
}

# What it runs under.
under=()

# firmware_start TOPOLOGY [OPTION...]
firmware_start() {
	local topology=$topologies/$1.json
	[[ $1 != /* ]] || topology=$1
	"${under[@]}" "$firmware" --memory "$dir/memory" --topology "$topology" --control "$dir/control" "${@:2}" 3>&- &
	pid=$!
	until [[ -S $dir/control ]]; do
		kill -0 "$pid"
		sleep 0.01
	done
}

firmware_stop() {
	kill "$pid"
	wait "$pid"
}

# ask JSON [FILTER]
ask() { "$firmware" --send "$dir/control" "$1" | jq -c "${2:-.}"; }

bytes() {
	local i
	for ((i = 0; i < $1; i++)); do printf '\\x%02x' $((($2 >> (8 * i)) & 255)); done
}

write_at() { dd of="$dir/memory" bs=64 seek="$1" oflag=seek_bytes conv=notrunc status=none; }
poke() { printf '%b' "$(bytes "$2" "$3")" | write_at "$1"; }
poke_name() { printf '%-16s' "$2" | tr ' ' '\0' | write_at "$1"; }
peek() { od -A n -v -t "u$2" -j "$1" -N "$2" "$dir/memory" | tr -d ' '; }

# send PORTAL ID TOKEN [OFFSET=WORD|OFFSET=NAME]...: starts a command.
send() {
	local at=$((portals + $1 * 0x10000)) header parameter
	header=$(($2 << 48 | $3 << 32 | READY << 16))
	head -c 56 /dev/zero | write_at $((at + 8))
	for parameter in "${@:4}"; do
		if [[ ${parameter#*=} == [a-z]* ]]; then
			poke_name $((at + ${parameter%%=*})) "${parameter#*=}"
		else
			poke $((at + ${parameter%%=*})) 4 "${parameter#*=}"
		fi
	done
	poke "$at" 8 "$header"
}

# answer PORTAL: waits, sets $status and $token.
answer() {
	local at=$((portals + $1 * 0x10000)) i
	# Ten seconds are longer than any machine needs; it is over as soon as there is an answer.
	for ((i = 0; i < 1000; i++)); do
		status=$(peek $((at + 2)) 1)
		[[ $status -eq $READY ]] || break
		sleep 0.01
	done
	token=$(peek $((at + 4)) 2)
}

mc() {
	send "$@"
	answer "$1"
}

# result PORTAL OFFSET [WIDTH]
result() { peek $((portals + $1 * 0x10000 + $2)) "${3:-4}"; }

# Until a mute has hit: a send alone says nothing of that.
wait_until_held() {
	local i
	for ((i = 0; i < 1000; i++)); do
		[[ $(ask '{"do":"state"}' .held) == '[]' ]] || return 0
		sleep 0.01
	done
	return 1
}

portal_of() {
	local address
	address=$(ask '{"do":"state"}' ".objects[] | select(.object == \"$1\") | .regions[0].address")
	echo $(((address - 0x40000000 - portals) / 0x10000))
}

# with TOPOLOGY FILTER: the firmware started anew with that topology, changed by jq.
with() {
	jq "$2" "$topologies/$1.json" >"$dir/changed.json"
	firmware_stop
	firmware_start "$dir/changed.json"
}

# pool NAME: what the root has left of it, as GET_RES_COUNT says.
pool() {
	mc 0 0x8051 0 8=1
	mc 0 0x15b1 "$token" 16="$1"
	result 0 8
}
