/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The child that holds /dev/dprc.N, and our talk with it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/types.h>

#include "base/clock.h"
#include "base/util.h"
#include "kernel/helper.h"
#include "kernel/mc.h"
#include "kernel/mc_channel.h"
#include "kernel/sysfs.h"

/* include/uapi/linux/fsl_mc.h, which older kernel headers lack. */
#define SEND_MC_COMMAND _IOWR('R', 0xe0, struct mc_command)

#define OPEN_TRIES 20
#define OPEN_PAUSE_MS 50

#define MAX_TOKENS (2 * MC_OPEN_MAX)
#define TURN_MS 500

struct answer {
	int result;
	struct mc_command command;
};

struct server {
	int device;
	uint16_t tokens[MAX_TOKENS];
	size_t n_tokens;
};

static void remember(struct server *server, unsigned int id, uint16_t token, uint16_t answer)
{
	size_t i = 0;

	if (id >= MC_OPEN_FIRST && id <= MC_OPEN_LAST && answer) {
		server->tokens[server->n_tokens++] = answer;
	} else if (id == MC_CLOSE) {
		while (i < server->n_tokens && server->tokens[i] != token)
			i++;
		if (i < server->n_tokens)
			server->tokens[i] = server->tokens[--server->n_tokens];
	}
}

static int execute(struct server *server, struct mc_command *command)
{
	const unsigned int id = (unsigned int)mc_get(command, MC_AT_COMMAND, 2);
	const uint16_t token = (uint16_t)mc_get(command, MC_AT_TOKEN, 2);

	if (server->n_tokens == MAX_TOKENS && id != MC_CLOSE)
		return -EMFILE;
	if (ioctl(server->device, SEND_MC_COMMAND, command) < 0)
		return -errno;
	remember(server, id, token, (uint16_t)mc_get(command, MC_AT_TOKEN, 2));
	return 0;
}

/*
 * Begins no further command after half a second.  The parent takes the answers there are and asks
 * again, so it waits for one slow command at most, and the kernel for one that is never answered.
 */
static size_t execute_some(struct server *server, const struct mc_command *commands, size_t n,
			   struct answer *ret_answers)
{
	const int64_t enough = clock_now_ms() + TURN_MS;
	size_t i = 0;

	do {
		ret_answers[i].command = commands[i];
		ret_answers[i].result = execute(server, &ret_answers[i].command);
	} while (++i < n && clock_now_ms() < enough);
	return i;
}

/* In the child.  Ends when the parent closes its end, even if it was killed. */
static void serve(int device)
{
	struct server server = { .device = device };
	struct mc_command commands[MC_AT_ONCE];
	struct answer answers[MC_AT_ONCE];
	ssize_t size;

	while ((size = recv(HELPER_SOCKET, commands, sizeof(commands), 0)) > 0) {
		const size_t n =
			execute_some(&server, commands, (size_t)size / sizeof(*commands), answers);

		helper_answer(answers, n * sizeof(*answers));
	}
	while (server.n_tokens) {
		struct mc_command command =
			mc_command_new(MC_CLOSE, server.tokens[--server.n_tokens]);

		ioctl(device, SEND_MC_COMMAND, &command);
	}
}

/*
 * Who has the last DPMCP is often another of us, and soon done.  -EINVAL is what a board was seen
 * to answer to a second open (dpaa2-controlplane, docs/baseline/dpmcp.md).
 */
static int open_device(int root_fd, const char *path)
{
	/* Opening a FIFO in place of the kernel's node would never return otherwise. */
	const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY;

	for (int try = 1;; try++) {
		const int fd = sysfs_open_at(root_fd, path, flags);

		if ((fd != -ENXIO && fd != -EBUSY && fd != -EINVAL) || try == OPEN_TRIES)
			return fd;
		clock_sleep_ms(OPEN_PAUSE_MS);
	}
}

/* In the child; context is the path of the device. */
static void hold_device(const void *context)
{
	int device = open_device(HELPER_FIRST_FD, context);
	const int result = device < 0 ? device : 0;

	helper_answer(&result, sizeof(result));
	if (device >= 0)
		serve(device);
	/* Before the socket, which ends with us: /dev/dprc.N is then free for the next. */
	close_pointer(&device);
}

/* An answer that has not come by now does not come; a healthy MC takes microseconds. */
#define TIMEOUT_MS 5000

/*
 * Longer than the kernel waits for an answer: MC_CMD_COMPLETION_TIMEOUT_MS is 15 s, counted in
 * pauses of 10 us, which take longer on a slow machine.
 */
#define CHANGE_TIMEOUT_MS 60000

/* The size of the answer. */
static ssize_t receive_until(struct mc *mc, int64_t deadline, void *ret_answer, size_t size)
{
	const ssize_t n = helper_receive(mc->fd, ret_answer, size, deadline);

	if (n > 0)
		return n;
	/* Its late answer would pass for that of the next command. */
	mc->deadline = 0;
	return n < 0 ? -ETIMEDOUT : -EPIPE;
}

static ssize_t receive(struct mc *mc, void *ret_answer, size_t size)
{
	const int64_t timeout = clock_now_ms() + TIMEOUT_MS;

	return receive_until(mc, timeout < mc->deadline ? timeout : mc->deadline, ret_answer, size);
}

