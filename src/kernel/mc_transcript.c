/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The MC of a captured machine: a text of commands and answers, one pair a line,
 *
 *	COMMAND TOKEN PARAMETERS STATUS TOKEN PARAMETERS
 *
 * all hexadecimal; parameters byte by byte without trailing zeros, "-" for none.  A command that
 * is not in it is answered as for an object that is not there; a close is always fine.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/mc.h"
#include "kernel/mc_channel.h"
#include "kernel/sysfs.h"

#define STATUS_CONFIG_ERR 6
#define N_PARAMETERS (sizeof(struct mc_command) - MC_AT_PARAMETERS)

struct exchange {
	struct mc_command request, answer;
};

struct mc_transcript {
	struct exchange *exchanges;
	size_t n_exchanges;
	size_t next; /* commands come in about the order they were written down */
};

/* One to max digits and nothing else: sscanf() takes blanks, signs and prefixes. */
static int parse_hex(const char *text, size_t max, unsigned int *ret_number)
{
	const size_t n = strspn(text, "0123456789abcdefABCDEF");

	if (!n || n > max || text[n])
		return -EBADMSG;
	*ret_number = (unsigned int)strtoul(text, NULL, 16);
	return 0;
}

static int parse_parameters(const char *text, struct mc_command *command)
{
	if (streq(text, "-"))
		return 0;
	for (size_t i = 0; *text; i++, text += 2) {
		const char digits[] = { text[0], text[1], '\0' };
		unsigned int byte;

		if (i == N_PARAMETERS || !text[1] || parse_hex(digits, 2, &byte) < 0)
			return -EBADMSG;
		command->bytes[MC_AT_PARAMETERS + i] = (unsigned char)byte;
	}
	return 0;
}

/* Parts a line at its blanks, exactly n words. */
static int split(char *line, char **words, size_t n)
{
	char *rest = NULL;

	for (size_t i = 0; i < n; i++) {
		words[i] = strtok_r(i ? NULL : line, " \n", &rest);
		if (!words[i])
			return -EBADMSG;
	}
	return strtok_r(NULL, " \n", &rest) ? -EBADMSG : 0;
}

static int parse_exchange(char *line, struct exchange *ret_exchange)
{
	enum { COMMAND, TOKEN, REQUEST, STATUS, NEW_TOKEN, ANSWER, N_WORDS };
	unsigned int command, token, status, new_token;
	struct exchange exchange = { 0 };
	char *words[N_WORDS];

	if (split(line, words, N_WORDS) < 0 || parse_hex(words[COMMAND], 4, &command) < 0 ||
	    parse_hex(words[TOKEN], 4, &token) < 0 || parse_hex(words[STATUS], 2, &status) < 0 ||
	    parse_hex(words[NEW_TOKEN], 4, &new_token) < 0)
		return -EBADMSG;
	exchange.request = mc_command_new(command, (uint16_t)token);
	mc_put(&exchange.answer, MC_AT_COMMAND, 2, command);
	mc_put(&exchange.answer, MC_AT_TOKEN, 2, new_token);
	mc_put(&exchange.answer, MC_AT_STATUS, 1, status);
	if (parse_parameters(words[REQUEST], &exchange.request) < 0 ||
	    parse_parameters(words[ANSWER], &exchange.answer) < 0)
		return -EBADMSG;
	*ret_exchange = exchange;
	return 0;
}

/* A tree from elsewhere may have anything there: a FIFO would be waited for, a device has no end.
 */
static int open_file(const struct sysfs *sysfs, const char *path, FILE **ret_stream)
{
	_cleanup_close_ int fd = sysfs_open_at(sysfs->root_fd, path, O_RDONLY | O_NONBLOCK);
	struct stat status;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EBADMSG;
	*ret_stream = fdopen(fd, "re");
	if (!*ret_stream)
		return -errno;
	take_fd(&fd);
	return 0;
}

static void close_stream(FILE **stream)
{
	if (*stream)
		fclose(*stream);
}

int mc_transcript_load(const struct sysfs *sysfs, const char *path,
		       struct mc_transcript **ret_transcript)
{
	struct mc_transcript *transcript = xcalloc(1, sizeof(*transcript));
	_cleanup_(close_stream) FILE *stream = NULL;
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int r = open_file(sysfs, path, &stream);

	while (r >= 0 && (n = getline(&line, &size, stream)) >= 0) {
		struct exchange exchange;

		if (*line == '#')
			continue;
		r = strlen(line) == (size_t)n ? parse_exchange(line, &exchange) : -EBADMSG;
		if (r < 0)
			break;
		transcript->exchanges = xrealloc(transcript->exchanges, transcript->n_exchanges + 1,
						 sizeof(exchange));
		transcript->exchanges[transcript->n_exchanges++] = exchange;
	}
	if (r < 0) {
		mc_transcript_free(transcript);
		return r;
	}
	*ret_transcript = transcript;
	return 0;
}

int mc_transcript_send(struct mc_transcript *transcript, struct mc_command *command)
{
	if (mc_get(command, MC_AT_COMMAND, 2) == MC_CLOSE)
		return 0;
	for (size_t i = 0; i < transcript->n_exchanges; i++) {
		const size_t at = (transcript->next + i) % transcript->n_exchanges;
		const struct exchange *exchange = &transcript->exchanges[at];

		if (memcmp(&exchange->request, command, sizeof(*command)) != 0)
			continue;
		transcript->next = at + 1;
		if (exchange->answer.bytes[MC_AT_STATUS])
			return mc_status_error(exchange->answer.bytes[MC_AT_STATUS]);
		*command = exchange->answer;
		return 0;
	}
	return mc_status_error(STATUS_CONFIG_ERR);
}

void mc_transcript_free(struct mc_transcript *transcript)
{
	if (transcript)
		free(transcript->exchanges);
	free(transcript);
}
