/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A child process for calls that may block in the kernel beyond any signal, so that its parent can
 * keep a deadline.
 *
 * It holds no descriptors but those it is given: while it hangs it keeps no lock and no VFIO
 * descriptor of ours, unless that is wanted.  It blocks all signals: those that end its parent go
 * to the whole foreground, and what it has begun it completes.  One that hangs is left alone and
 * ends when the kernel lets it.
 *
 * Silent: functions return 0 or a negative errno, and leave their outputs alone on failure.
 */
#ifndef KERNEL_HELPER_H
#define KERNEL_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* In the child: its socket to the parent, and the first of the descriptors it was given. */
#define HELPER_SOCKET 0
#define HELPER_FIRST_FD 1
#define HELPER_FDS_MAX 64

/* The parent's side. */
struct helper {
	int socket;
	pid_t pid;
};

/*
 * Starts a child that has fds, in their order, from HELPER_FIRST_FD on, calls run(context) and
 * exits.  -E2BIG: more than HELPER_FDS_MAX.  run() calls nothing but the kernel: the child was made
 * by _Fork(3).
 */
int helper_start(const int *fds, size_t n_fds, void (*run)(const void *context),
		 const void *context, struct helper *ret_helper);

/* In the child: one message to the parent. */
void helper_answer(const void *answer, size_t size);

/*
 * One message from the child: its size; 0 if the child ended without one.  -EINPROGRESS: the
 * deadline (base/clock.h) passed.
 */
ssize_t helper_receive(int socket, void *answer, size_t size, int64_t deadline);

/* Called now and then while a child is waited for; NULL: nothing is. */
extern void (*helper_waiting)(void);

/*
 * Closes the socket.  is_exiting: nothing is left to the child but to exit; waits for that.  Else
 * the child may hang in the kernel, and is only reaped if it has ended.
 */
void helper_end(struct helper *helper, bool is_exiting);

#endif
