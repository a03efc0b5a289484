#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The emulated MC firmware by itself: commands are written into its portals as a kernel would,
# with no kernel there.  Offsets and ids: drivers/bus/fsl-mc/fsl-mc-private.h.
#
# bats sets $stderr, and lib/firmware the rest:
# shellcheck disable=SC2154

load ../lib/firmware

@test "a command, a token and an object that are not there have the statuses of a real MC" {
	mc 0 0x7771 0
	[ "$status" -eq "$UNSUPPORTED_OP" ]
	mc 0 0x0041 77
	[ "$status" -eq "$AUTH_ERR" ]
	mc 0 0x8011 0 8=99
	[ "$status" -eq "$CONFIG_ERR" ]
}

@test "every open gives a token of its own, and the object is open until the last is closed" {
	mc 0 0x8051 0 8=1 && first=$token
	mc 0 0x8051 0 8=1 && second=$token
	[ "$first" -ne "$second" ]
	[ "$(ask '{"do":"state"}' '.objects[0].opens')" -eq 2 ]
	mc 0 0x8001 "$first"
	[ "$status" -eq "$OK" ]
	mc 0 0x8001 "$first"
	[ "$status" -eq "$AUTH_ERR" ]
	[ "$(ask '{"do":"state"}' '.objects[0].opens')" -eq 1 ]
}

@test "a container sees itself and what is below, and uses only its own tokens" {
	child=$(portal_of dprc.2)
	mc "$child" 0x8301 0
	[ "$(result "$child" 8)" -eq 2 ]
	mc "$child" 0x8051 0 8=1
	[ "$status" -eq "$CONFIG_ERR" ]
	mc "$child" 0x8051 0 8=2
	[ "$status" -eq "$OK" ]
	mc 0 0x0041 "$token"
	[ "$status" -eq "$AUTH_ERR" ]
	mc 0 0x8051 0 8=2
	[ "$status" -eq "$OK" ]
}

@test "objects are counted and described, and past the end there is no resource" {
	mc 0 0x8051 0 8=2
	mc 0 0x1591 "$token"
	[ "$(result 0 12)" -eq 9 ]
	mc 0 0x15a1 "$token" 8=2
	[ "$status" -eq "$OK" ]
	[ "$(result 0 12)" -eq 10 ]                       # dpio.10
	[ "$(result 0 16 2)" -eq $((0x1957)) ]
	[ "$(result 0 19 1)" -eq 3 ]                      # regions
	[ "$(result 0 20)" -eq 2 ]                        # plugged, not open
	mc 0 0x15a1 "$token" 8=9
	[ "$status" -eq "$NO_RESOURCE" ]
}

@test "a plugged object stays where it is, an unplugged one moves, a container never does" {
	[ "$(ask '{"do":"assign","object":"dpni.1","container":3}' .error)" = '"invalid_state"' ]
	ask '{"do":"unplug","object":"dpni.1"}'
	ask '{"do":"assign","object":"dpni.1","container":"dprc.3"}'
	[ "$(ask '{"do":"state"}' '.objects[] | select(.object == "dpni.1") | .container')" = '"dprc.3"' ]
	[ "$(ask '{"do":"assign","object":"dprc.2","container":3}' .error)" = '"config_err"' ]
}

@test "an open object is not destroyed" {
	mc 0 0x8051 0 8=1 && root=$token
	mc 0 0x8011 0 8=0
	mc 0 0x9811 "$root" 8=0
	[ "$status" -eq "$BUSY" ]
}

@test "a container that may not, does not set interrupts or spawn containers" {
	ask '{"do":"create","parent":1,"options":["ALLOC"]}'
	child=$(portal_of dprc.4)
	mc "$child" 0x8051 0 8=4
	mc "$child" 0x0101 "$token" 8=1 16=64
	[ "$status" -eq "$NO_PRIVILEGE" ]
	mc "$child" 0x1512 "$token" 12=65535
	[ "$status" -eq "$CONFIG_ERR" ]
}

