/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why the MC could not be queried, and what helps: one cause, one hint. */
#ifndef RULES_MC_TROUBLE_H
#define RULES_MC_TROUBLE_H

struct bus;

struct mc_trouble {
	const char *why; /* NULL: the error speaks for itself */
	const char *hint;
};

/* Of a bus whose MC could not be queried at all: see bus->mc_error. */
struct mc_trouble mc_trouble_of_bus(const struct bus *bus);

/* Of the node that could not be opened; error is a negative errno of mc_open(). */
struct mc_trouble mc_trouble_of_open(int error);

/*
 * What a command came to, for messages: "MC status config_err", or the name of an errno that no
 * status has.  The next call overwrites it, like that of error_text().
 */
const char *mc_error_text(int error);

/* Of a command that the MC did not answer as it should; error is a negative errno. */
struct mc_trouble mc_trouble_of_command(int error);

#endif
