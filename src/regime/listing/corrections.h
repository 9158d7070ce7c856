#pragma once

#include "regime/listing/listing.h"

namespace qy::listing {

/// What a corrected field is called: 企业名称, 列入理由 …
Text title_of_field(std::string_view field);

}  // namespace qy::listing
