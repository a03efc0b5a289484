# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The compiler for the board: against the board's own Debian, whatever the host has.  Sourced, never run.

need_tools pkg-config aarch64-linux-gnu-gcc
"$board_dir/fetch" --tree sysroot
sysroot=$(tree_dir sysroot)/root
libraries=$sysroot/usr/lib/aarch64-linux-gnu

# A cross compiler brings a libc of its own, in a directory that it searches before the sysroot; on a
# newer host that libc is newer than the board's.  Hence every kind of file is pointed at explicitly.
# shellcheck disable=SC2034
cross_compiler="aarch64-linux-gnu-gcc --sysroot=$sysroot -B$libraries -L$libraries \
-isystem $sysroot/usr/include/aarch64-linux-gnu -isystem $sysroot/usr/include"

# crossing COMMAND...: run it so that pkg-config finds the board's libraries.
crossing() { PKG_CONFIG_SYSROOT_DIR=$sysroot PKG_CONFIG_LIBDIR=$libraries/pkgconfig "$@"; }
