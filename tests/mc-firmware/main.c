/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mc-firmware: plays the Management Complex firmware of a DPAA2 SoC for a kernel in QEMU.
 * Portals are plain guest memory shared with this program, which polls them for commands.
 * It behaves as facts about real firmware say and knows nothing of who tests with it.
 */
#include <argp.h>
#include <errno.h>
#include <error.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "client.h"
#include "control.h"
#include "firmware.h"
#include "qbman.h"
#include "topology.h"
#include "util.h"

/*
 * dpaa2-eth waits for a QBMan answer for 2000 reads of memory, some 100 us here, and Linux 6.1
 * crashes when it gets none.  So where a host driver has enabled a DPIO, nothing sleeps for a
 * moment after a command, and then for seconds (a loaded host boots slowly) only for moments.
 * Elsewhere that would only take time from the board, many times what the commands take: Linux
 * looks for the answer of the MC at once, which is too early for any, and then after 500 us
 * (MC_CMD_COMPLETION_POLLING_MAX_SLEEP_USECS).
 */
#define AWAKE_MS 50
#define BUSY_MS 30
#define BUSY_WITH_QBMAN_MS 3000
#define BUSY_SLEEP_US 200
#define BUSY_SLEEP_WITH_QBMAN_US 10
#define IDLE_SLEEP_US 2000
#define IDLE_STEP_US 50
/* While busy, how often the portals are read for each look at the control socket. */
#define POLLS_PER_LOOK 10

static struct {
	const char *memory, *topology, *control, *qtest, *log, *send, *request;
	uint64_t ram_size, base;
} arguments = { .ram_size = 0x40000000, .base = 0x7c000000 };

static volatile sig_atomic_t is_over;

static const struct argp_option options[] = {
	{ "memory", 'm', "FILE", 0, "guest RAM, created if it is not there", 0 },
	{ "ram-size", 'r', "BYTES", 0, "size of guest RAM (default 1 GiB)", 0 },
	{ "base", 'b', "ADDRESS", 0,
	  "where in guest RAM the 64 MiB of hardware begin (default 0x7c000000)", 0 },
	{ "topology", 't', "FILE", 0, "the board, see tests/vm/topologies", 0 },
	{ "control", 'c', "SOCKET", 0, "where to listen for requests", 0 },
	{ "qtest", 'q', "SOCKET", 0, "QEMU's qtest socket, for interrupts", 0 },
	{ "log", 'l', "FILE", 0, "write a line for every command served", 0 },
	{ "send", 's', "SOCKET", 0, "be the client: send JSON, print the answer", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static uint64_t parse_number(struct argp_state *state, const char *text)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 0);
	if (errno || end == text || *end)
		argp_error(state, "not a number: %s", text);
	return number;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	switch (key) {
	case 'm':
		arguments.memory = value;
		return 0;
	case 'r':
		arguments.ram_size = parse_number(state, value);
		return 0;
	case 'b':
		arguments.base = parse_number(state, value);
		return 0;
	case 't':
		arguments.topology = value;
		return 0;
	case 'c':
		arguments.control = value;
		return 0;
	case 'q':
		arguments.qtest = value;
		return 0;
	case 'l':
		arguments.log = value;
		return 0;
	case 's':
		arguments.send = value;
		return 0;
	case ARGP_KEY_ARG:
		if (!arguments.send || arguments.request)
			return ARGP_ERR_UNKNOWN;
		arguments.request = value;
		return 0;
	case ARGP_KEY_END:
		if (arguments.send ? !arguments.request
				   : !arguments.memory || !arguments.topology || !arguments.control)
			argp_error(state,
				   "need memory, topology and control, or a request to send");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void end(int signal)
{
	(void)signal;
	is_over = 1;
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = end };

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
}

/* Where that is allowed, nothing ordinary delays an answer; elsewhere it works, too. */
static void ask_for_priority(void)
{
	const struct sched_param priority = { .sched_priority = 1 };

	sched_setscheduler(0, SCHED_FIFO, &priority);
	prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
}

static unsigned int poll_portals(struct firmware *firmware)
{
	return portal_poll(firmware) + qbman_poll(firmware);
}

static bool qbman_is_used(const struct firmware *firmware)
{
	const struct object *object;

	TAILQ_FOREACH(object, &firmware->model.objects, next)
	if (object->enabled && strcmp(object->type->name, "dpio") == 0)
		return true;
	return false;
}

static int64_t busy_deadline(const struct firmware *firmware)
{
	return now_ms() + (qbman_is_used(firmware) ? BUSY_WITH_QBMAN_MS : BUSY_MS);
}

static long nap_us(const struct firmware *firmware)
{
	return qbman_is_used(firmware) ? BUSY_SLEEP_WITH_QBMAN_US : BUSY_SLEEP_US;
}

/* For as long as commands keep coming. */
static void serve_busily(struct firmware *firmware, struct control *control)
{
	int64_t busy_until = busy_deadline(firmware), awake_until = 0;

	while (!is_over && now_ms() < busy_until) {
		const struct timespec nap = { .tv_nsec = nap_us(firmware) * 1000 };

		for (int i = 0; i < POLLS_PER_LOOK; i++) {
			if (poll_portals(firmware) > 0) {
				busy_until = busy_deadline(firmware);
				awake_until = qbman_is_used(firmware) ? now_ms() + AWAKE_MS : 0;
			} else if (now_ms() >= awake_until) {
				nanosleep(&nap, NULL);
			}
		}
		control_poll(control, firmware, 0);
	}
}

static void serve(struct firmware *firmware, struct control *control)
{
	int sleep_us = 0;

	while (!is_over) {
		if (poll_portals(firmware) > 0) {
			serve_busily(firmware, control);
			sleep_us = 0;
		}
		if (sleep_us < IDLE_SLEEP_US)
			sleep_us += IDLE_STEP_US;
		control_poll(control, firmware, sleep_us);
	}
}

static int run(struct firmware *firmware)
{
	struct control control;
	int r;

	model_init(&firmware->model, &firmware->msi, arguments.base);
	msi_init(&firmware->msi, arguments.qtest);
	STAILQ_INIT(&firmware->faults);
	trace_init(&firmware->trace);
	if (topology_load(&firmware->model, arguments.topology) < 0)
		return EXIT_FAILURE;
	if (arguments.log) {
		r = trace_open(&firmware->trace, arguments.log);
		if (r < 0)
			error(EXIT_FAILURE, -r, "%s", arguments.log);
	}
	r = memory_open(arguments.memory, arguments.ram_size, arguments.base, &firmware->memory);
	if (r < 0)
		error(EXIT_FAILURE, -r, "%s", arguments.memory);
	/* Last: that it accepts says that everything is ready. */
	r = control_open(&control, arguments.control);
	if (r < 0)
		error(EXIT_FAILURE, -r, "%s", arguments.control);

	serve(firmware, &control);
	control_close(&control);
	msi_done(&firmware->msi);
	memory_close(&firmware->memory);
	trace_done(&firmware->trace);
	fault_clear(&firmware->faults, false);
	model_done(&firmware->model);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	const struct argp argp = {
		options, parse, "[JSON]", "Emulated Management Complex firmware of a DPAA2 board.",
		NULL,	 NULL,	NULL
	};
	struct firmware *firmware;
	int status;

	argp_err_exit_status = 2;
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	if (arguments.send)
		return client_send(arguments.send, arguments.request);
	catch_signals();
	ask_for_priority();
	firmware = xcalloc(sizeof(*firmware));
	status = run(firmware);
	free(firmware);
	return status;
}
