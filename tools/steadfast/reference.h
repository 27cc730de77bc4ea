// SPDX-License-Identifier: Apache-2.0
// Generated pages: each is made from the one declaration of what it documents.
#pragma once

#include <string>
#include <vector>

namespace steadfast::cli {

std::vector<std::string> reference_pages();
std::string reference_page(const std::string& page);

std::string cli_markdown();  // docs/cli.md
std::string man_page();      // steadfast(1)

}  // namespace steadfast::cli
