# SPDX-License-Identifier: GPL-2.0-or-later
# fish completion for fslmc-vfio: the program itself knows what can follow.

function __fslmc_vfio_candidates
    set -l words (commandline -opc) (commandline -ct)
    if test "$words[-2]" = --sysroot
        __fish_complete_path $words[-1]
    else if set -l path (string replace -r '^--sysroot=' '' -- $words[-1])
        printf '%s\n' --sysroot=(__fish_complete_path "$path")
    else
        $words[1] __complete $words[2..-1] 2>/dev/null
    end
end

complete -c fslmc-vfio -f -a '(__fslmc_vfio_candidates)'
