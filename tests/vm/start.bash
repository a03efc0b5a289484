# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Bringing a virtual board up: initramfs, device tree or ACPI tables, firmware, QEMU, ssh, each in its own function.
# Sourced by board, which also has the functions that take a board down.

# What runs on the board is told by options, so this is the only state besides files in $dir.
topology=small kernel=6.1 cpus=1 install='' append='' systemd='' acpi='' layers=() occasions=(net vfio)
deadline=120

start_options() {
	while (($#)); do
		case $1 in
		--topology) topology=${2:?} && shift ;;
		--kernel)
			kernel=${2%+acpi}
			[[ $2 == "$kernel" ]] || acpi=covers
			shift
			;;
		--cpus) cpus=${2:?} && shift ;;
		--install) install=${2:?} && shift ;;
		--append) append=${2:?} && shift ;;
		--deadline) deadline=${2:?} && shift ;;
		--no-vfio) occasions=(net) ;;
		--drivers) occasions+=(drivers) ;;
		--layer) layers+=("${2:?}") && shift ;;
		--acpi) acpi=covers ;;
		--acpi=covers | --acpi=short | --acpi=none) acpi=${1#*=} ;;
		--systemd) systemd=yes layers+=(systemd) ;;
		*) usage_error "start: unknown option $1" ;;
		esac
		shift
	done
	[[ -f $topology ]] || topology=$board_dir/topologies/$topology.json
	[[ -f $topology ]] || usage_error "no topology file $topology"
	[[ -z $acpi || $kernel != iommufd* ]] || usage_error "the kernels $kernel were built without ACPI"
}

# Loaded in the order of the occasions, which is also that of modules.list.
start_modules() {
	local occasion
	for occasion in "${occasions[@]}"; do
		read_list "$board_dir/modules.list" | awk -v occasion="$occasion" '$1 == occasion { print $2 }'
	done | paste -sd' '
}

# systemd as the first process instead of ours, and a unit that lets people in.
start_systemd() {
	local units=$1/etc/systemd/system
	mkdir -p "$units/multi-user.target.wants"
	ln -s /usr/lib/systemd/systemd "$1/init"
	ln -s /usr/lib/systemd/system/multi-user.target "$units/default.target"
	ln -s /etc/systemd/system/board.service "$units/multi-user.target.wants/board.service"
	# Or it would ask at the console for a host name, and wait there for a login.
	printf '%032x\n' 1 >"$1/etc/machine-id"
	ln -s /dev/null "$units/getty.target"
	ln -s /dev/null "$units/systemd-logind.service"
	cat >"$units/board.service" <<-UNIT
		[Unit]
		Description=Way into the virtual board
		[Service]
		Type=oneshot
		RemainAfterExit=yes
		ExecStart=/usr/lib/board-enter
		StandardOutput=tty
		TTYPath=/dev/console
	UNIT
}

# What distinguishes this board from others with the same userland.
start_overlay() {
	local overlay=$dir/overlay
	mkdir -p "$overlay"/{etc,root/.ssh,home/operator/.ssh,usr/bin,proc,sys,dev,run,tmp}
	chmod 700 "$overlay"/{root,home/operator}{,/.ssh}
	chmod 1777 "$overlay/tmp"
	mkdir -p "$overlay/usr/lib"
	install -m 755 "$board_dir/enter" "$overlay/usr/lib/board-enter"
	if [[ -n $systemd ]]; then
		start_systemd "$overlay"
	else
		install -m 755 "$board_dir/init" "$overlay/init"
	fi
	ln -s mawk "$overlay/usr/bin/awk"
	printf 'BOARD_NAME=%q\nBOARD_MODULES=%q\n' "$name" "$(start_modules)" >"$overlay/etc/board.conf"
	# dash, because every command pays for starting the shell.
	printf '%s:x:%s:%s:%s:%s:/bin/sh\n' root 0 0 root /root operator 1000 1000 operator /home/operator >"$overlay/etc/passwd"
	printf '%s:x:%s:\n' root 0 tty 5 operator 1000 nogroup 65534 >"$overlay/etc/group"
	printf '/bin/sh\n' >"$overlay/etc/shells"
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$dir/key"
	install -m 600 "$dir/key.pub" "$overlay/root/.ssh/authorized_keys"
	install -m 600 "$dir/key.pub" "$overlay/home/operator/.ssh/authorized_keys"
	if [[ -n $install ]]; then
		# A directory named lib would replace the link of that name on the board.
		cp -a "$install/." "$overlay"
		if [[ -d $overlay/lib ]]; then
			cp -a "$overlay/lib/." "$overlay/usr/lib"
			rm -r "${overlay:?}/lib"
		fi
	fi
}

