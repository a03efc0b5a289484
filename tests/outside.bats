# SPDX-License-Identifier: GPL-2.0-or-later
#
# An interface of the root DPRC that lives on a DPIO of the container.
#
# shellcheck disable=SC2154,SC2016

load lib/board
load lib/transaction

setup_file() { board_start nic-outside --drivers; }
teardown_file() { board_stop; }

@test "a container that others depend on is not taken" {
	same_state fslmc-vfio bind dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"outside-consumer"*"dpni.0 uses dpio."* ]]
}
