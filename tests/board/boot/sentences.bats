# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a user wants to know, and the first command that lsblk, ip or systemctl would suggest: it answers.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

# One board a test.
teardown() { board_stop; }

# answered: each line of standard input is a question | what follows "fslmc-vfio" | the exit status and what the answer
# has in it, in which runs of blanks are one and * is anything.  Prints, and fails for, what is answered otherwise.
answered() {
	board_exec bash -c 'wrong=0
		while IFS="|" read -r question command expected; do
			answer=$(eval "fslmc-vfio $command" 2>&1 </dev/null) && status=0 || status=$?
			read -r expected <<<"$expected"
			answer=$(tr -s " \n" "  " <<<"$status $answer")
			[[ $answer == ${expected%% *}\ *${expected#* }* ]] && continue
			printf "%s\n  fslmc-vfio %s\n  is answered: %s\n" "$question" "$command" "$answer"
			wrong=1
		done
		exit "$wrong"'
}

@test "a small board: what is there, who has it, is it as I defined it, and how do I get back" {
	board_start small
	board_needed
	answered <<-'TABLE'
		what is there?                     |                              | 0 dprc.2 dprc.1 fsl_mc_dprc 1 9
		what of it can I take?             | check                        | 0 can be bound: dprc.2, dprc.3
		is this machine fit for it?        | doctor                       | 0 this host is ready
		what has my port?                  | show dpmac.3                 | 0 dpmac.3 <-> dpni.3 in dprc.3
		and what have the others?          | list --ports                 | 0 dpmac.17 dpni.0 dprc.1
		where is this object?              | show dpni.1                  | 0 dpni.2 <-> dpni.1 in dprc.2
		the same as a row                  | list dpni.1                  | 0 dpni.1 dprc.2
		which have network objects?        | list --type=dpni             | 0 dpni.0 dprc.1 * dpni.3 dprc.3
		which one is labelled child?       | show LABEL=child             | 0 NAME dprc.2
		how is bind used?                  | help bind                    | 0 Usage: fslmc-vfio bind
		what would it write?               | bind --dry-run dprc.2        | 0 echo dprc.2 > /sys/bus/fsl-mc/drivers/vfio-fsl-mc/bind
		a slip in the verb                 | bidn dprc.2                  | 2 did you mean 'bind'?
		a slip in an option                | bind --dryrun dprc.2         | 2 did you mean '--dry-run'?
		a slip in a column                 | list -o OWNERS               | 2 did you mean 'OWNER'?
		a column of another table          | list -o ENDPOINT             | 2 the table with --objects or --type has it
		what is not there                  | show dprc.9                  | 3 dprc.9: no such object
		is anything left half done?        | recover                      | 0 nothing to recover
		which definitions are there?       | status                       | 0 no definitions
		keep it so after a boot            | define dprc.2                | 0 child yes /etc/fslmc-vfio.d/child.json
		is anything different from that?   | status                       | 9 child: not-bound: * 'fslmc-vfio apply child'
		then make it so                    | apply child.json             | 0 dprc.2 yes vfio-fsl-mc
		is it so now?                      | status                       | 0 child as-defined dprc.2
		wait for it                        | wait --until=bound child     | 0 dprc.2 bound
		who may open it, and where?        | list -o OWNER,NODE dprc.2    | 0 root:root /dev/vfio/1
		what has it in it?                 | probe dprc.2                 | 0 dpni 2
		what do I tell DPDK?               | export --for=dpdk dprc.2     | 0 export DPRC=dprc.2
		what do I tell the other way?      | export --for=dpdk dprc.1     | 4 the root DPRC, which is never assigned
		who has QEMU with that device?     | help export                  | 0 NXP's QEMU
		give it to a user                  | define --replace --owner=operator dprc.2 | 0 owner - operator
		what differs now?                  | status                       | 9 child: owner: * 'fslmc-vfio apply child'
		mend that                          | apply                        | 0 dprc.2 yes
	TABLE
	holder=$(hold_node_of dprc.2)
	answered <<-'TABLE'
		who holds it?                      | show dprc.2                  | 0 PID COMMAND * sleep /dev/vfio/1
		the same as a column               | list -o +HOLDER,COMMAND      | 0 sleep
		who has this object?               | show dpni.1                  | 0 bound to vfio-fsl-mc, group 1, held by sleep (
		could I take it back?              | unbind --dry-run dprc.2      | 5 process * (sleep) has /dev/vfio/1; stop that program
		wait until it is free              | wait --until=unused --timeout=1 dprc.2 | 1 not unused after 1 s
	TABLE
	let_go "$holder"
	board_exec sh -c 'sed s/child/gone/ /etc/fslmc-vfio.d/child.json >/etc/fslmc-vfio.d/stale.json
		echo dpio.10 >/sys/bus/fsl-mc/drivers/vfio-fsl-mc/unbind'
	answered <<-'TABLE'
		is it still all there?             | check dprc.2                 | 4 objects-unbound: * dpio.10 * 'fslmc-vfio rebind'
		does bind mend it?                 | bind dprc.2                  | 4 dpio.10 (no driver); 'fslmc-vfio rebind'
		then that                          | rebind dprc.2                | 0 dprc.2 yes
		why does apply refuse?             | apply                        | 3 'stale': no DPRC with the label 'gone'; 'fslmc-vfio status stale'
		what then?                         | status stale                 | 9 'fslmc-vfio undefine stale'; labels there are: 'child' (dprc.2), 'other'
		all that can be done               | apply --each                 | 9 child as-defined dprc.2 * stale missing
		forget it                          | undefine stale.json          | 0 stale yes
		take this board along              | capture /tmp/board           | 0 /tmp/board
		and look at it elsewhere           | --sysroot=/tmp/board show dpmac.3 | 0 dpmac.3 <-> dpni.3 in dprc.3
	TABLE
	before_write=1 halted bind dprc.3
	answered <<-'TABLE'
		who keeps me from it?              | bind dprc.2                  | 5 running: bind of dprc.3, PID *, since *; --wait SECONDS
		is what I see whole?               | list                         | 0 halfway: a change was in progress: bind of dprc.3, PID
	TABLE
	goes_on_soon
	answered <<-'TABLE'
		wait for that one                  | wait --until=bound dprc.3    | 0 dprc.3 bound
		give all back                      | unbind dprc.2 dprc.3         | 0 dprc.2 yes fsl_mc_dprc * dprc.3 yes fsl_mc_dprc
	TABLE
}

@test "LX2160A-RDB: hundreds of objects, and a label that is no name" {
	board_start lx2160a-rdb
	board_needed
	answered <<-'TABLE'
		what is there?                     |                              | 0 dprc.2 dprc.1 fsl_mc_dprc 1 151
		what has my port?                  | show dpmac.6                 | 0 dpmac.6 <-> dpni.5 in dprc.3
		which one is that?                 | show "LABEL=DPDK Container"  | 0 NAME dprc.2
		is it enough for DPDK?             | check --for=dpdk dprc.2      | 0 dprc.2: can be bound and is enough for dpdk
		is the other one?                  | check --for=dpdk --lcores=9 dprc.3 | 4 dprc.3: can be bound, but is not enough for dpdk
		what is left for more?             | list --pools                 | 0 mcp * dpmcp * dprc.1,dprc.2,dprc.3
		keep it so after a boot            | define dprc.2                | 0 dpdk-container yes
		what of that definition?           | status dpdk-container        | 9 dpdk-container not-bound dprc.2 DPDK Container
		take both                          | bind dprc.2 dprc.3           | 0 dprc.2 yes vfio-fsl-mc * dprc.3 yes vfio-fsl-mc
		is it as defined?                  | status                       | 0 as-defined
		who has my port now?               | show dpmac.6                 | 0 in dprc.3, bound to vfio-fsl-mc
		what is in it?                     | probe dprc.3                 | 0 dpni 3
		give both back                     | unbind dprc.2 dprc.3         | 0 dprc.2 yes fsl_mc_dprc * dprc.3 yes fsl_mc_dprc
	TABLE
}

@test "LS1088A-RDB: a container that Linux has not scanned" {
	board_start ls1088a-rdb
	board_needed
	answered <<-'TABLE'
		what is there?                     |                              | 0 dprc.2 dprc.1 - - 0 of 126
		what has my port?                  | show dpmac.6                 | 0 dpmac.6 <-> dpni.1 in dprc.2, which Linux has not scanned
		is this one free?                  | show dpmac.3                 | 0 dpmac.3, not connected
		where is this object?              | list dpni.1                  | 0 dpni.1 dprc.2
		which have network objects?        | list --type=dpni             | 0 dpni.0 dprc.1 * dpni.1 dprc.2
		can I take it?                     | check dprc.2                 | 0 dprc.2: can be bound
		keep it so after a boot            | define dprc.2                | 0 dpdk-container yes
		would its unit wait?               | wait --until=ready --timeout=1 dpdk-container | 0 dprc.2 ready
		make it so                         | apply                        | 0 dprc.2 yes vfio-fsl-mc
		is it as defined?                  | status                       | 0 as-defined
		who has my port now?               | show dpmac.6                 | 0 dpmac.6 <-> dpni.1 in dprc.2, bound to vfio-fsl-mc
		give it back                       | unbind dprc.2                | 0 dprc.2 yes -
	TABLE
}

@test "interfaces of the host: who carries it, what takes it, where is it now, is it back" {
	board_start nic --drivers
	board_needed
	nic=$(board_exec ls /sys/bus/fsl-mc/devices/dpni.1/net)
	board_exec ip link set "$nic" up
	answered <<-TABLE
		what is behind this interface?     | show $nic                    | 0 dpmac.3 <-> dpni.1 ($nic) in dprc.2, bound to fsl_dpaa2_eth
		the same as a row                  | list $nic                    | 0 dpni.1 dprc.2 fsl_dpaa2_eth
		which port is it?                  | list --ports                 | 0 dpmac.3 dpni.1 dprc.2 fsl_dpaa2_eth $nic
		can I take it?                     | check dprc.2                 | 4 $nic (up) * link set $nic down
		I want it all the same             | bind --allow=netdev-in-use dprc.2 | 0 taken from the host: $nic (up)
		where is my interface?             | show $nic                    | 0 bind took it * 'fslmc-vfio unbind dprc.2' * bound to vfio-fsl-mc
		who has my port now?               | show dpmac.3                 | 0 dpmac.3 <-> dpni.1 in dprc.2, bound to vfio-fsl-mc
		give it back                       | unbind dprc.2                | 0 interfaces are back, without their configuration: $nic
		is it?                             | show $nic                    | 0 dpni.1 ($nic) in dprc.2, bound to fsl_dpaa2_eth
	TABLE
}
