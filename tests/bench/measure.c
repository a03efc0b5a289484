/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure RUNS COMMAND...: "MEDIAN_US PEAK_RSS_KIB LINES" of a command whose output is read by a
 * pipe. A program of its own: a big parent would show up in its children's ru_maxrss.
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int by_value(const void *a, const void *b)
{
	return (*(const long *)a > *(const long *)b) - (*(const long *)a < *(const long *)b);
}

/* Reads all of it; how many lines. */
static long drain(int fd)
{
	static char buffer[1 << 16];
	long n_lines = 0;
	ssize_t n;

	/* memchr(), or the time it takes to count the last of them would be the command's. */
	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		for (const char *at = buffer; (at = memchr(at, '\n', (size_t)(buffer + n - at)));
		     at++)
			n_lines++;
	return n_lines;
}

static long microseconds(const struct timeval *time)
{
	return time->tv_sec * 1000000 + time->tv_usec;
}

static int run(char **argv, long *wall, long *cpu, long *peak, long *n_lines)
{
	posix_spawn_file_actions_t actions;
	struct timespec begin, end;
	struct rusage usage;
	int ends[2], status;
	pid_t child;

	if (pipe(ends) < 0)
		return -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	if (posix_spawnp(&child, argv[0], &actions, NULL, argv, environ))
		return -1;
	close(ends[1]);
	*n_lines = drain(ends[0]);
	close(ends[0]);
	if (wait4(child, &status, 0, &usage) < 0 || status)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (usage.ru_maxrss > *peak)
		*peak = usage.ru_maxrss;
	posix_spawn_file_actions_destroy(&actions);
	*cpu = microseconds(&usage.ru_utime) + microseconds(&usage.ru_stime);
	*wall = (end.tv_sec - begin.tv_sec) * 1000000 + (end.tv_nsec - begin.tv_nsec) / 1000;
	return 0;
}

int main(int argc, char **argv)
{
	const int n_runs = argc > 2 ? atoi(argv[1]) : 0;
	long *walls, *cpus, peak = 0, n_lines = 0;

	if (n_runs < 1)
		return 2;
	walls = calloc(n_runs, sizeof(*walls));
	cpus = calloc(n_runs, sizeof(*cpus));
	if (!walls || !cpus)
		return 1;
	for (int i = 0; i < n_runs; i++)
		if (run(argv + 2, &walls[i], &cpus[i], &peak, &n_lines) < 0)
			return 1;
	qsort(walls, n_runs, sizeof(*walls), by_value);
	qsort(cpus, n_runs, sizeof(*cpus), by_value);
	printf("%ld %ld %ld %ld\n", walls[n_runs / 2], cpus[n_runs / 2], peak, n_lines);
	free(walls);
	free(cpus);
	return 0;
}
