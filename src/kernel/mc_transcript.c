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

static int parse_parameters(const char *text, struct mc_command *command)
{
	if (streq(text, "-"))
		return 0;
	for (size_t i = 0; *text; i++, text += 2) {
		unsigned int byte;

		if (i == N_PARAMETERS || sscanf(text, "%2x", &byte) != 1 || !text[1])
			return -EBADMSG;
		command->bytes[MC_AT_PARAMETERS + i] = (unsigned char)byte;
	}
	return 0;
}

static int parse_exchange(const char *line, struct exchange *ret_exchange)
{
	char request[2 * N_PARAMETERS + 1], answer[2 * N_PARAMETERS + 1];
	unsigned int command, token, status, new_token;
	struct exchange exchange = { 0 };
	int r;

	if (sscanf(line, "%4x %4x %112s %2x %4x %112s", &command, &token, request, &status,
		   &new_token, answer) != 6)
		return -EBADMSG;
	exchange.request = mc_command_new(command, (uint16_t)token);
	mc_put(&exchange.answer, MC_AT_COMMAND, 2, command);
	mc_put(&exchange.answer, MC_AT_TOKEN, 2, new_token);
	mc_put(&exchange.answer, MC_AT_STATUS, 1, status);
	r = parse_parameters(request, &exchange.request);
	if (r >= 0)
		r = parse_parameters(answer, &exchange.answer);
	if (r < 0)
		return r;
	*ret_exchange = exchange;
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
	int r = sysfs_open_at(sysfs->root_fd, path, O_RDONLY);

	if (r >= 0)
		stream = fdopen(r, "re");
	while (r >= 0 && getline(&line, &size, stream) >= 0) {
		struct exchange exchange;

		if (*line == '#')
			continue;
		r = parse_exchange(line, &exchange);
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
