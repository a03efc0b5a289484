/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to rtnetlink(7). */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/rtnetlink.h"

#define BUFFER_SIZE 32768 /* what the kernel fills at most in one go, see rtnetlink's min_dump */
#define ANSWER_SECONDS 5

typedef bool (*is_wanted_fn)(struct nlmsghdr *message, int ifindex);

static bool is_address_of(struct nlmsghdr *message, int ifindex)
{
	const struct ifaddrmsg *address = NLMSG_DATA(message);

	return (int)address->ifa_index == ifindex &&
	       !(address->ifa_family == AF_INET6 && address->ifa_scope == RT_SCOPE_LINK);
}

static bool is_multipath_through(const struct rtattr *attribute, int ifindex)
{
	const struct rtnexthop *hop = RTA_DATA(attribute);
	int left = (int)RTA_PAYLOAD(attribute);

	for (; RTNH_OK(hop, left); left -= RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop))
		if (hop->rtnh_ifindex == ifindex)
			return true;
	return false;
}

static bool is_route_through(struct nlmsghdr *message, int ifindex)
{
	const struct rtmsg *route = NLMSG_DATA(message);
	const struct rtattr *attribute = RTM_RTA(route);
	int left = (int)RTM_PAYLOAD(message);
	bool through = false, everywhere = false;

	if (route->rtm_table == RT_TABLE_LOCAL)
		return false;
	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
		if (attribute->rta_type == RTA_OIF)
			through |= *(const int *)RTA_DATA(attribute) == ifindex;
		else if (attribute->rta_type == RTA_MULTIPATH)
			through |= is_multipath_through(attribute, ifindex);
		else if (attribute->rta_type == RTA_DST && route->rtm_family == AF_INET6)
			everywhere =
				IN6_IS_ADDR_LINKLOCAL((struct in6_addr *)RTA_DATA(attribute)) ||
				IN6_IS_ADDR_MULTICAST((struct in6_addr *)RTA_DATA(attribute));
	}
	return through && !everywhere;
}

static int open_socket(void)
{
	const struct timeval patience = { .tv_sec = ANSWER_SECONDS };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd < 0 ? -errno : fd;
}

static int dump(int type, int ifindex, is_wanted_fn is_wanted, int *ret_count)
{
	struct {
		struct nlmsghdr header;
		struct rtmsg body;
	} request = {
		.header = { .nlmsg_len = sizeof(request),
			    .nlmsg_type = (unsigned short)type,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
	};
	_cleanup_free_ char *buffer = xcalloc(BUFFER_SIZE, 1);
	_cleanup_close_ int fd = open_socket();
	int count = 0;

	if (fd < 0)
		return fd;
	if (send(fd, &request, sizeof(request), 0) < 0)
		return -errno;
	for (;;) {
		struct nlmsghdr *message = (struct nlmsghdr *)(void *)buffer;
		ssize_t n = recv(fd, buffer, BUFFER_SIZE, 0);

		/* A socket with a time limit is not restarted by SA_RESTART. */
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		for (; NLMSG_OK(message, (size_t)n); message = NLMSG_NEXT(message, n)) {
			if (message->nlmsg_type == NLMSG_ERROR)
				return ((struct nlmsgerr *)NLMSG_DATA(message))->error;
			if (message->nlmsg_type == NLMSG_DONE) {
				*ret_count = count;
				return 0;
			}
			count += is_wanted(message, ifindex);
		}
	}
}

int rtnetlink_count_addresses(int ifindex, int *ret_n_addresses)
{
	return dump(RTM_GETADDR, ifindex, is_address_of, ret_n_addresses);
}

int rtnetlink_count_routes(int ifindex, int *ret_n_routes)
{
	return dump(RTM_GETROUTE, ifindex, is_route_through, ret_n_routes);
}
