// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/capture.h"

#include <pcap/pcap.h>

#include <array>

namespace steadfast::cli {
namespace {

constexpr int kSnapBytes = 262144;

struct CloseCapture {
  void operator()(pcap_t* handle) const { pcap_close(handle); }
};

Result<Captured> whole(const pcap_pkthdr& header, const u_char* bytes, std::size_t number,
                       const std::string& path) {
  if (header.caplen != header.len)
    return Error{path + ": packet " + std::to_string(number) + " was captured with " +
                 std::to_string(header.caplen) + " of its " + std::to_string(header.len) +
                 " bytes; capture whole packets (tcpdump -s 0)"};
  return Captured{Frame(bytes, bytes + header.caplen), header.ts};
}

}  // namespace

Result<std::vector<Captured>> read_capture(const std::string& path) {
  std::array<char, PCAP_ERRBUF_SIZE> problem{};
  const std::unique_ptr<pcap_t, CloseCapture> capture(pcap_open_offline(path.c_str(), problem.data()));
  if (!capture) return Error{"opening the capture: " + std::string(problem.data())};
  if (const int link = pcap_datalink(capture.get()); link != DLT_EN10MB) {
    const char* const name = pcap_datalink_val_to_name(link);
    return Error{path + ": link type " + (name != nullptr ? name : std::to_string(link)) +
                 "; only Ethernet captures can be traced (capture on one interface, not on \"any\")"};
  }
  std::vector<Captured> frames;
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  int more = 0;
  while ((more = pcap_next_ex(capture.get(), &header, &bytes)) == 1) {
    auto captured = whole(*header, bytes, frames.size() + 1, path);
    if (!captured) return captured.error();
    frames.push_back(std::move(*captured));
  }
  if (more == PCAP_ERROR) return Error{path + ": " + pcap_geterr(capture.get())};
  return frames;
}

void CaptureWriter::Close::operator()(pcap* handle) const { pcap_close(handle); }
void CaptureWriter::Close::operator()(pcap_dumper* dumper) const { pcap_dump_close(dumper); }

Result<CaptureWriter> CaptureWriter::create(const std::string& path) {
  CaptureWriter writer;
  writer.path_ = path;
  writer.format_.reset(pcap_open_dead(DLT_EN10MB, kSnapBytes));
  if (!writer.format_) return Error{"writing " + path + ": out of memory"};
  writer.file_.reset(pcap_dump_open(writer.format_.get(), path.c_str()));
  if (!writer.file_) return Error{std::string("writing ") + pcap_geterr(writer.format_.get())};
  return writer;
}

void CaptureWriter::add(const Captured& captured) {
  pcap_pkthdr header{};
  header.ts = captured.time;
  header.caplen = header.len = static_cast<bpf_u_int32>(captured.frame.size());
  pcap_dump(reinterpret_cast<u_char*>(file_.get()), &header, captured.frame.data());
}

Result<void> CaptureWriter::finish() {
  if (pcap_dump_flush(file_.get()) != 0) return Error::from_errno("writing " + path_);
  return {};
}

Result<void> write_capture(const std::string& path, const std::vector<Captured>& frames) {
  auto writer = CaptureWriter::create(path);
  if (!writer) return writer.error();
  for (const auto& captured : frames) writer->add(captured);
  return writer->finish();
}

}  // namespace steadfast::cli
