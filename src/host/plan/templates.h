// Known programs and what runs in their place: a program written by hand may beat what the passes make of
// another one that means the same. Nothing is replaced unless somebody puts it into a registry.
#pragma once

#include <string>
#include <vector>

#include "host/base/hash.h"
#include "host/ir/program.h"

namespace monograph::plan {

/// The digest of what a program says, not of how it was written: after the passes that leave one form of
/// equal programs (expand, canonicalise, cse, dce), without its name and source lines. Parameters count by
/// name, type and default, outputs by name and type: a replacement must answer to them.
base::Hash128 canonical_hash(const ir::Program& program);

struct Template {
  std::string name;  ///< what `explain` calls it
  base::Hash128 known;
  ir::Program replacement;
};

class Templates {
 public:
  /// From now on `replacement` runs where a program equals `known`. That they mean the same is the caller's
  /// promise; CompileError when they already differ in parameters, outputs or attributes, UsageError when
  /// there is one for `known`.
  void add(std::string name, const ir::Program& known, ir::Program replacement);
  /// The one for `program`; null when there is none, which costs nothing when the registry is empty.
  const Template* match(const ir::Program& program) const;
  bool empty() const { return all_.empty(); }

 private:
  std::vector<Template> all_;
};

}  // namespace monograph::plan
