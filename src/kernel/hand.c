/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A child that does in our stead what may hang in the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/processors.h"
#include "base/util.h"
#include "kernel/hand.h"

#define SEND_TRIES 5

#define DOZE_US 5000

enum task { TASK_READ, TASK_WRITE };

/* n is the length of text, or, of an answer, a negative errno. */
struct message {
	enum task task;
	int n;
	struct processors processors; /* of a write: which it has to keep off */
	char text[HAND_TEXT_MAX];
};

/* The descriptors of a call: what it is about, and what is kept open meanwhile. */
union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(2 * sizeof(int))];
};

static struct {
	int socket;
	pid_t child, owner; /* a fork of ours must not talk to it, too */
} hand = { .socket = -1 };

static size_t message_size(const struct message *message)
{
	return offsetof(struct message, text) + (size_t)(message->n > 0 ? message->n : 0);
}

/* In the child.  False: nobody will ask any more. */
static bool receive_call(struct message *call, int fds[2])
{
	union control control = { 0 };
	struct iovec iov = { call, sizeof(*call) };
	struct msghdr header = { .msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes) };
	const struct cmsghdr *rights;

	fds[0] = fds[1] = -1;
	if (recvmsg(0, &header, 0) <= 0)
		return false;
	rights = CMSG_FIRSTHDR(&header);
	if (!rights || rights->cmsg_type != SCM_RIGHTS)
		return false;
	memcpy(fds, CMSG_DATA(rights), rights->cmsg_len - CMSG_LEN(0));
	return true;
}

static void serve(const struct message *call, int fd, struct message *ret_answer)
{
	ssize_t n;

	if (call->task == TASK_WRITE) {
		processors_leave(&call->processors);
		n = write(fd, call->text, (size_t)call->n);
	} else {
		n = read(fd, ret_answer->text, sizeof(ret_answer->text) - 1);
	}
	ret_answer->task = call->task;
	ret_answer->n = n < 0 ? -errno : (int)n;
	if (call->task == TASK_WRITE && n >= 0)
		ret_answer->n = n == call->n ? 0 : -EIO;
}

static _Noreturn void be_child(int socket)
{
	static struct message call, answer;
	sigset_t all;
	int fds[2];

	/* Those that end us go to the whole foreground; this one answers first. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	if (dup2(socket, 0) < 0 || close_from(1) < 0)
		_exit(1);
	while (receive_call(&call, fds)) {
		serve(&call, fds[0], &answer);
		for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
			if (fds[i] >= 0)
				close(fds[i]);
		for (int try = 0; try < SEND_TRIES; try++)
			if (send(0, &answer, message_size(&answer), MSG_NOSIGNAL) >= 0)
				break;
	}
	_exit(0);
}

static void forget(void)
{
	close_pointer(&hand.socket);
	hand.socket = -1;
}

/* Field 39 of proc_pid_stat(5), which counts from 1 and has the state, the first after ')', as 3.
 */
static int processor_of(pid_t child)
{
	_cleanup_free_ char *path = xasprintf("/proc/%d/stat", (int)child);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[1024] = "", *rest;
	int processor;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		return -1;
	rest = strrchr(text, ')');
	for (int field = 2; rest && field < 39; field++)
		rest = strchr(rest + 1, ' ');
	return rest && sscanf(rest, "%d", &processor) == 1 ? processor : -1;
}

static int start(void)
{
	const struct timeval doze = { .tv_usec = DOZE_US };
	int ends[2], r;

	if (hand.socket >= 0 && hand.owner == getpid())
		return 0;
	forget();
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	hand.socket = ends[0];
	/* Without it a deadline would mean nothing. */
	hand.child = setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &doze, sizeof(doze)) < 0
			     ? -1
			     : _Fork();
	if (hand.child == 0)
		be_child(ends[1]);
	r = hand.child < 0 ? -errno : 0;
	close(ends[1]);
	hand.owner = getpid();
	if (r < 0)
		forget();
	return r;
}

static int send_call(struct message *call, int fd, int keep_fd)
{
	const int fds[] = { fd, keep_fd };
	const size_t n_bytes = (keep_fd < 0 ? 1 : 2) * sizeof(int);
	union control control = { 0 };
	struct iovec iov = { call, message_size(call) };
	struct msghdr header = { .msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = CMSG_SPACE(n_bytes) };

	control.header = (struct cmsghdr){ .cmsg_len = CMSG_LEN(n_bytes),
					   .cmsg_level = SOL_SOCKET,
					   .cmsg_type = SCM_RIGHTS };
	memcpy(CMSG_DATA(&control.header), fds, n_bytes);
	return sendmsg(hand.socket, &header, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/*
 * A processor whose program sleeps is where the next one that wakes up is put first.  If that one
 * polls the MC with interrupts off, the sleeper's timer is off, too, until it ends.  Our writes are
 * kept away from us, but those that a reader waits for are other people's: so it stays awake.
 */
static int sleep_ms(enum task task, int64_t deadline)
{
	return task == TASK_WRITE ? deadline_left_ms(deadline) : 0;
}

/*
 * Only the answer, the child's death or the deadline end the wait: were a passing error to end it,
 * the caller would undo a write that is still going on.  The answer takes the place of the call.
 * Most come at once, while recv(2) dozes.
 */
static int receive_answer(struct message *call, int64_t deadline)
{
	struct pollfd pollfd = { .fd = hand.socket, .events = POLLIN };
	const enum task task = call->task;

	for (int flags = 0;; flags = MSG_DONTWAIT) {
		const ssize_t n = recv(hand.socket, call, sizeof(*call), flags);

		if (n == 0)
			return -EIO;
		if (n > 0)
			return call->n;
		if (errno != EAGAIN)
			clock_sleep_ms(1);
		if (deadline_left_ms(deadline) == 0)
			return -EINPROGRESS;
		poll(&pollfd, 1, sleep_ms(task, deadline));
	}
}

/* A child that was killed since it last served is replaced. */
static int start_and_send(struct message *call, int fd, int keep_fd)
{
	int r = start();

	if (r >= 0)
		r = send_call(call, fd, keep_fd);
	if (r != -EPIPE)
		return r;
	forget();
	r = start();
	return r < 0 ? r : send_call(call, fd, keep_fd);
}

static int call_hand(struct message *call, int fd, int keep_fd, int64_t deadline)
{
	const enum task task = call->task;
	int r;

	call->processors = task == TASK_WRITE ? *processors_part() : (struct processors){ 0 };
	r = start_and_send(call, fd, keep_fd);
	if (r >= 0)
		r = receive_answer(call, deadline);
	if (task == TASK_WRITE)
		processors_rejoin();
	if (r != -EINPROGRESS && r != -EIO)
		return r;
	forget();
	/* While it polls with interrupts off, whatever is scheduled there waits with it. */
	if (r == -EINPROGRESS && task == TASK_WRITE)
		processors_avoid(processor_of(hand.child));
	return r;
}

int hand_write(int fd, const char *text, int keep_fd, int64_t deadline)
{
	struct message call = { .task = TASK_WRITE, .n = (int)strlen(text) };

	if (call.n > HAND_TEXT_MAX)
		return -E2BIG;
	memcpy(call.text, text, (size_t)call.n);
	return call_hand(&call, fd, keep_fd, deadline);
}

int hand_read(int fd, int64_t deadline, char **ret_text)
{
	struct message call = { .task = TASK_READ };
	int r = call_hand(&call, fd, -1, deadline);

	if (r < 0)
		return r;
	call.text[r] = '\0';
	*ret_text = xstrdup(call.text);
	return 0;
}