@test "a destroyed container gives its id back and closes what it had open" {
	mc 0 0x8051 0 8=1 && root=$token
	mc 0 0x1512 "$root" 8=0x47 12=65535 20=0xffffffff 24=mine
	[ "$status" -eq "$OK" ]
	[ "$(result 0 16)" -eq 4 ]
	mc 0 0x8051 0 8=4 && child=$token
	mc 0 0x9031 "$child" 8=0x10000 12=8
	[ "$(result 0 8)" -eq 2 ]                         # the lowest free dpio
	mc 0 0x1521 "$root" 8=4
	[ "$status" -eq "$OK" ]
	mc 0 0x0041 "$child"
	[ "$status" -eq "$AUTH_ERR" ]
	[ "$(ask '{"do":"state"}' '[.objects[] | select(.object == "dpio.2" or .object == "dprc.4")] | length')" -eq 0 ]
	[ "$(ask '{"do":"create","parent":1}' .object)" = '"dprc.4"' ]
}

@test "a container in which others have an object open is not destroyed; what its own software has open goes along" {
	mc 0 0x8051 0 8=1 && root=$token
	child=$(portal_of dprc.2)
	mc "$child" 0x8011 0 8=2
	mc 0 0x8011 0 8=1 && leaked=$token
	mc 0 0x1521 "$root" 8=2
	[ "$status" -eq "$BUSY" ]
	[ "$(ask '{"do":"destroy","object":"dprc.2"}' .error)" = '"busy"' ]
	[ "$(ask '{"do":"state"}' '[.objects[] | select(.container == "dprc.2")] | length')" -eq 9 ]
	mc 0 0x8001 "$leaked"
	mc 0 0x1521 "$root" 8=2
	[ "$status" -eq "$OK" ]
	[ "$(ask '{"do":"state"}' '[.objects[] | select(.object == "dpni.2")], [.tokens[] | select(.opener == "dprc.2")]')" = $'[]\n[]' ]
}

@test "software that has not noticed the end of its container is refused, not left waiting" {
	child=$(portal_of dprc.3)
	mc "$child" 0x8051 0 8=3
	ask '{"do":"destroy","object":"dprc.3"}'
	mc "$child" 0x8001 "$token"
	[ "$status" -eq "$AUTH_ERR" ]
	mc "$child" 0x8301 0
	[ "$status" -eq "$AUTH_ERR" ]
}

@test "a fault hits the chosen object, after so many, so many times" {
	mc 0 0x8051 0 8=1 && root=$token
	ask '{"do":"fail","command":"get_connection","object":"dpni.0","status":"busy","after":1,"times":1}'
	for expected in $OK $BUSY $OK; do
		mc 0 0x16c1 "$root" 8=0 12=0 16=dpni
		[ "$status" -eq "$expected" ]
	done
	ask '{"do":"fail","command":"get_connection","object":"dpni.3","status":"busy","times":0}'
	mc 0 0x16c1 "$root" 8=0 12=0 16=dpni
	[ "$status" -eq "$OK" ]
	[ "$(ask '{"do":"fail","command":"no_such"}' .ok)" = false ]
}

@test "a lie is in the answer, and nowhere else" {
	mc 0 0x8051 0 8=2 && child=$token
	ask '{"do":"lie","command":"get_obj_count","object":"dprc.2","at":12,"bytes":"a0860100"}'
	for expected in 100000 9; do
		mc 0 0x1591 "$child"
		[ "$status" -eq "$OK" ]
		[ "$(result 0 12)" -eq "$expected" ]
	done
	[ "$(ask '{"do":"clear"}' .hits)" -eq 1 ]
	for wrong in '"at":4,"bytes":"00"' '"at":60,"bytes":"0011223344"' '"bytes":"0"' '"bytes":"xx"' '"at":8'; do
		[ "$(ask '{"do":"lie","command":"get_obj_count",'"$wrong"'}' .ok)" = false ]
	done
}

@test "a muted command is answered when it is unmuted, a delayed one in its time" {
	ask '{"do":"mute","command":"get_version"}'
	send 0 0x8311 0
	wait_until_held
	[ "$(result 0 2 1)" -eq "$READY" ]
	ask '{"do":"unmute"}'
	answer 0
	[ "$status" -eq "$OK" ]
	ask '{"do":"delay","command":"get_version","ms":300}'
	local start=${EPOCHREALTIME/[.,]/}
	send 0 0x8311 0
	answer 0
	((${EPOCHREALTIME/[.,]/} - start >= 300000))
	[ "$status" -eq "$OK" ]
	[ "$(result 0 12)" -eq 10 ]
}

