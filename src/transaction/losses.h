/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs by a transaction from who had which driver before: bystanders that lost theirs, and
 * what a container has inside when the host has it again.  It is named, each object gets one try,
 * and what is not as it was then is a residue.
 */
#ifndef TRANSACTION_LOSSES_H
#define TRANSACTION_LOSSES_H

struct transaction;

/* Notes what is lost outside before a later run settles: it is reprobed, and no failure. */
int losses_note_outside(struct transaction *transaction);

/*
 * Outside the containers.  -ERROR_FAILED if there were any that neither --force had given up nor
 * losses_note_outside() noted.
 */
int losses_outside(struct transaction *transaction);

/* Anywhere, after an undo.  -ERROR_RESIDUE if some is not as it was; every one is named. */
int losses_anywhere(struct transaction *transaction);

/*
 * Of what bind found in containers that are with the host again, and of what it took down outside.
 * -ERROR_RESIDUE if some is not as it was; every one is named.
 */
int losses_since_bind(struct transaction *transaction);

/* Names what is not as it was, and leaves it so. */
void losses_list(struct transaction *transaction);

#endif
