// SPDX-License-Identifier: Apache-2.0
#include "config/schema_rules.h"

#include "config/examples.h"

namespace steadfast::config {

const Rule kUnknownKey{
    "SF101",
    Severity::error,
    "unknown key",
    "a misspelt key would be ignored, and what it was meant to set would stay as it was",
    "correct the spelling or remove the key",
    SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL
    "[[pool.backend]]\n"
    "name = \"web-01\"\n"
    "address = \"10.0.2.10\"\n"
    "wieght = 100\n",
    SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL
    "[[pool.backend]]\n"
    "name = \"web-01\"\n"
    "address = \"10.0.2.10\"\n"
    "weight = 100\n",
};

const Rule kBlankValue{
    "SF102",
    Severity::error,
    "blank, null or missing value",
    "a value nobody chose would decide how the balancer runs; blank fields have crashed whole fleets",
    "write the value, or remove the key where it is optional",
    SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL
    "[[pool.backend]]\n"
    "name = \"web-01\"\n"
    "address = \"10.0.2.10\"\n"
    "weight = null\n",
    SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL
    "[[pool.backend]]\n"
    "name = \"web-01\"\n"
    "address = \"10.0.2.10\"\n"
    "weight = 100\n",
    "INC-22",
};

const Rule kOutOfDomain{
    "SF103",
    Severity::error,
    "value out of its domain",
    "the value cannot mean anything on a wire: packets would be dropped, or the program would crash on it",
    "write a value of the kind and range the message names",
    SF_EXAMPLE_SCHEMA SF_EXAMPLE_HOST "mtu = 99985\n" SF_EXAMPLE_LIMITS SF_EXAMPLE_REST,
    SF_EXAMPLE_SCHEMA SF_EXAMPLE_HOST "mtu = 1500\n" SF_EXAMPLE_LIMITS SF_EXAMPLE_REST,
    "INC-17",
};

const Rule kDuplicateKey{
    "SF104",
    Severity::error,
    "duplicate key, table or name",
    "only one of the two could take effect, and which one would be an accident",
    "keep one of the two",
    SF_EXAMPLE_HEAD
    "[[service]]\n"
    "name = \"web\"\n"
    "vip = \"192.0.2.10\"\n"
    "protocol = \"tcp\"\n"
    "port = 443\n"
    "port = 8443\n"
    "forward = \"ipip\"\n"
    "pool = \"web\"\n" SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
    SF_EXAMPLE_HEAD SF_EXAMPLE_REST,
};

const Rule kBrokenFile{
    "SF105",
    Severity::error,
    "truncated or damaged file",
    "what is missing would be taken as removed: services would vanish, pools would shrink",
    "restore the file from where it was made; a whole file ends with a newline",
    SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL
    "[[pool.backend]]\n"
    "name = \"web-01\"\n"
    "address = \"10.0.2",
    SF_EXAMPLE_HEAD SF_EXAMPLE_REST,
    "INC-05",
};

const Rule kTrafficDefault{
    "SF108",
    Severity::error,
    "missing key that would choose where traffic goes",
    "a default would send users' packets to a place nobody chose",
    "write the key: nothing that chooses where traffic goes has a default",
    SF_EXAMPLE_HEAD
    "[[service]]\n"
    "name = \"web\"\n"
    "vip = \"192.0.2.10\"\n"
    "protocol = \"tcp\"\n"
    "port = 443\n"
    "pool = \"web\"\n" SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
    SF_EXAMPLE_HEAD SF_EXAMPLE_REST,
    "INC-28",
};

const Rule kUndefined{
    "SF203",
    Severity::error,
    "reference to something that is not defined",
    "the service would have nowhere to send its packets",
    "correct the name, or define what it names",
    SF_EXAMPLE_HEAD
    "[[service]]\n"
    "name = \"web\"\n"
    "vip = \"192.0.2.10\"\n"
    "protocol = \"tcp\"\n"
    "port = 443\n"
    "forward = \"ipip\"\n"
    "pool = \"wbe\"\n" SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
    SF_EXAMPLE_HEAD SF_EXAMPLE_REST,
};

const Rule kTwin{
    "SF205",
    Severity::error,
    "backend twice in one pool",
    "the backend would get twice its share, and a drain of one entry would leave the other serving",
    "remove one of the two entries",
    SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS
    "[[pool.backend]]\n"
    "name = \"web-03\"\n"
    "address = \"10.0.2.10\"\n"
    "weight = 100\n",
    SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS
    "[[pool.backend]]\n"
    "name = \"web-03\"\n"
    "address = \"10.0.2.12\"\n"
    "weight = 100\n",
    "INC-18",
};

const Rule kEmptySelector{
    "SF506",
    Severity::error,
    "empty selector in a verb that changes something",
    "an empty filter reads as \"all\": one slip would remove every backend",
    "name the pool and the backend",
    {},
    {},
    "INC-19",
};

}  // namespace steadfast::config
