// SPDX-License-Identifier: Apache-2.0
// xdp_decap under BPF_PROG_TEST_RUN: a frame in, its bytes and the one counter
// out. Traffic through it is netns.decap's.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>

#include "bpf/decap.h"
#include "xdp_decap.skel.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint16_t kIPv4 = 0x0800, kIPv6 = 0x86dd, kCustomer = 0x8100, kService = 0x88a8;
constexpr std::array<std::uint8_t, 4> kLocal{10, 0, 2, 11}, kOther{10, 0, 2, 99};

void append(Bytes& bytes, const Bytes& more) { bytes.insert(bytes.end(), more.begin(), more.end()); }
void append(Bytes& bytes, std::uint16_t value) {
  append(bytes, Bytes{static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)});
}

Bytes ipv4(std::uint8_t protocol, std::array<std::uint8_t, 4> destination, const Bytes& payload,
           std::uint16_t fragment = 0) {
  Bytes packet{0x45, 0};
  append(packet, static_cast<std::uint16_t>(20 + payload.size()));
  append(packet, std::uint16_t{0});
  append(packet, fragment);
  append(packet, Bytes{64, protocol, 0, 0, 198, 51, 100, 1});
  append(packet, Bytes(destination.begin(), destination.end()));
  append(packet, payload);
  return packet;
}

Bytes ipv6(const Bytes& payload) {
  Bytes packet{0x60, 0, 0, 0};
  append(packet, static_cast<std::uint16_t>(payload.size()));
  append(packet, Bytes{17, 64});
  append(packet, Bytes(32, 0x20));
  append(packet, payload);
  return packet;
}

// `types`: of the tags in front, outermost first; tag i has VLAN id 100 + i.
Bytes frame(const std::vector<std::uint16_t>& types, std::uint16_t type, const Bytes& packet) {
  Bytes bytes{2, 0, 0, 0, 2, 11, 2, 0, 0, 0, 2, 2};
  for (std::size_t i = 0; i < types.size(); ++i) {
    append(bytes, types[i]);
    append(bytes, static_cast<std::uint16_t>(100 + i));
  }
  append(bytes, type);
  append(bytes, packet);
  return bytes;
}

const Bytes kInner4 = ipv4(17, {192, 0, 2, 10}, Bytes(12, 0xa5));
const Bytes kInner6 = ipv6(Bytes(12, 0x5a));

class Decap : public testing::Test {
 protected:
  void SetUp() override {
    object_ = xdp_decap::open_and_load();
    if (object_ == nullptr) {
      const char* required = std::getenv("STEADFAST_REQUIRE_BPF");
      if (required != nullptr && std::string(required) == "1") FAIL() << "BPF is required here";
      GTEST_SKIP() << "xdp_decap cannot be loaded here";
    }
    sf_decap_local local{};
    std::copy(kLocal.begin(), kLocal.end(), reinterpret_cast<std::uint8_t*>(local.addr));
    local.family = 4;
    const std::uint8_t present = 1;
    ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(object_->maps.decap_locals), &local, &present, BPF_ANY), 0);
  }
  void TearDown() override { xdp_decap::destroy(object_); }

  // The frame as it reaches the kernel.
  Bytes run(Bytes in) {
    Bytes out(in.size() + 64);
    LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = in.data(), .data_out = out.data(),
                .data_size_in = static_cast<std::uint32_t>(in.size()),
                .data_size_out = static_cast<std::uint32_t>(out.size()));
    EXPECT_EQ(bpf_prog_test_run_opts(bpf_program__fd(object_->progs.xdp_decap), &options), 0);
    EXPECT_EQ(options.retval, static_cast<std::uint32_t>(XDP_PASS));
    out.resize(options.data_size_out);
    ++frames_;
    return out;
  }

  std::uint64_t count(std::uint32_t outcome) {
    std::vector<std::uint64_t> stripes(static_cast<std::size_t>(libbpf_num_possible_cpus()));
    const int map = bpf_map__fd(object_->maps.decap_counts);
    EXPECT_EQ(bpf_map_lookup_elem(map, &outcome, stripes.data()), 0);
    return std::accumulate(stripes.begin(), stripes.end(), std::uint64_t{0});
  }

  void expect_left_alone(const Bytes& in, sf_decap_outcome outcome) {
    const std::uint64_t before = count(outcome);
    EXPECT_EQ(run(in), in);
    EXPECT_EQ(count(outcome), before + 1);
    EXPECT_EQ(all_counts(), frames_);
  }
  void expect_opened(const Bytes& in, const Bytes& out, sf_decap_outcome outcome) {
    const std::uint64_t before = count(outcome);
    EXPECT_EQ(run(in), out);
    EXPECT_EQ(count(outcome), before + 1);
    EXPECT_EQ(all_counts(), frames_);
  }

 private:
  std::uint64_t all_counts() {
    std::uint64_t sum = 0;
    for (std::uint32_t outcome = 0; outcome < SF_DECAP_OUTCOME_COUNT; ++outcome) sum += count(outcome);
    return sum;
  }

  xdp_decap* object_ = nullptr;
  std::uint64_t frames_ = 0;
};

