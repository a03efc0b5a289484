/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects that lost their driver by a transaction: found by comparing with who had which before,
 * named, and asked back (drivers_probe).
 */
#ifndef ASSIGN_LOSSES_H
#define ASSIGN_LOSSES_H

struct transaction;

/* Notes what is lost outside before a later run settles: it is asked back, and no failure. */
int losses_note_outside(struct transaction *transaction);

/*
 * Outside the containers.  -ERROR_FAILED if there were any that neither --force had given up nor
 * losses_note_outside() noted.
 */
int losses_outside(struct transaction *transaction);

/* Anywhere, after an undo.  -ERROR_RESIDUE if some did not come back; every one is named. */
int losses_anywhere(struct transaction *transaction);

/*
 * Of what bind found in containers that are with the host again, and of what it took down outside.
 * -ERROR_RESIDUE if some did not come back; every one is named.
 */
int losses_since_bind(struct transaction *transaction);

#endif
