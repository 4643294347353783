#include "host/plan/forms.h"

#include <monograph/error.h>
#include <monograph/version.h>

#include <algorithm>
#include <new>

#include "host/base/binary_archive.h"
#include "host/base/container.h"
#include "host/base/json_archive.h"
#include "host/ir/json_document.h"
#include "host/plan/archive.h"

namespace monograph::plan {
namespace {

/// "1.2.3": the library that wrote a plan.
struct Library {
  std::string value;
};
bool is_version(std::string_view text) {
  text = text.substr(0, text.find_first_of("-+"));  // "1.2.3-rc1"
  for (int part = 0; part < 3; ++part) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const bool last = part == 2;
    if (digits == 0 || (last ? digits != text.size() : digits == text.size() || text[digits] != '.'))
      return false;
    text.remove_prefix(last ? digits : digits + 1);
  }
  return true;
}
template <class A>
void represent(A& a, Library& library) {
  a.value(library.value);
  if constexpr (A::kReading)
    if (!is_version(library.value))
      a.fail("the version of a library, such as \"" + std::string(version()) + "\"",
             base::shown(library.value));
}

/// A plan as a JSON document of its own.
template <class P>
struct Document {
  P& plan;
};

template <class A, class P>
void fields(A& a, Document<P>& d) {
  std::string what = "plan";
  Library library{version()};
  std::uint32_t format = kPlanFormat;
  a.field("monograph", what);
  a.field("version", format);
  a.field("library", library);
  if constexpr (A::kReading) {
    if (what != "plan") a.fail("\"monograph\": \"plan\"", base::shown(what));
    if (format == 0 || format > kPlanFormat)
      a.fail("a plan of version 1 to " + std::to_string(kPlanFormat) + " (library " + version() + ")",
             "version " + std::to_string(format) + ", written by library " + base::shown(library.value));
  }
  fields(a, d.plan);
}

Plan read_bytes(std::string_view bytes, const std::string& origin) {
  const std::string content = base::unseal(bytes, kPlanFormat, origin);
  base::BinaryReader reader(content, origin);
  Plan plan;
  reader.value(plan);
  reader.finish();
  return plan;
}

/// What `read` gives, once it was verified. Whatever is wrong with a program or a schedule is wrong with the
/// plan.
template <class Read>
Plan checked(const std::string& origin, Read read) {
  try {
    Plan plan = read();
    verify(plan);
    return plan;
  } catch (const PlanError&) {
    throw;
  } catch (const MemoryError&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    const std::string what = error.what();
    throw PlanError(what.starts_with(origin + ":") ? what : origin + ": " + what);
  }
}

}  // namespace

std::string to_bytes(const Plan& plan) {
  base::BinaryWriter writer;
  writer.value(plan);
  return base::seal(writer.finish(), kPlanFormat);
}

Plan from_bytes(std::string_view bytes, const std::string& origin) {
  return checked(origin, [&] { return read_bytes(bytes, origin); });
}

Plan from_own_bytes(std::string_view bytes) { return read_bytes(bytes, "plan"); }

std::string to_json(const Plan& plan) {
  base::JsonWriter writer;
  Document<const Plan> document{plan};
  writer.value(document);
  return ir::write_json(std::move(writer).finish());
}

Plan from_json(std::string_view text, const std::string& origin) {
  return checked(origin, [&] {
    const nlohmann::json json = ir::read_json(text, origin);
    Plan plan;
    Document<Plan> document{plan};
    base::JsonReader(json, origin).value(document);
    return plan;
  });
}

CacheKey plan_key(const ir::Program& program, const passes::PassOptions& options) {
  base::BinaryWriter writer;
  writer.value(program);
  base::Hasher hash;
  hash.add(std::string_view(kCompilerIdentity));
  hash.add(std::string_view(version()));
  hash.add(kPlanFormat);
  hash.add(static_cast<std::uint64_t>(options.level));
  hash.add(options.fast_math);
  std::vector<std::string> disabled = options.disabled;
  std::sort(disabled.begin(), disabled.end());
  disabled.erase(std::unique(disabled.begin(), disabled.end()), disabled.end());
  hash.add(disabled.size());
  for (const std::string& name : disabled) hash.add(name);
  hash.add(writer.finish());
  return {CacheKind::Plan, hash.finish()};
}

}  // namespace monograph::plan
