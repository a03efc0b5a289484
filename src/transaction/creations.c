/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The containers that a transaction makes. */
#include <stdlib.h>

#include "base/util.h"
#include "transaction/change.h"
#include "transaction/creation.h"

static void creation_done(struct creation *creation)
{
	made_done(&creation->made);
	names_list_done(&creation->before);
	names_list_done(&creation->containers);
	strings_done(&creation->host_types);
	free(creation->objects);
}

void creations_done(struct transaction *transaction)
{
	for (size_t i = 0; i < transaction->n_creations; i++)
		creation_done(&transaction->creations[i]);
	free(take_pointer(transaction->creations));
	transaction->n_creations = 0;
}

const struct name *transaction_created(const struct transaction *transaction, size_t i)
{
	return &transaction->creations[i].made.name;
}

bool transaction_makes(const struct transaction *transaction, const struct name *dprc)
{
	for (size_t i = 0; i < transaction->n_creations; i++)
		if (name_equal(&transaction->creations[i].made.name, dprc))
			return true;
	return false;
}
