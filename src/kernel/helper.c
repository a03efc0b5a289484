/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A child process for calls that may block in the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/util.h"
#include "kernel/helper.h"

#define SEND_TRIES 5
#define RETRY_MS 1
#define TICK_MS 100

void (*helper_waiting)(void);

/* Copies first go above all targets, so that none is overwritten before it is copied. */
static bool arrange(int socket, const int *fds, size_t n_fds)
{
	const int above = HELPER_FIRST_FD + HELPER_FDS_MAX;
	int copies[HELPER_FIRST_FD + HELPER_FDS_MAX];

	copies[HELPER_SOCKET] = fcntl(socket, F_DUPFD, above);
	for (size_t i = 0; i < n_fds; i++)
		copies[HELPER_FIRST_FD + i] = fcntl(fds[i], F_DUPFD, above);
	for (size_t i = 0; i < HELPER_FIRST_FD + n_fds; i++)
		if (copies[i] < 0 || dup2(copies[i], (int)i) < 0)
			return false;
	return close_from((unsigned int)(HELPER_FIRST_FD + n_fds)) >= 0;
}

int helper_start(const int *fds, size_t n_fds, void (*run)(const void *context),
		 const void *context, struct helper *ret_helper)
{
	struct helper helper;
	sigset_t all, before;
	int ends[2], r;

	if (n_fds > HELPER_FDS_MAX)
		return -E2BIG;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	/* Before the fork: the child must not be ended between that and its own blocking. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	helper = (struct helper){ .socket = ends[0], .pid = _Fork() };
	if (helper.pid == 0) {
		if (arrange(ends[1], fds, n_fds))
			run(context);
		_exit(0);
	}
	r = helper.pid < 0 ? -errno : 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(ends[1]);
	if (r < 0)
		close(helper.socket);
	else
		*ret_helper = helper;
	return r;
}

void helper_answer(const void *answer, size_t size)
{
	for (int try = 0; try < SEND_TRIES; try++)
		if (send(HELPER_SOCKET, answer, size, MSG_NOSIGNAL) >= 0)
			return;
}

/*
 * Only a message, the child's end or the deadline end the wait: if a passing error ended it, the
 * caller would roll back a write that is still pending.
 */
ssize_t helper_receive(int socket, void *answer, size_t size, int64_t deadline)
{
	struct pollfd pollfd = { .fd = socket, .events = POLLIN };

	for (;;) {
		const int left_ms = deadline_left_ms(deadline);
		ssize_t n;

		poll(&pollfd, 1,
		     helper_waiting && (left_ms < 0 || left_ms > TICK_MS) ? TICK_MS : left_ms);
		n = recv(socket, answer, size, MSG_DONTWAIT);
		if (n >= 0)
			return n;
		if (left_ms == 0)
			return -EINPROGRESS;
		if (errno != EAGAIN)
			clock_sleep_ms(RETRY_MS);
		else if (helper_waiting)
			helper_waiting();
	}
}

void helper_end(struct helper *helper, bool is_exiting)
{
	close(helper->socket);
	while (waitpid(helper->pid, NULL, is_exiting ? 0 : WNOHANG) < 0 && errno == EINTR)
		;
}
