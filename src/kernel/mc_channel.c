/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The child that holds /dev/dprc.N, and our talk with it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/types.h>

#include "base/clock.h"
#include "base/processors.h"
#include "base/util.h"
#include "kernel/mc.h"
#include "kernel/mc_channel.h"
#include "kernel/sysfs.h"

/* include/uapi/linux/fsl_mc.h, which older kernel headers lack. */
#define SEND_MC_COMMAND _IOWR('R', 0xe0, struct mc_command)

#define OPEN_TRIES 20
#define OPEN_PAUSE_MS 50

#define MAX_TOKENS (2 * MC_KEPT_MAX)

struct answer {
	int result;
	struct mc_command commands[MC_MESSAGE_MAX]; /* as many as were sent */
};

struct server {
	struct mc_transcript *transcript; /* if not NULL, there is no device */
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

	if (server->transcript)
		return mc_transcript_send(server->transcript, command);
	if (server->n_tokens == MAX_TOKENS && id != MC_CLOSE)
		return -EMFILE;
	if (ioctl(server->device, SEND_MC_COMMAND, command) < 0)
		return -errno;
	remember(server, id, token, (uint16_t)mc_get(command, MC_AT_TOKEN, 2));
	return 0;
}

/* What waits for a token that was not given is not executed. */
static int execute_all(struct server *server, struct mc_command *commands, size_t n)
{
	int result = 0;

	for (size_t i = 0; i < n && result != -ETIMEDOUT; i++) {
		int r;

		if (i && !mc_get(&commands[i], MC_AT_TOKEN, 2)) {
			const uint64_t token = mc_get(&commands[0], MC_AT_TOKEN, 2);

			if (!token)
				break;
			mc_put(&commands[i], MC_AT_TOKEN, 2, token);
		}
		r = execute(server, &commands[i]);
		if (result >= 0 || r == -ETIMEDOUT)
			result = r;
	}
	return result;
}

/* In the child.  Ends when the other end is closed, be it by a kill. */
static void serve(int socket, int device)
{
	struct server server = { .device = device };
	struct answer answer;
	ssize_t n;

	while ((n = recv(socket, answer.commands, sizeof(answer.commands), 0)) > 0) {
		answer.result =
			execute_all(&server, answer.commands, (size_t)n / sizeof(*answer.commands));
		send(socket, &answer, offsetof(struct answer, commands) + (size_t)n, MSG_NOSIGNAL);
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
	for (int try = 1;; try++) {
		const int fd = sysfs_open_at(root_fd, path, O_RDONLY);

		if ((fd != -ENXIO && fd != -EBUSY && fd != -EINVAL) || try == OPEN_TRIES)
			return fd;
		clock_sleep_ms(OPEN_PAUSE_MS);
	}
}

/*
 * The signals that end us go to the whole foreground; they must not keep the child from closing
 * its tokens.  And while it waits in the kernel it must not hold a lock, a pipe or a VFIO
 * descriptor of ours.
 */
static _Noreturn void be_child(int socket, int root_fd, const char *path)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };
	int device, result;

	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++)
		signal(ignored[i], SIG_IGN);
	if (dup2(socket, 0) < 0 || dup2(root_fd, 1) < 0)
		_exit(1);
	close_from(2);
	device = open_device(1, path);
	result = device < 0 ? device : 0;
	send(0, &result, sizeof(result), MSG_NOSIGNAL);
	if (device >= 0)
		serve(0, device);
	/*
	 * Before the socket: when that ends, /dev/dprc.N is free for the next.  And who waits for
	 * that need not wait for the kernel to take our memory, too.
	 */
	close_pointer(&device);
	close(0);
	_exit(0);
}

/* An answer that has not come by now does not come; a healthy MC takes microseconds. */
#define PATIENCE_MS 5000

/* The kernel keeps time for recv(2), so that no poll(2) has to go before it. */
static int set_patience(struct mc *mc)
{
	const int left_ms = deadline_left_ms(mc->deadline);
	const int ms = left_ms < PATIENCE_MS ? left_ms : PATIENCE_MS;
	const struct timeval time = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000L };

	/* None would be for ever. */
	if (!ms)
		return MSG_DONTWAIT;
	if (ms != mc->patience_ms &&
	    setsockopt(mc->fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)) < 0)
		return MSG_DONTWAIT;
	mc->patience_ms = ms;
	return 0;
}

static int receive(struct mc *mc, struct answer *ret_answer)
{
	ssize_t n;

	do
		n = recv(mc->fd, ret_answer, sizeof(*ret_answer), set_patience(mc));
	while (n < 0 && errno == EINTR);
	if (n >= (ssize_t)sizeof(ret_answer->result))
		return ret_answer->result;
	/* Its late answer would pass for that of the next command. */
	mc->deadline = 0;
	return n < 0 && errno == EAGAIN ? -ETIMEDOUT : -EPIPE;
}

static int start_child(const struct sysfs *sysfs, const char *path, struct mc *mc)
{
	_cleanup_close_ int theirs = -1;
	const struct processors *processors;
	struct answer answer;
	int ends[2];
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	mc->fd = ends[0];
	theirs = ends[1];
	/* The first to open it gets a portal that the kernel polls with interrupts off. */
	processors = processors_part();
	mc->is_parted = true;
	child = _Fork();
	if (child == 0) {
		processors_leave(processors);
		be_child(theirs, sysfs->root_fd, path);
	}
	if (child < 0)
		return -errno;
	close_pointer(&theirs);
	theirs = -1;
	return receive(mc, &answer);
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
		r = start_child(sysfs, path, mc);
	else
		r = mc_transcript_load(sysfs, path, &mc->transcript);
	if (r < 0)
		mc_close(mc);
	return r;
}

int mc_send(struct mc *mc, struct mc_command *commands, size_t n)
{
	const size_t n_bytes = n * sizeof(*commands);
	struct answer answer;
	int r;

	mc->n_commands += n;
	if (mc->transcript)
		return execute_all(&(struct server){ .transcript = mc->transcript }, commands, n);
	if (clock_now_ms() >= mc->deadline)
		return -ETIMEDOUT;
	if (send(mc->fd, commands, n_bytes, MSG_NOSIGNAL) < 0) {
		mc->deadline = 0;
		return -EPIPE;
	}
	r = receive(mc, &answer);
	/* None came, if that is why it ends. */
	if (mc->deadline)
		memcpy(commands, answer.commands, n_bytes);
	return r;
}

/*
 * The child closes its end when it is through, and then it holds nothing any more.  If it is still
 * in the kernel at the deadline it is left alone: it will close what it has open, and init will
 * reap it.
 */
void mc_close(struct mc *mc)
{
	struct answer answer;
	int r = 0;

	mc_transcript_free(mc->transcript);
	if (mc->fd >= 0) {
		shutdown(mc->fd, SHUT_WR);
		while ((r = receive(mc, &answer)) == 0)
			;
	}
	close_pointer(&mc->fd);
	/* From one that hangs we keep away for good. */
	if (mc->is_parted && r != -ETIMEDOUT)
		processors_rejoin();
	*mc = MC_CLOSED;
}

void mc_give_up(struct mc *mc) { mc->deadline = 0; }
