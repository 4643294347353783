// The operations as a document, out of their definitions.
#pragma once

#include <string>

namespace monograph::ir {

/// docs/ops.md: every operation with its operands, attributes and their defaults, in Markdown.
std::string operations_markdown();

}  // namespace monograph::ir
