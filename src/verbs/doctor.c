/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio doctor: is this host ready for an assignment? */
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/host.h"
#include "report/view_check.h"
#include "report/view_host.h"
#include "rules/candidate.h"
#include "rules/kernel_defects.h"
#include "rules/policy.h"
#include "verbs/command.h"
#include "verbs/facts.h"
#include "verbs/reading.h"
#include "verbs/usage.h"

struct doctor {
	struct common *common;
	const char *user;
};

static const struct argp_option options[] = {
	{ "user", 'u', "USER", 0, "check limits and permissions of USER (default: current user)",
	  0 },
	{ 0 },
};

static error_t parse_doctor(int key, char *arg, struct argp_state *state)
{
	struct doctor *doctor = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = doctor->common;
		return 0;
	case 'u':
		doctor->user = arg;
		return 0;
	case ARGP_KEY_ARG:
		usage_error(state, "doctor looks at the host; 'check' looks at DPRCs");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print_help(FILE *stream)
{
	command_print_codes(stream, "Findings, explained in fslmc-vfio-checks(7):", RULES_OF_HOST);
	fputs("\n"
	      "Known defects of Linux (kernel-defect):\n",
	      stream);
	for (size_t i = 0; i < n_kernel_defects; i++) {
		_cleanup_free_ char *versions = kernel_defect_versions(&kernel_defects[i]);

		fprintf(stream, "  %s: %s\n", kernel_defects[i].id, versions);
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_doctor,
	.doc = "Say whether this host is ready for an assignment: kernel, modules, IOMMU, "
	       "interrupts, "
	       "limits and MC firmware, each with what to do about it. Exits 0 only if an "
	       "assignment "
	       "could work.",
	.children = plain_children,
};

static int show_doctor(const struct doctor *doctor, const struct candidate *candidate,
		       const struct findings *findings)
{
	_cleanup_(selection_done) struct selection facts = { 0 }, reasons = { 0 };
	_cleanup_free_ char *verdict = view_host_verdict(findings);
	struct render *render = render_begin(&doctor->common->style);

	selection_all(host_columns, n_host_columns, 0, &facts);
	render_fields(render, "host", &facts, view_host(candidate->bus, candidate->host));
	selection_all(finding_columns, n_finding_columns, 0, &reasons);
	if (doctor->common->style.json) {
		render_list(render, "findings", &reasons);
		for (size_t i = 0; i < findings->n_findings; i++)
			render_record(render, NULL, view_finding(NULL, &findings->findings[i]));
	}
	render_line(render, 0, 0, "");
	for (size_t i = 0; i < findings->n_findings; i++) {
		_cleanup_free_ char *text = view_finding_text(&findings->findings[i]);

		render_line_colored(render, 0, 7, view_severity_color(&findings->findings[i]),
				    text);
		render_line(render, 7, 7, findings->findings[i].remedy);
	}
	render_line(render, 0, 2, verdict);
	return render_end(render, findings_refusal(findings) ? -ERROR_REFUSED : 0);
}

struct looked {
	const struct doctor *doctor;
	const struct sysfs *sysfs;
	struct bus *bus;
	struct host host;
	struct candidate candidate;
	struct findings findings;
};

static void looked_done(struct looked *looked)
{
	findings_done(&looked->findings);
	host_done(&looked->host);
	bus_free(take_pointer(looked->bus));
}

static int look(void *data)
{
	struct looked *looked = data;
	const char *user = looked->doctor->user;
	int r;

	looked_done(looked);
	r = command_read_bus(looked->sysfs, &looked->bus);
	if (r < 0)
		return r;
	host_load(looked->bus, &looked->host);
	if (host_load_rest(looked->bus, user, &looked->host) < 0)
		return fail(-ERROR_USAGE, NULL, "no such user as '%.64s'", user);
	facts_load_mc(looked->bus, MC_OBJECTS);
	looked->candidate = candidate_of_host(looked->bus, &looked->host);
	policy_find(&(struct policy){ 0 }, &looked->candidate, RULES_OF_HOST, &looked->findings);
	return 0;
}

static int run_doctor(const struct command *command, struct common *common, int argc, char **argv)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	struct doctor doctor = { .common = common };
	_cleanup_(looked_done) struct looked looked = { .doctor = &doctor, .sysfs = &sysfs };
	int r;

	command_parse(command, argc, argv, &doctor);
	r = command_open(common, &sysfs);
	if (r >= 0)
		r = reading_settled(&sysfs, READING_PATIENCE_S, look, &looked);
	return r < 0 ? r : show_doctor(&doctor, &looked.candidate, &looked.findings);
}

const struct command command_doctor = { "doctor",
					"check host configuration (kernel, IOMMU, modules, limits)",
					&argp, run_doctor, .print_help = print_help };
