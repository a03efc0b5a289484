/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include "firmware.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/clock.h"
#include "base/util.h"
#include "kernel/mc_channel.h"

/* Guest RAM is nothing but the hardware, and portal 0 the first of that. */
#define RAM_SIZE "0x4000000"
#define RAM_BASE "0x40000000"
#define PORTAL_SIZE 64

#define STATUS_READY 1 /* the MC has not answered yet */
#define TIMEOUT_MS 20000

int __wrap_mc_open_holding(const struct sysfs *sysfs, uint32_t root_id, int deadline_ms,
			   int held_fd, struct mc *mc);
int __wrap_mc_transcript_send(struct mc_transcript *transcript, struct mc_command *command);
void __wrap_mc_transcript_free(struct mc_transcript *transcript);

static volatile unsigned char *portal;
static char *socket_path;
static pid_t pid;
static int opening, failure;
static unsigned int n_before_failure;

void firmware_opens(int r) { opening = r; }

void firmware_fails_after(unsigned int n, int r)
{
	n_before_failure = n;
	failure = r;
}

/* The header last: it is what the firmware waits for. */
int __wrap_mc_transcript_send(struct mc_transcript *transcript _unused_, struct mc_command *command)
{
	const int64_t deadline = clock_now_ms() + TIMEOUT_MS;
	uint64_t header;

	if (failure && !n_before_failure)
		return failure;
	n_before_failure -= failure != 0;
	mc_put(command, MC_AT_STATUS, 1, STATUS_READY);
	memcpy(&header, command->bytes, sizeof(header));
	for (size_t i = sizeof(header); i < PORTAL_SIZE; i++)
		portal[i] = command->bytes[i];
	__atomic_store_n((volatile uint64_t *)portal, header, __ATOMIC_RELEASE);
	while (portal[MC_AT_STATUS] == STATUS_READY) {
		assert_true(clock_now_ms() < deadline);
		usleep(50);
	}
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	for (size_t i = 0; i < PORTAL_SIZE; i++)
		command->bytes[i] = portal[i];
	return mc_status_error(portal[MC_AT_STATUS]);
}

void __wrap_mc_transcript_free(struct mc_transcript *transcript _unused_) {}

struct mc firmware_open(void)
{
	struct mc mc = MC_CLOSED;

	mc.transcript = (struct mc_transcript *)(uintptr_t)portal;
	mc.root_id = 1;
	mc.deadline = INT64_MAX;
	return mc;
}

int __wrap_mc_open_holding(const struct sysfs *sysfs _unused_, uint32_t root_id _unused_,
			   int deadline_ms _unused_, int held_fd _unused_, struct mc *mc)
{
	if (opening)
		return opening;
	mc_release(mc);
	*mc = firmware_open();
	return 0;
}

void firmware_start(const struct machine *machine, const char *topology)
{
	_cleanup_free_ char *file = xasprintf(UNIT_TESTS "/vm/topologies/%s.json", topology);
	_cleanup_free_ char *memory = xasprintf("%s/memory", machine->path);
	_cleanup_close_ int fd = -1;

	socket_path = xasprintf("%s/control", machine->path);
	pid = fork();
	if (pid == 0) {
		sigset_t none;

		/* A change that another test made holds signals back. */
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		/* A test that fails does not come to firmware_stop(). */
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		execl(UNIT_FIRMWARE, UNIT_FIRMWARE, "--memory", memory, "--ram-size", RAM_SIZE,
		      "--base", RAM_BASE, "--topology", file, "--control", socket_path, NULL);
		_exit(127);
	}
	while (access(socket_path, F_OK) < 0) {
		assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
		usleep(1000);
	}
	fd = open(memory, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	portal = mmap(NULL, PORTAL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(portal, MAP_FAILED);
}

void firmware_stop(void)
{
	firmware_opens(0);
	firmware_fails_after(0, 0);
	kill(pid, SIGTERM);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	munmap((void *)(uintptr_t)portal, PORTAL_SIZE);
	free(take_pointer(socket_path));
}

struct json_object *firmware_ask(const char *request)
{
	_cleanup_free_ char *command =
		xasprintf(UNIT_FIRMWARE " --send '%s' '%s'", socket_path, request);
	FILE *pipe = popen(command, "re");
	struct json_object *answer;
	char *text = NULL;
	size_t n = 0;

	assert_non_null(pipe);
	assert_true(getdelim(&text, &n, '\0', pipe) > 0);
	if (pclose(pipe) != 0)
		fail_msg("%s: %s", request, text);
	answer = json_tokener_parse(text);
	assert_non_null(answer);
	free(text);
	return answer;
}

void firmware_do(const char *format, ...)
{
	_cleanup_free_ char *request = NULL;
	va_list args;

	va_start(args, format);
	assert_true(vasprintf(&request, format, args) >= 0);
	va_end(args);
	json_object_put(firmware_ask(request));
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(json_object_to_json_string(*(json_object *const *)a),
		      json_object_to_json_string(*(json_object *const *)b));
}

/*
 * Interrupts show that something came and went, so they are left out; so does the order of
 * connections, so they are sorted.
 */
char *firmware_state(void)
{
	struct json_object *answer = firmware_ask("{\"do\":\"state\"}");
	struct json_object *objects = json_object_object_get(answer, "objects");
	struct json_object *connections = json_object_object_get(answer, "connections");
	char *state;

	for (size_t i = 0; i < json_object_array_length(objects); i++)
		json_object_object_del(json_object_array_get_idx(objects, i), "irqs");
	json_object_array_sort(connections, compare_texts);
	state = xasprintf("%s %s", json_object_to_json_string(objects),
			  json_object_to_json_string(connections));
	json_object_put(answer);
	return state;
}
