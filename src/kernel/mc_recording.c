/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes down what the MC is asked and what it answers, as mc_transcript.c reads it.
 *
 * The MC gives a token with every open and gives it again to others later, so here every object
 * that was opened has one token of its own, the same whenever it is opened again.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/util.h"
#include "kernel/mc.h"
#include "kernel/mc_channel.h"

#define N_TOKENS 0x10000
#define N_STATUSES 0x100
/* Of two commands in hexadecimal, at most. */
#define LINE_SIZE (4 * sizeof(struct mc_command) + 32)

struct pair {
	struct mc_command request, answer;
};

struct mc_recording {
	struct pair *pairs;
	size_t n_pairs;
	unsigned int n_opened;
	uint16_t tokens[N_TOKENS]; /* by the MC's own */
};

struct mc_recording *mc_recording_new(void) { return xcalloc(1, sizeof(struct mc_recording)); }

void mc_recording_free(struct mc_recording *recording)
{
	if (recording)
		free(recording->pairs);
	free(recording);
}

static const struct pair *find(const struct mc_recording *recording,
			       const struct mc_command *request)
{
	for (size_t i = 0; i < recording->n_pairs; i++)
		if (memcmp(&recording->pairs[i].request, request, sizeof(*request)) == 0)
			return &recording->pairs[i];
	return NULL;
}

/* The kernel gives an errno for a status; 0: none has this one, so it was no answer of the MC. */
static unsigned int status_of(int r)
{
	for (unsigned int status = 1; status < N_STATUSES; status++)
		if (mc_status_error(status) == r && mc_status_name(r))
			return status;
	return 0;
}

/* What a request that was answered with r is written down as. */
static bool make_pair(struct mc_recording *recording, const struct mc_command *request, int r,
		      const struct mc_command *answer, struct pair *ret_pair)
{
	const uint64_t token = recording->tokens[mc_get(request, MC_AT_TOKEN, 2)];
	struct pair pair = { .request = *request };

	mc_put(&pair.request, MC_AT_TOKEN, 2, token);
	if (r >= 0)
		pair.answer = *answer;
	mc_put(&pair.answer, MC_AT_TOKEN, 2, token);
	mc_put(&pair.answer, MC_AT_STATUS, 1, r < 0 ? status_of(r) : 0);
	*ret_pair = pair;
	return r >= 0 || status_of(r);
}

void mc_recording_add(struct mc_recording *recording, const struct mc_command *request, int r,
		      const struct mc_command *answer)
{
	const unsigned int id = (unsigned int)mc_get(request, MC_AT_COMMAND, 2);
	const bool is_open = id >= MC_OPEN_FIRST && id <= MC_OPEN_LAST && r >= 0;
	const struct pair *known;
	struct pair pair;

	if (id == MC_CLOSE || !make_pair(recording, request, r, answer, &pair))
		return;
	known = find(recording, &pair.request);
	if (is_open && mc_get(answer, MC_AT_TOKEN, 2)) {
		const uint64_t token =
			known ? mc_get(&known->answer, MC_AT_TOKEN, 2) : ++recording->n_opened;

		recording->tokens[mc_get(answer, MC_AT_TOKEN, 2)] = (uint16_t)token;
		mc_put(&pair.answer, MC_AT_TOKEN, 2, token);
	}
	if (known)
		return;
	recording->pairs = xrealloc(recording->pairs, recording->n_pairs + 1, sizeof(pair));
	recording->pairs[recording->n_pairs++] = pair;
}

/* Returns where the text ends. */
static char *write_parameters(char *text, const struct mc_command *command)
{
	size_t end = sizeof(command->bytes);

	while (end > MC_AT_PARAMETERS && !command->bytes[end - 1])
		end--;
	if (end == MC_AT_PARAMETERS)
		*text++ = '-';
	for (size_t i = MC_AT_PARAMETERS; i < end; i++)
		text += sprintf(text, "%02x", command->bytes[i]);
	return text;
}

char *mc_recording_text(const struct mc_recording *recording)
{
	char *text = xcalloc(recording->n_pairs + 1, LINE_SIZE), *end = text;

	for (size_t i = 0; i < recording->n_pairs; i++) {
		const struct pair *pair = &recording->pairs[i];

		end += sprintf(end, "%04x %04x ",
			       (unsigned int)mc_get(&pair->request, MC_AT_COMMAND, 2),
			       (unsigned int)mc_get(&pair->request, MC_AT_TOKEN, 2));
		end = write_parameters(end, &pair->request);
		end += sprintf(end, " %02x %04x ",
			       (unsigned int)mc_get(&pair->answer, MC_AT_STATUS, 1),
			       (unsigned int)mc_get(&pair->answer, MC_AT_TOKEN, 2));
		end = write_parameters(end, &pair->answer);
		*end++ = '\n';
	}
	return text;
}

void mc_record(struct mc *mc, struct mc_recording *recording) { mc->recording = recording; }
