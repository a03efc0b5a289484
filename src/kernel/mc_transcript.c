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
#include <stdlib.h>

#include "base/util.h"
#include "kernel/mc.h"
#include "kernel/mc_channel.h"
#include "kernel/sysfs.h"

#define STATUS_CONFIG_ERR 6
#define N_PARAMETERS (sizeof(struct mc_command) - MC_AT_PARAMETERS)

#define MISSES_MAX MC_OBJECTS_MAX

struct exchange {
	struct mc_command request, answer;
	size_t line; /* of equal requests, the first written is the first asked */
};

struct mc_transcript {
	struct exchange *exchanges; /* by request, then by line */
	size_t n_exchanges;
	size_t next_line; /* of the answer that comes after the last one given */
	size_t n_misses;
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
		words[i] = strtok_r(i ? NULL : line, " ", &rest);
		if (!words[i])
			return -EBADMSG;
	}
	return strtok_r(NULL, " ", &rest) ? -EBADMSG : 0;
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

static int by_request(const void *a, const void *b)
{
	const struct exchange *first = a, *second = b;
	const int order = memcmp(&first->request, &second->request, sizeof(first->request));

	return order ? order : (first->line > second->line) - (first->line < second->line);
}

/* Each line ends in a newline: one that does not was cut. */
static int parse_mc_transcript(char *text, size_t n, struct mc_transcript *transcript)
{
	if (strlen(text) != n || (n && text[n - 1] != '\n'))
		return -EBADMSG;
	for (char *line = text, *end; *line; line = end + 1) {
		int r;

		end = strchr(line, '\n');
		*end = '\0';
		if (*line == '#')
			continue;
		transcript->exchanges = xrealloc(transcript->exchanges, transcript->n_exchanges + 1,
						 sizeof(*transcript->exchanges));
		r = parse_exchange(line, &transcript->exchanges[transcript->n_exchanges]);
		if (r < 0)
			return r;
		transcript->exchanges[transcript->n_exchanges].line = transcript->n_exchanges;
		transcript->n_exchanges++;
	}
	if (transcript->n_exchanges)
		qsort(transcript->exchanges, transcript->n_exchanges,
		      sizeof(*transcript->exchanges), by_request);
	return 0;
}

int mc_transcript_load(const struct sysfs *sysfs, const char *path,
		       struct mc_transcript **ret_transcript)
{
	_cleanup_free_ char *text = NULL;
	struct mc_transcript *transcript;
	size_t n;
	int r = sysfs_read_file(sysfs->root_fd, path, &text, &n);

	if (r < 0)
		return r;
	transcript = xcalloc(1, sizeof(*transcript));
	r = parse_mc_transcript(text, n, transcript);
	if (r < 0) {
		mc_transcript_free(transcript);
		return r;
	}
	*ret_transcript = transcript;
	return 0;
}

/* The exchange with this request that comes first from a line on; NULL: there is none. */
static const struct exchange *find(const struct mc_transcript *transcript,
				   const struct mc_command *request, size_t line)
{
	const struct exchange wanted = { .request = *request, .line = line };
	size_t first = 0, end = transcript->n_exchanges;

	while (first < end) {
		const size_t middle = first + (end - first) / 2;

		if (by_request(&transcript->exchanges[middle], &wanted) < 0)
			first = middle + 1;
		else
			end = middle;
	}
	if (first == transcript->n_exchanges ||
	    memcmp(&transcript->exchanges[first].request, request, sizeof(*request)) != 0)
		return NULL;
	return &transcript->exchanges[first];
}

/*
 * A program may ask the same twice and be answered differently, so the search goes on from the last
 * answer and then from the start.  Who asks for very much that was not written down is misled by
 * what was, such as a count of objects: then the MC does not answer any more.
 */
int mc_transcript_send(struct mc_transcript *transcript, struct mc_command *command)
{
	const struct exchange *exchange;

	if (mc_get(command, MC_AT_COMMAND, 2) == MC_CLOSE)
		return 0;
	exchange = find(transcript, command, transcript->next_line);
	if (!exchange)
		exchange = find(transcript, command, 0);
	if (!exchange && transcript->n_misses++ >= MISSES_MAX)
		return -ETIMEDOUT;
	if (!exchange)
		return mc_status_error(STATUS_CONFIG_ERR);
	transcript->next_line = exchange->line + 1;
	if (exchange->answer.bytes[MC_AT_STATUS])
		return mc_status_error(exchange->answer.bytes[MC_AT_STATUS]);
	*command = exchange->answer;
	return 0;
}

void mc_transcript_free(struct mc_transcript *transcript)
{
	if (transcript)
		free(transcript->exchanges);
	free(transcript);
}