/* held_fd: the child has it open as long as it lives; -1: none. */
static int start_child(const struct sysfs *sysfs, const char *path, int held_fd, struct mc *mc)
{
	const int fds[] = { sysfs->root_fd, held_fd };
	struct helper helper;
	int result;
	int r = helper_start(fds, held_fd < 0 ? 1 : 2, hold_device, path, &helper);

	if (r < 0)
		return r;
	mc->fd = helper.socket;
	mc->child = helper.pid;
	r = (int)receive(mc, &result, sizeof(result));
	return r < 0 ? r : result;
}

static char *node_path(uint32_t root_id) { return xasprintf("dev/dprc.%u", root_id); }

bool mc_has_node(const struct sysfs *sysfs, uint32_t root_id)
{
	_cleanup_free_ char *path = node_path(root_id);

	return sysfs_exists(sysfs->root_fd, path);
}

int mc_open(const struct sysfs *sysfs, uint32_t root_id, int deadline_ms, struct mc *mc)
{
	const bool is_usable = mc->transcript || (mc->fd >= 0 && mc->deadline);
	_cleanup_free_ char *path = node_path(root_id);
	int r = 0;

	if (!is_usable || mc->root_id != root_id)
		mc_close(mc);
	mc->deadline = clock_now_ms() + deadline_ms;
	if (mc->transcript || mc->fd >= 0)
		return 0;
	mc->root_id = root_id;
	if (sysfs->is_live)
		r = start_child(sysfs, path, -1, mc);
	else
		r = mc_transcript_load(sysfs, path, &mc->transcript);
	if (r < 0)
		mc_close(mc);
	return r;
}

int mc_open_holding(const struct sysfs *sysfs, uint32_t root_id, int deadline_ms, int held_fd,
		    struct mc *mc)
{
	_cleanup_free_ char *path = node_path(root_id);
	int r;

	mc_close(mc);
	if (!sysfs->is_live)
		return -EROFS;
	mc->deadline = clock_now_ms() + deadline_ms;
	mc->root_id = root_id;
	r = start_child(sysfs, path, held_fd, mc);
	if (r < 0)
		mc_close(mc);
	return r;
}

/* How many were answered.  timeout_ms: for that; 0: what is usual, within the deadline. */
static ssize_t exchange(struct mc *mc, const struct mc_command *commands, size_t n, int timeout_ms,
			struct answer *ret_answers)
{
	const size_t size = n * sizeof(*ret_answers);
	ssize_t r;

	if (clock_now_ms() >= mc->deadline)
		return -ETIMEDOUT;
	if (send(mc->fd, commands, n * sizeof(*commands), MSG_NOSIGNAL) < 0) {
		mc->deadline = 0;
		return -EPIPE;
	}
	r = timeout_ms ? receive_until(mc, clock_now_ms() + timeout_ms, ret_answers, size)
		       : receive(mc, ret_answers, size);
	return r < 0 ? r : r / (ssize_t)sizeof(*ret_answers);
}

static size_t send_some(struct mc *mc, struct mc_command *commands, size_t n, int timeout_ms,
			int *ret_results)
{
	struct answer answers[MC_AT_ONCE];
	const ssize_t r =
		mc->transcript ? (ssize_t)n : exchange(mc, commands, n, timeout_ms, answers);
	const size_t n_done = r < 0 ? 1 : (size_t)r;

	mc->n_commands += n_done;
	for (size_t i = 0; i < n_done; i++) {
		const struct mc_command request = commands[i];

		if (mc->transcript) {
			ret_results[i] = mc_transcript_send(mc->transcript, &commands[i]);
		} else if (r < 0) {
			ret_results[i] = (int)r;
		} else {
			ret_results[i] = answers[i].result;
			commands[i] = answers[i].command;
		}
		if (mc->recording)
			mc_recording_add(mc->recording, &request, ret_results[i], &commands[i]);
	}
	return n_done;
}

size_t mc_send_some(struct mc *mc, struct mc_command *commands, size_t n, int *ret_results)
{
	return send_some(mc, commands, n, 0, ret_results);
}

int mc_send(struct mc *mc, struct mc_command *command)
{
	int r;

	send_some(mc, command, 1, 0, &r);
	return r;
}

int mc_send_change(struct mc *mc, struct mc_command *command)
{
	int r;

	send_some(mc, command, 1, CHANGE_TIMEOUT_MS, &r);
	return r == -ETIMEDOUT && !mc->deadline ? -EINPROGRESS : r;
}

bool mc_is_lost(int r) { return r == -ETIMEDOUT || r == -EINPROGRESS || r == -EPIPE; }

/*
 * The child closes its end when it is through, and then it holds nothing any more.  If it is still
 * in the kernel at the deadline it is left alone: it will close what it has open, and init will
 * reap it.
 */
void mc_close(struct mc *mc)
{
	ssize_t r;
	int answer;

	mc_transcript_free(mc->transcript);
	if (mc->fd >= 0) {
		shutdown(mc->fd, SHUT_WR);
		while ((r = receive(mc, &answer, sizeof(answer))) > 0)
			;
		helper_end(&(struct helper){ mc->fd, mc->child }, r == -EPIPE);
	}
	*mc = MC_CLOSED;
}

void mc_abandon(struct mc *mc) { mc->deadline = 0; }
