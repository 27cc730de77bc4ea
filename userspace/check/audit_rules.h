// SPDX-License-Identifier: Apache-2.0
// The rules of the audit: what is declared against what is. They are found by
// audit/ and control/, and declared here because the catalogue stands before
// those in the link order.
//
// Must not enter: finding them.
#pragma once

#include "config/finding.h"

namespace steadfast::rules {

inline constexpr Rule kKernelDiffers{
    "SF901",
    Severity::error,
    "an entry in the kernel is not the one that was written",
    "packets follow what the kernel holds, whatever the file says",
    "find out who writes there; `audit_tables = \"repair\"` in [host] writes the same generation anew, and "
    "so does "
    "`steadfast apply` of any change",
    {},
    {},
    "INC-23",
};

inline constexpr Rule kDetached{
    "SF902",
    Severity::error,
    "the program is detached, replaced, or attached in another mode",
    "packets of services go to this host itself, which has no use for them",
    "find out who detaches it; `audit_program = \"repair\"` in [host] attaches it again, and so does a "
    "restart of "
    "steadfastd",
    {},
    {},
    "INC-24",
};

inline constexpr Rule kNothingDeclared{
    "SF903",
    Severity::error,
    "the kernel runs a generation that the journal does not know",
    "what runs goes on as it is and nothing is taken away, but a change would be built on a guess",
    "look at `steadfast show config`; `steadfast confirm` says that it is right, a start with --from-file "
    "says "
    "that the file is",
    {},
    {},
    "INC-26",
};

inline constexpr Rule kReadBackOld{
    "SF904",
    Severity::error,
    "the kernel's tables have not been read back for too long",
    "what they hold now is not known; a difference would go unnoticed",
    "see why steadfastd has no time (its log, the load of the host)",
    {},
    {},
    "INC-14",
};

inline constexpr Rule kForeignWrite{
    "SF905",
    Severity::error,
    "somebody else has written to the kernel's tables",
    "what packets follow was changed past every check, and nobody wrote down by whom",
    "find out who holds the maps open: `bpftool map show pinned` and `fuser`; change what runs by `steadfast "
    "apply` "
    "alone",
    {},
    {},
    "INC-23",
};

inline constexpr Rule kPeersDisagree{
    "SF906",
    Severity::error,
    "two balancers run the same file with different tables",
    "a flow that moves from one to the other changes its backend",
    "compare `steadfast status` of both; they differ in version, or one of them has been written to",
    {},
    {},
    "INC-10",
};

inline constexpr Rule kPeersApart{
    "SF907",
    Severity::warn,
    "two balancers run different files",
    "a flow that moves from one to the other may change its backend, and a rollout may have stopped half way",
    "apply the same file to both",
    {},
    {},
};

inline constexpr Rule kFileDiffers{
    "SF908",
    Severity::warn,
    "the file on disk is not what runs",
    "a start that has lost its journal would change where packets go",
    "apply the file, or write what runs into it: `steadfast show config`",
    {},
    {},
};

inline constexpr Rule kNoPackets{
    "SF909",
    Severity::note,
    "service without packets",
    "nobody uses it, or nobody reaches it: routing may lead its packets elsewhere",
    "see whether its address is announced to here, and remove it if it is not needed",
    {},
    {},
};

#define SF_AUDIT_RULES(X) \
  X(kKernelDiffers)       \
  X(kDetached)            \
  X(kNothingDeclared)     \
  X(kReadBackOld)         \
  X(kForeignWrite)        \
  X(kPeersDisagree)       \
  X(kPeersApart)          \
  X(kFileDiffers)         \
  X(kNoPackets)

}  // namespace steadfast::rules
