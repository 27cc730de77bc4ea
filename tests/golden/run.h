// SPDX-License-Identifier: Apache-2.0
// Runs a program and keeps what it printed and how it ended.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/golden/golden.h"
#include "tests/unit/control/temp_dir.h"

namespace steadfast::golden {

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
};

// `environment` is all the program gets to see of it: "NAME=value".
inline Ran run(std::vector<std::string> command, const std::string& input = {},
               std::vector<std::string> environment = {"PATH=/usr/bin:/bin", "USER=tester"}) {
  const TempDir dir;
  std::ofstream(dir / "in") << input;
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  const std::string in = dir / "in", out = dir / "out", err = dir / "err";
  posix_spawn_file_actions_addopen(&files, 0, in.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, out.c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&files, 2, err.c_str(), O_WRONLY | O_CREAT, 0600);
  std::vector<char*> argv, envp;
  for (auto& word : command) argv.push_back(word.data());
  for (auto& word : environment) envp.push_back(word.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  pid_t pid = 0;
  EXPECT_EQ(posix_spawnp(&pid, argv[0], &files, nullptr, argv.data(), envp.data()), 0) << command[0];
  posix_spawn_file_actions_destroy(&files);
  int status = 0;
  waitpid(pid, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(out), read_file(err)};
}

}  // namespace steadfast::golden