@test "clear says how often faults have hit, and counts anew" {
	[ "$(ask '{"do":"clear"}' .hits)" -eq 0 ]
	ask '{"do":"fail","command":"get_version","status":"busy","times":0}'
	ask '{"do":"delay","command":"get_soc_version","ms":10}'
	ask '{"do":"mute","command":"get_container_id","from":"dprc.2"}'
	mc 0 0x8301 0
	[ "$status" -eq "$OK" ]
	mc 0 0x8311 0
	mc 0 0x8311 0
	[ "$status" -eq "$BUSY" ]
	mc 0 0x8321 0
	child=$(portal_of dprc.2)
	send "$child" 0x8301 0
	wait_until_held
	# Serving what was kept back is no second hit, and unmute forgets none.
	ask '{"do":"unmute"}'
	answer "$child"
	[ "$(ask '{"do":"clear"}' .hits)" -eq 4 ]
	[ "$(ask '{"do":"clear"}' .hits)" -eq 0 ]
	mc 0 0x8311 0
	[ "$status" -eq "$OK" ]
}

@test "what a mute keeps back is told, until it is served or overwritten" {
	[ "$(ask '{"do":"state"}' .held)" = '[]' ]
	ask '{"do":"mute","command":"get_version"}'
	child=$(portal_of dprc.3)
	send "$child" 0x8311 0
	wait_until_held
	[ "$(ask '{"do":"state"}' .held)" = "[{\"portal\":$child,\"command\":\"get_version\",\"from\":\"dprc.3\"}]" ]
	mc "$child" 0x8301 0
	[ "$(ask '{"do":"state"}' .held)" = '[]' ]
	ask '{"do":"mute","command":"get_version"}'
	send 0 0x8311 0
	wait_until_held
	ask '{"do":"unmute"}'
	answer 0
	[ "$(ask '{"do":"state"}' .held)" = '[]' ]
	# A delayed one is on its way, and not left unanswered.  Two commands later its portal has been looked at.
	ask '{"do":"delay","command":"get_version","ms":60000}'
	send 0 0x8311 0
	mc "$child" 0x8301 0
	mc "$child" 0x8301 0
	[ "$(ask '{"do":"state"}' .held)" = '[]' ]
	[ "$(ask '{"do":"clear"}' .hits)" -eq 3 ]
}

@test "labels of any bytes are kept as they are" {
	ask '{"do":"label","object":"dprc.2","label_bytes":"ff1b5b3331"}'
	[ "$(ask '{"do":"state"}' '.objects[] | select(.object == "dprc.2") | [.label, .label_bytes[:10]]')" = '[null,"ff1b5b3331"]' ]
	[ "$(ask '{"do":"label","object":"dprc.2","label":"seventeen letters"}' .ok)" = false ]
}

@test "an interrupt says why it cannot be delivered" {
	[ "$(ask '{"do":"irq","object":"dpni.1","index":0}' .error)" = '"not programmed"' ]
	[ "$(ask '{"do":"irq","object":"dpni.1","index":7}' .error)" = '"no such interrupt"' ]
	child=$(portal_of dprc.2)
	mc "$child" 0x8051 0 8=2 && container=$token
	mc "$child" 0x15f1 "$container" 8=1 12=0 16=64 28=1 32=dpni
	[ "$status" -eq "$OK" ]
	[ "$(ask '{"do":"irq","object":"dpni.1","index":0}' .error)" = '"not enabled"' ]
}

@test "what was served is logged and counted" {
	mc 0 0x8051 0 8=2
	[ "$(ask '{"do":"log","since":0}' '.log[0] | [.seq, .command, .subject, .status]')" = '[1,"open","dprc.2","ok"]' ]
	mc 0 0x8311 0
	[ "$(ask '{"do":"log","since":1}' '[.log[].command]')" = '["get_version"]' ]
	[ "$(ask '{"do":"counts"}' '[.counts.open, .counts.get_version, .total]')" = '[1,1,2]' ]
}

