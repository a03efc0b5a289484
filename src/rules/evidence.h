/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What makes each rule of policy.c apply.  Each returns a new string, "" where the rule says
 * it all, or NULL: it does not apply, or the fact it rests on is not known.
 */
#ifndef RULES_EVIDENCE_H
#define RULES_EVIDENCE_H

#include <stdbool.h>

struct candidate;
struct name;
struct netdev;
struct object;

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
char *evidence_lock_unsupported(const struct candidate *candidate);
char *evidence_irq_cfg_denied(const struct candidate *candidate);
char *evidence_privileged_dma(const struct candidate *candidate);
char *evidence_unplugged(const struct candidate *candidate);
char *evidence_objects_unbound(const struct candidate *candidate);
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
char *evidence_outside_netdev(const struct candidate *candidate);
char *evidence_outside_consumer(const struct candidate *candidate);
char *evidence_driver_missing(const struct candidate *candidate);
char *evidence_autoprobe_off(const struct candidate *candidate);

/* evidence_host.c */
char *evidence_root_unbound(const struct candidate *candidate);
char *evidence_root_missing(const struct candidate *candidate);
char *evidence_type1_missing(const struct candidate *candidate);
char *evidence_iommu_unfit(const struct candidate *candidate);
char *evidence_noiommu_mode(const struct candidate *candidate);
char *evidence_no_huge_pages(const struct candidate *candidate);
char *evidence_unsafe_interrupts_needed(const struct candidate *candidate);
char *evidence_unsafe_interrupts(const struct candidate *candidate);
char *evidence_unseen_dprcs(const struct candidate *candidate);
char *evidence_nothing_to_assign(const struct candidate *candidate);
char *evidence_mc_old(const struct candidate *candidate);
char *evidence_memlock_low(const struct candidate *candidate);
char *evidence_memlock_unknown(const struct candidate *candidate);
char *evidence_access_unknown(const struct candidate *candidate);
char *evidence_no_access(const struct candidate *candidate);
char *evidence_page_size(const struct candidate *candidate);
char *evidence_kernel_crashes(const struct candidate *candidate);
char *evidence_kernel_may_crash(const struct candidate *candidate);
char *evidence_kernel_untold(const struct candidate *candidate);

/* What to do about it, by what made it apply; new strings. */
char *advise_root_unbound(const struct candidate *candidate);
char *advise_no_group(const struct candidate *candidate);
char *advise_smmu_not_coherent(const struct candidate *candidate);
char *advise_no_msi(const struct candidate *candidate);
char *advise_driver_missing(const struct candidate *candidate);
char *advise_type1_missing(const struct candidate *candidate);
char *advise_kernel(const struct candidate *candidate);
char *advise_passthrough(const struct candidate *candidate);

/* needs.c: "2 required, 1 available" */
char *need_dpmcps(const struct candidate *candidate);
char *want_dpmcps(const struct candidate *candidate);
char *need_dpios(const struct candidate *candidate);
char *want_dpios(const struct candidate *candidate);
char *need_dpbps(const struct candidate *candidate);
char *need_dpcons(const struct candidate *candidate);
char *want_dpcons(const struct candidate *candidate);
char *need_groups(const struct candidate *candidate);
char *need_unknown(const struct candidate *candidate);

/* Whether evidence_outside_netdev() speaks of that object. */
bool evidence_has_port(const struct candidate *candidate, const struct name *carrier);

/* By what an interface is in use: "eth1 (up, addresses: 1)"; NULL: nobody would miss it. */
char *evidence_of_netdev(const struct netdev *netdev);

/* The same of all interfaces of an object, and of those that cannot be seen; NULL: none. */
struct carried_netdevs;
char *evidence_of_carrier(const struct carried_netdevs *carrier);

/* evidence_crypto.c */
#define CRYPTO_DRIVER "dpaa2_caam"
char *evidence_host_crypto(const struct candidate *candidate);
char *evidence_host_crypto_at_unbind(const struct candidate *candidate);

/* The DPSECI in the candidate, or outside it, that the host's crypto uses; NULL: none. */
const struct object *crypto_find_driven(const struct candidate *candidate, bool inside);

#endif
