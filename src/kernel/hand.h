/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A child that does in our stead what may hang in the kernel, so that a deadline can be kept.
 *
 * It is started when first needed and serves one call after the other.  It holds no descriptors but
 * those of the call at hand: while it hangs it keeps no lock and no VFIO descriptor of ours.  One
 * that hangs is left alone: it ends when the kernel lets it, and the next call gets another child.
 * Whatever becomes of us, what it has begun it ends.
 *
 * Silent: functions return 0 or a negative errno, and leave their outputs alone on failure.
 */
#ifndef KERNEL_HAND_H
#define KERNEL_HAND_H

#include <stdint.h>

/*
 * One write(2) of text, at most HAND_TEXT_MAX bytes, to fd.  keep_fd, if not -1, is held open by
 * the child for as long as the call lasts, whoever ends before.  -EINPROGRESS: the deadline
 * (base/clock.h) passed.  -EIO: the child died, as in a kernel oops.
 */
int hand_write(int fd, const char *text, int keep_fd, int64_t deadline);

/* One read(2) from fd, of at most HAND_TEXT_MAX bytes.  Errors as above. */
int hand_read(int fd, int64_t deadline, char **ret_text);

#define HAND_TEXT_MAX 4096

#endif
