/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interrupts of objects: status, mask, enable, and the message they end in. */
#ifndef FIRMWARE_IRQ_H
#define FIRMWARE_IRQ_H

#include <stdbool.h>
#include <stdint.h>

struct model;
struct object;

/*
 * Something happened to an object: sets the status bits and sends the MSI if the software has
 * programmed, enabled and unmasked it.  Returns NULL when sent, else the reason why not.
 */
const char *irq_event(struct model *model, struct object *object, unsigned int index,
		      uint32_t events);
/* Sends the MSI whatever enable and mask say.  Returns as irq_event(). */
const char *irq_send(struct model *model, struct object *object, unsigned int index);

#endif
