/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What makes each reason of policy.c apply.  Each returns a new string, "" where the reason says
 * it all, or NULL: it does not apply, or the fact it rests on is not known.
 */
#ifndef ASSIGN_EVIDENCE_H
#define ASSIGN_EVIDENCE_H

struct candidate;

/* evidence_isolation.c */
char *evidence_no_group(const struct candidate *candidate);
char *evidence_smmu_not_coherent(const struct candidate *candidate);
char *evidence_noiommu_group(const struct candidate *candidate);
char *evidence_group_split(const struct candidate *candidate);
char *evidence_group_shared(const struct candidate *candidate);
char *evidence_icid_shared(const struct candidate *candidate);
char *evidence_nested(const struct candidate *candidate);
char *evidence_nested_assigned(const struct candidate *candidate);
char *evidence_passthrough(const struct candidate *candidate);
char *evidence_no_msi(const struct candidate *candidate);

/* evidence_container.c */
char *evidence_not_a_dprc(const struct candidate *candidate);
char *evidence_root_dprc(const struct candidate *candidate);
char *evidence_aiop(const struct candidate *candidate);
char *evidence_mc_unknown(const struct candidate *candidate);
char *evidence_contents_changeable(const struct candidate *candidate);
char *evidence_privileged_dma(const struct candidate *candidate);
char *evidence_unplugged(const struct candidate *candidate);
char *evidence_objects_missing(const struct candidate *candidate);
char *evidence_objects_gone(const struct candidate *candidate);
char *evidence_endpoint_outside(const struct candidate *candidate);
char *evidence_irq_pool(const struct candidate *candidate);

/* evidence_use.c */
char *evidence_in_use(const struct candidate *candidate);
char *evidence_holders_unknown(const struct candidate *candidate);
char *evidence_unbind_unfinished(const struct candidate *candidate);
char *evidence_assigned(const struct candidate *candidate);
char *evidence_netdev_in_use(const struct candidate *candidate);
char *evidence_outside_consumer(const struct candidate *candidate);
char *evidence_driver_missing(const struct candidate *candidate);
char *evidence_autoprobe_off(const struct candidate *candidate);
char *evidence_type1_missing(const struct candidate *candidate);

#endif
