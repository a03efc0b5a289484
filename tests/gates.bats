# SPDX-License-Identifier: GPL-2.0-or-later
#
# The static gates, one make target each.

load lib/source

setup() { cd "${FSLMC_VFIO_BUILD:-build}/native" || return 1; }

@test "the code has the project's format" { make -s check-format; }
@test "shellcheck accepts every script" { make -s check-shell; }
@test "mandoc accepts every manual" { make -s check-man; }
@test "codespell finds no typing error" { make -s check-spelling; }
@test "clang builds it without a warning" { make -s check-clang; }
@test "gcc's analyzer finds nothing" { make -s check-analyzer; }
@test "clang-tidy finds nothing" { make -s check-tidy; }
@test "make check passes with address and undefined-behaviour sanitizers" { make -s check-sanitizers; }
@test "make distcheck passes" { make -s distcheck; }
