# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What tests run besides bats may not be installed.

# lacks WHAT: ends this test, as a skip by name for people, and as a failure in CI.
lacks() {
	[[ ${CI:-} != true ]] || { printf '%s is not installed\n' "$1" >&2; return 1; }
	skip "$1 is not installed"
}

# needs_tools TOOL...: not in a pipe or $(...), where a skip would end only that.
needs_tools() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null || lacks "$tool"
	done
}