start_initramfs() {
	local layer
	start_overlay
	{
		# In front, or Linux does not find them.
		[[ -z $acpi ]] || cat "$dir/tables"
		cat "$(tree_dir userland)/root.cpio"
		for layer in "${layers[@]}"; do
			cat "$(tree_dir "$layer")/root.cpio"
		done
		cat "$(kernel_dir "$kernel")/modules.cpio"
		(cd "$dir/overlay" && find . -mindepth 1 | cpio --quiet -o -H newc -R 0:0)
	} >"$dir/initramfs"
	rm -r "$dir/overlay"
}

# How the machine describes itself: one dtb for QEMU, or tables for the initramfs.
start_description() {
	if [[ -n $acpi ]]; then
		[[ -f $uefi ]] || missing "no $uefi; tests/setup installs qemu-efi-aarch64"
		machine_map acpi
		"$board_dir/acpi-tables" "$topology" "$dir/tables" "$acpi"
	else
		machine_map tree
		"$board_dir/device-tree" "$topology" "$dir/tree.dtb" "$cpus"
	fi
}

# Guest RAM is a file that the firmware maps too.  Containers often have a tiny /dev/shm.
memory_file() {
	local directory=/dev/shm
	(($(df --output=avail -B1M $directory 2>/dev/null | tail -n 1) > 1024)) || directory=$dir
	mktemp "$directory/fslmc-vfio-$name.XXXXXX"
}

start_firmware() {
	local log=$dir/firmware.log
	[[ -x $firmware ]] || missing "no firmware at $firmware: tests/vm/cross-build makes it"
	setsid "$firmware" --memory "$memory" --ram-size "$(numfmt --from=iec "$memory_size")" --base "$portals" --topology "$topology" --control "$dir/control" \
		--qtest "$dir/qtest" --log "$dir/firmware.commands" </dev/null >"$log" 2>&1 &
	local process=$!
	printf '%s\n' "$process" >"$dir/firmware.pid"
	until [[ -S $dir/control ]]; do
		# Not is_running: until it is another program, its command line is ours.
		kill -0 "$process" 2>/dev/null || { cat "$log" >&2; die "$name: the firmware did not start"; }
		sleep 0.02
	done
}

# oops=panic, panic=-1 and -no-reboot together make a crash the end of QEMU, which everybody notices.
start_machine() {
	# A program whose addresses are others at every start is translated anew by the emulator at every
	# start, at the price of some 30 ms, which no real processor takes: hence norandmaps.  Where Linux itself has
	# random addresses it keeps its page tables from the programs (KPTI), which a Cortex-A72 has no need of, and the
	# emulator then forgets all translations twice in every system call, a third of its time: hence kpti=off.
	local command_line="console=ttyAMA0 loglevel=4 oops=panic panic=-1 norandmaps kpti=off $memory_limit"
	local description=(-dtb "$dir/tree.dtb")
	[[ -z $acpi ]] || description=(-bios "$uefi")
	qemu-system-aarch64 "${machine[@]}" -smp "$cpus" -m "$memory_size" \
		-object "memory-backend-file,id=mem,size=$memory_size,mem-path=$memory,share=on" -machine memory-backend=mem \
		-kernel "$(kernel_dir "$kernel")/vmlinuz" -initrd "$dir/initramfs" "${description[@]}" \
		-append "$command_line $append" -no-reboot \
		-chardev "file,id=console,path=$dir/console" -serial chardev:console \
		-netdev user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:0-:22 -device virtio-net-device,netdev=net \
		-monitor "unix:$dir/monitor,server=on,wait=off" \
		-qtest "unix:$dir/qtest,server=on,wait=off" -qtest-log none \
		-pidfile "$dir/machine.pid" -daemonize
}

# QEMU takes any free port; its monitor tells which, sooner or later.
forwarded_port() {
	local port='' seconds
	for seconds in 1 2 5 10; do
		port=$(printf 'info usernet\n' | socat -t "$seconds" - "UNIX-CONNECT:$dir/monitor" | tr -d '\r' |
			awk '/HOST_FORWARD/ { print $4; exit }')
		[[ -z $port ]] || break
	done
	printf '%s\n' "$port"
}

# UEFI clears the screen before it, on the same line.
start_wait_ready() {
	until grep -q 'board: ready' "$dir/console" 2>/dev/null; do
		is_running machine || board_died
		((SECONDS < deadline)) || board_hangs "no shell within $deadline s"
		sleep 0.05
	done
}

start_ssh() {
	cat >"$dir/ssh_config" <<CONFIG
Host $name
HostName 127.0.0.1
Port $(forwarded_port)
User root
IdentityFile $dir/key
IdentitiesOnly yes
StrictHostKeyChecking no
UserKnownHostsFile /dev/null
LogLevel ERROR
ConnectTimeout 60
CONFIG
	# The one connection that all runs share.
	ssh -F "$dir/ssh_config" -o ControlPath="$dir/ssh-%r" -o ControlMaster=yes -fN "$name" </dev/null >/dev/null 2>"$dir/ssh.log" ||
		{ cat "$dir/ssh.log" >&2; board_hangs "no answer to ssh"; }
}