TEST_F(Decap, KeepsTheTagsOfAFrameAndNamesWhatIsInside) {
  const std::vector<std::vector<std::uint16_t>> taggings{{}, {kCustomer}, {kService}, {kService, kCustomer}};
  for (const auto& tags : taggings) {
    expect_opened(frame(tags, kIPv4, ipv4(4, kLocal, kInner4)), frame(tags, kIPv4, kInner4),
                  SF_DECAP_IPIP_4IN4);
    expect_opened(frame(tags, kIPv4, ipv4(41, kLocal, kInner6)), frame(tags, kIPv6, kInner6),
                  SF_DECAP_IPIP_6IN4);
  }
}

TEST_F(Decap, KeepsWhatFollowsTheTunnel) {
  Bytes in = frame({kCustomer}, kIPv4, ipv4(4, kLocal, kInner4));
  Bytes out = frame({kCustomer}, kIPv4, kInner4);
  in.resize(in.size() + 6);
  out.resize(out.size() + 6);
  expect_opened(in, out, SF_DECAP_IPIP_4IN4);
}

TEST_F(Decap, LeavesAThirdTagAlone) {
  expect_left_alone(frame({kService, kCustomer, kCustomer}, kIPv4, ipv4(4, kLocal, kInner4)),
                    SF_DECAP_NOT_TUNNEL);
}

TEST_F(Decap, OpensNothingForAnotherAddressUnderATag) {
  expect_left_alone(frame({kCustomer}, kIPv4, ipv4(4, kOther, kInner4)), SF_DECAP_FOREIGN);
  expect_left_alone(frame({kService, kCustomer}, kIPv4, ipv4(41, kOther, kInner6)), SF_DECAP_FOREIGN);
}

TEST_F(Decap, LeavesFragmentsAloneUnderATag) {
  expect_left_alone(frame({kCustomer}, kIPv4, ipv4(4, kLocal, kInner4, 0x2000)), SF_DECAP_FRAGMENT);
  expect_left_alone(frame({kCustomer}, kIPv4, ipv4(4, kLocal, kInner4, 0x0010)), SF_DECAP_FRAGMENT);
}

TEST_F(Decap, CountsEveryCutOfATaggedTunnelOnce) {
  const Bytes whole = frame({kService, kCustomer}, kIPv4, ipv4(4, kLocal, kInner4));
  const std::size_t outer_ends = 22 + 20;
  for (std::size_t bytes = 14; bytes < whole.size(); ++bytes) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<long>(bytes));
    expect_left_alone(cut, bytes < outer_ends ? SF_DECAP_NOT_TUNNEL : SF_DECAP_MALFORMED);
  }
}

}  // namespace
