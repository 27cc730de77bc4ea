// SPDX-License-Identifier: Apache-2.0
// The ruleset as libnftables lists it, once for machines and once for people.
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <nftables/libnftables.h>

#include <cerrno>
#include <memory>

#include "host/readers.h"
#include "kernel/netlink.h"
#include "kernel/route_messages.h"

namespace steadfast::host {
namespace {

struct Free {
  void operator()(nft_ctx* context) const { nft_ctx_free(context); }
};
using Context = std::unique_ptr<nft_ctx, Free>;

// Asked before the library is, which ends the process where the kernel has no netfilter.
Result<bool> has_nf_tables() {
  auto netlink = Netlink::open(0, NETLINK_NETFILTER);
  if (!netlink && netlink.error().os_error == EPROTONOSUPPORT) return false;
  if (!netlink) return netlink.error();
  Message<nfgenmsg> ask(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETGEN, 0);
  const auto read = netlink->request(ask.header(), [](const nlmsghdr*) {});
  if (read) return true;
  if (read.error().os_error == EINVAL || read.error().os_error == EOPNOTSUPP) return false;
  return read.error();
}

Result<std::string> list(nft_ctx* context, unsigned flags) {
  nft_ctx_output_set_flags(context, NFT_CTX_OUTPUT_HANDLE | flags);
  if (nft_run_cmd_from_buffer(context, "list ruleset") == 0)
    return std::string(nft_ctx_get_output_buffer(context));
  std::string why = nft_ctx_get_error_buffer(context);
  while (!why.empty() && (why.back() == '\n' || why.back() == ' ')) why.pop_back();
  return Error{why};
}

}  // namespace

Result<NftRuleset> read_netfilter() {
  const auto present = has_nf_tables();
  if (!present) return present.error().while_doing("asking for nf_tables");
  if (!*present) return NftRuleset{};
  const Context context(nft_ctx_new(NFT_CTX_DEFAULT));
  if (!context || nft_ctx_buffer_output(context.get()) != 0 || nft_ctx_buffer_error(context.get()) != 0)
    return Error{"libnftables does not start"};
  const auto json = list(context.get(), NFT_CTX_OUTPUT_JSON);
  if (!json) return json.error().while_doing("listing the nft ruleset");
  const auto listing = list(context.get(), 0);
  if (!listing) return listing.error().while_doing("listing the nft ruleset");
  return parse_nft(*json, *listing);
}

}  // namespace steadfast::host
