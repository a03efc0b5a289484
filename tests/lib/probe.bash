# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What tests of probe share: two views of one container to compare, and a probe that watches.
#
# shellcheck disable=SC2034,SC2154

# What the firmware has of everything: a line each, so that differences can be read.
firmware_state() {
	firmware '{"do":"state"}' | jq -c 'del(.objects[].irqs[].raised) | .objects[], .connections[], .tokens[]'
}

# firmware_view DPRC: what the MC firmware has of a container, as probe_view shows what probe found.
# The kernel offers mmap of all regions but a DPRC's, if they are made of whole pages of its 4 KiB.
firmware_view() {
	firmware '{"do":"state"}' | jq -r --arg dprc "$1" '
		.objects[] | select(.object == $dprc or (.container == $dprc and .type != "dprc")) |
		. as $object |
		"\(.object) regions \(.regions | length) irqs \(.irqs | length)",
		(.regions[] | "\($object.object) region \(.index) " +
			"\(if .type == "mc_portal" then .type
			   else "qbman_" + ["cache_enabled", "cache_inhibited", "memory_backed"][.index] end) " +
			"size \(.size) " +
			(["read", "write"] + if $object.type == "dprc" or .size % 4096 > 0 then [] else ["mmap"] end | join(","))),
		(.irqs[] | "\($object.object) irq \(.index) count 1 eventfd")' | sort
}

# The same of probe --json, from standard input.
probe_view() {
	jq -r '
		(.objects[] | select(.verdict != "nested") | "\(.name) regions \(.region_count) irqs \(.irq_count)"),
		(.regions[] | "\(.object) region \(.index) \(.kind) size \(.size) \(.flags | join(","))"),
		(.irqs[] | "\(.object) irq \(.index) count \(.count) \(.flags | join(","))")' | sort
}

# Whatever an earlier test did to its interrupts.
bind_anew() {
	board_exec fslmc-vfio unbind "$1" >/dev/null
	board_exec fslmc-vfio bind "$1" >/dev/null
}

# status_after_irqs DPRC [OTHERWISE]: the exit status that the kernel's log calls for after a probe that
# used interrupts: it says when it has none left for a container, as Linux 7.2 does the second time.
status_after_irqs() {
	if board_exec dmesg | grep -q "vfio-fsl-mc $1: Failed to allocate IRQs"; then
		echo 8
	else
		echo "${2:-0}"
	fi
}

# watch_begin SECONDS [ARGS]: a probe of dprc.2 in the background that has armed all its interrupts.
watch_begin() {
	watch_dir=$BATS_TEST_TMPDIR
	# Descriptor 3 is bats': whoever keeps it open keeps bats waiting.
	board_exec fslmc-vfio probe -J --irq-watch "$@" dprc.2 >"$watch_dir/watched" 2>"$watch_dir/notes" 3>&- &
	watch_job=$!
	wait_for_notes "dprc.2: watching" 1
}

# wait_for_notes TEXT N: until the watching probe has said N lines with TEXT.
wait_for_notes() {
	local end=$((SECONDS + 120)) # arming hundreds takes a loaded machine a while
	until (($(grep -cF "$1" "$watch_dir/notes") >= $2)); do
		if ((SECONDS > end)) || ! kill -0 "$watch_job"; then
			cat "$watch_dir/notes"
			return 1
		fi
		sleep 0.05
	done
}

# watch_end [SIGNAL]: ends the watch as Ctrl-C would, or with another signal; leaves $watched and $watch_status.
watch_end() {
	watch_status=0
	board_exec pkill "-${1:-INT}" -o -x fslmc-vfio || true
	wait "$watch_job" || watch_status=$?
	watched=$(<"$watch_dir/watched")
	keep_json "probe -J --irq-watch" "$watched"
}