@test "an MC knows the versions of commands that its API has, and no newer ones" {
	local api newest_region newest_reset size version
	while read -r api newest_region newest_reset size; do
		jq --argjson api "$api" '.api_versions.dprc = $api' "$topologies/small.json" >"$dir/old.json"
		firmware_stop
		firmware_start "$dir/old.json"
		mc 0 0xa051 0
		[ "[$(result 0 8 2),$(result 0 10 2)]" = "$api" ]
		mc 0 0x8051 0 8=1 && root=$token
		for version in 1 2 3 4; do
			mc 0 $((0x15e0 + version)) "$root" 8=1 32=dpmcp
			[ "$status" -eq $((version > newest_region ? UNSUPPORTED_OP : OK)) ]
			((version > newest_region)) || [ "$(result 0 24)" -eq "$size" ]
			# Its base address came with version 2.
			((version > newest_region)) || [ "$(result 0 40)" -eq $((version > 1 ? 0x7c000000 : 0)) ]
			mc 0 $((0x0050 + version)) "$root" 8=3
			[ "$status" -eq $((version > newest_reset ? UNSUPPORTED_OP : OK)) ]
		done
	done <<-'APIS'
		[6,2] 1 1 64
		[6,3] 2 1 64
		[6,5] 2 2 64
		[6,6] 3 2 65536
		[7,0] 3 2 65536
	APIS
}

@test "the hardware lies where --base says, and says so of its regions" {
	firmware_stop
	firmware_start small --ram-size 0xc0000000 --base 0xbc000000
	portals=$((0x7c000000))
	[ "$(peek $((portals + 0x1ff0008)) 4)" -eq 1 ]
	mc 0 0x8051 0 8=1
	mc 0 0x15e3 "$token" 8=1 32=dpmcp
	[ "$status" -eq "$OK" ]
	[ "$(result 0 40 8)" -eq $((0xbc000000)) ]
}

@test "a base that is not in RAM, or no multiple of 64 MiB, is refused" {
	local base
	for base in 0x3c000000 0x7c010000 0x80000000 0xffffffffffffffff 0xfffffffffc000000 7c000000 ''; do
		run --separate-stderr "$firmware" --memory "$dir/other" --topology "$topologies/small.json" \
			--control "$dir/another" --base "$base"
		echo "$base: $status $stderr"
		[ "$status" -ne 0 ]
		[ ! -e "$dir/another" ]
	done
}

@test "every topology loads; the LX2160A has 269 objects, 96 and 151 in its first two containers" {
	for topology in "$topologies"/*.json; do
		firmware_stop
		firmware_start "$(basename "$topology" .json)"
		[ "$(ask '{"do":"state"}' .ok)" = true ]
	done
	firmware_stop
	firmware_start lx2160a-rdb
	[ "$(ask '{"do":"state"}' '[.objects | length, (map(select(.container == "dprc.1" and .type != "dprc")) | length),
		(map(select(.container == "dprc.2")) | length)]')" = '[269,96,151]' ]
}

@test "a topology that contradicts itself is refused by name" {
	jq '.containers[1].objects[0].ids = [0]' "$topologies/small.json" >"$dir/twice.json"
	run --separate-stderr "$firmware" --memory "$dir/other" --topology "$dir/twice.json" --control "$dir/another"
	[ "$status" -eq 1 ]
	[[ $stderr == *dpni* ]]
	[ -z "$output" ]
	jq '.pools.mcp = 500' "$topologies/small.json" >"$dir/many.json"
	run --separate-stderr "$firmware" --memory "$dir/other" --topology "$dir/many.json" --control "$dir/another"
	[ "$status" -eq 1 ]
	[[ $stderr == *"mcp: more than there is memory for"* ]]
}

# What it asks the kernel for, since how much of a processor it gets depends on who else wants it.
@test "idle, it sleeps for two milliseconds each time" {
	local full='tv_nsec=2000000}' i
	needs_tools strace
	firmware_stop
	# A sanitizer cannot look for leaks in what is traced.
	# shellcheck disable=SC2034 # of lib/firmware
	under=(env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$dir/trace" -e "trace=ppoll,nanosleep,clock_nanosleep")
	firmware_start small
	# strace blocks signals, and ends with what it traces.
	tracer=$pid pid=$(pgrep -P "$pid")
	for ((i = 0; i < 400 && $(grep -cF "$full" "$dir/trace") < 20; i++)); do sleep 0.05; done
	[ "$(grep -cF "$full" "$dir/trace")" -ge 20 ]
	[ -z "$(sed -e '$d' -e "1,/$full/d" "$dir/trace" | grep -vF "$full")" ]
	kill "$pid"
	wait "$tracer"
}

@test "at SIGTERM it goes and takes its socket along" {
	firmware_stop
	[ ! -e "$dir/control" ]
}
