/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a check found: reasons of policy.c and of needs.c that apply to one candidate. */
#ifndef RULES_FINDING_H
#define RULES_FINDING_H

#include <stdbool.h>
#include <stddef.h>

enum severity { SEVERITY_REFUSE, SEVERITY_WARN, SEVERITY_INFO };

struct finding {
	const char *code; /* stable: scripts may rely on it */
	enum severity severity;
	int error; /* of a refusal: what it leads to, see base/exit_status.h */
	const char *text;
	char *evidence; /* what makes it apply; "" where the text says it all */
	char *remedy;	/* what to do about it */
	bool is_need;	/* of a program that is to use the container; bind does not care */
};

struct findings {
	struct finding *findings;
	size_t n_findings;
};

/* Takes the evidence and the remedy. */
void findings_add(struct findings *findings, const struct finding *finding);
void findings_done(struct findings *findings);
#define _cleanup_findings_ __attribute__((cleanup(findings_done)))

/* The first that refuses; NULL: none. */
const struct finding *findings_refusal(const struct findings *findings);

/* 0, or the error of the first that refuses, negative, after having said all that do of name. */
int findings_refuse(const struct findings *findings, const char *name);

bool findings_have(const struct findings *findings, const char *code);
size_t findings_count(const struct findings *findings, enum severity severity);

const char *severity_name(enum severity severity);

#endif
