// SPDX-License-Identifier: Apache-2.0
#include "control/listener.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <optional>

#include "tests/unit/control/temp_dir.h"

namespace steadfast {
namespace {

mode_t mode_of(const std::string& path) {
  struct stat entry {};
  return stat(path.c_str(), &entry) == 0 ? entry.st_mode & 07777 : 0;
}

// What a daemon that was killed leaves behind: a socket file nobody listens on.
void leave_stale_socket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  close(fd);
}

TEST(Listener, OnlyOwnerAndGroupMayUseTheSocketWhateverTheUmask) {
  const TempDir dir;
  for (const mode_t mask : {mode_t{0}, mode_t{0077}}) {
    const mode_t before = umask(mask);
    const auto listener = Listener::unix_socket(dir / "control.sock");
    umask(before);
    ASSERT_TRUE(listener) << listener.error().what;
    EXPECT_EQ(mode_of(dir / "control.sock"), mode_t{0660});
  }
}

TEST(Listener, ReplacesASocketNobodyAnswersOn) {
  const TempDir dir;
  leave_stale_socket(dir / "control.sock");
  const auto listener = Listener::unix_socket(dir / "control.sock");
  ASSERT_TRUE(listener) << listener.error().what;
  const auto connection = connect_unix(dir / "control.sock");
  ASSERT_TRUE(connection) << connection.error().what;
  close(*connection);
}

TEST(Listener, LeavesALiveDaemonsSocketAlone) {
  const TempDir dir;
  const auto first = Listener::unix_socket(dir / "control.sock");
  ASSERT_TRUE(first);
  const auto second = Listener::unix_socket(dir / "control.sock");
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().what.find("another daemon answers"), std::string::npos) << second.error().what;
  const auto connection = connect_unix(dir / "control.sock");
  ASSERT_TRUE(connection) << "the first daemon must still be reachable";
  close(*connection);
}

TEST(Listener, NeverRemovesAFileThatIsNoSocket) {
  const TempDir dir;
  std::ofstream(dir / "control.sock") << "precious";
  const auto listener = Listener::unix_socket(dir / "control.sock");
  ASSERT_FALSE(listener);
  EXPECT_NE(listener.error().what.find("is no socket"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(dir / "control.sock"));
}

TEST(Listener, RefusesAPathTooLongForASocket) {
  const auto listener = Listener::unix_socket("/tmp/" + std::string(200, 'x'));
  ASSERT_FALSE(listener);
  EXPECT_NE(listener.error().what.find("107 bytes"), std::string::npos) << listener.error().what;
}

TEST(Listener, SaysWhyADirectoryCannotBeUsed) {
  const auto listener = Listener::unix_socket("/nonexistent/control.sock");
  ASSERT_FALSE(listener);
  EXPECT_EQ(listener.error().os_error, ENOENT);
}

TEST(Listener, RemovesItsFileAtTheEndButNotASuccessors) {
  const TempDir dir;
  std::optional<Listener> first;
  first.emplace(*Listener::unix_socket(dir / "control.sock"));
  std::filesystem::rename(dir / "control.sock", dir / "moved.sock");
  const auto second = Listener::unix_socket(dir / "control.sock");
  ASSERT_TRUE(second);
  first.reset();
  EXPECT_TRUE(std::filesystem::exists(dir / "control.sock"));
  {
    const auto third = Listener::unix_socket(dir / "third.sock");
    ASSERT_TRUE(third);
  }
  EXPECT_FALSE(std::filesystem::exists(dir / "third.sock"));
}

TEST(Listener, TcpOnPortZeroNamesThePortTheKernelChose) {
  for (const char* address : {"127.0.0.1:0", "[::1]:0"}) {
    const auto listener = Listener::tcp(address);
    ASSERT_TRUE(listener) << listener.error().what;
    EXPECT_EQ(listener->name().rfind(std::string(address).substr(0, std::strlen(address) - 1), 0), 0u);
    EXPECT_NE(listener->name(), address);
  }
}

TEST(Listener, TwoCannotShareAPort) {
  const auto first = Listener::tcp("127.0.0.1:0");
  ASSERT_TRUE(first);
  const auto second = Listener::tcp(first->name());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().os_error, EADDRINUSE);
}

TEST(Listener, RefusesWhatIsNoAddressAndPort) {
  for (const char* text :
       {"", "9090", "localhost:9090", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "127.0.0.1:-1"})
    EXPECT_FALSE(Listener::tcp(text)) << text;
}

}  // namespace
}  // namespace steadfast
