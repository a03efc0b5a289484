/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interrupts of objects. */
#include "irq.h"
#include "model.h"
#include "msi.h"

/*
 * QEMU's test protocol writes with requester id 0, so only the container whose ICID the device
 * tree maps to ITS device 0 can be interrupted; an event number of another container
 * would hit the wrong handler.
 */
static bool is_deliverable(const struct model *model, const struct object *object)
{
	const struct object *dprc = object_is_dprc(object) ? object : object->parent;
	const struct object *mapped = model_find(model, "dprc", model->msi_container);

	return mapped && dprc->icid == mapped->icid;
}

const char *irq_send(struct model *model, struct object *object, unsigned int index)
{
	struct irq *irq;
	const char *reason;

	if (index >= object->n_irqs)
		return "no such interrupt";
	irq = &object->irqs[index];
	if (irq->address == 0)
		return "not programmed";
	if (!is_deliverable(model, object))
		return "its container is not the one that can receive MSIs";
	reason = msi_send(model->msi, irq->event);
	if (!reason)
		irq->n_raised++;
	return reason;
}

const char *irq_event(struct model *model, struct object *object, unsigned int index,
		      uint32_t events)
{
	struct irq *irq;

	if (index >= object->n_irqs)
		return "no such interrupt";
	irq = &object->irqs[index];
	irq->status |= events;
	if (irq->address == 0)
		return "not programmed";
	if (!irq->enabled)
		return "not enabled";
	if (!(irq->status & irq->mask))
		return "masked";
	return irq_send(model, object, index);
}
