// Values by node id, read from a reference output or made from a result, and their comparison.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <new>
#include <unordered_map>

#include "host/base/nearest.h"
#include "host/io/cursor.h"
#include "host/io/format.h"

namespace monograph {
namespace io {
namespace {

using Entry = ValueTable::Entry;

/// What a value's text means: an integer, a number, or only text.
struct Value {
  enum Kind { Integer, Number, Word } kind = Word;
  std::int64_t integer = 0;
  double number = 0;
};

Value parse_value(std::string_view text) {
  if (text.size() > 1 && text.starts_with('+')) text.remove_prefix(1);
  const char *begin = text.data(), *end = begin + text.size();
  Value value;
  if (const auto r = std::from_chars(begin, end, value.integer); r.ec == std::errc{} && r.ptr == end) {
    value.kind = Value::Integer;
    value.number = static_cast<double>(value.integer);
  } else if (const auto f = std::from_chars(begin, end, value.number); f.ec == std::errc{} && f.ptr == end) {
    value.kind = Value::Number;
  } else {
    value.number = std::numeric_limits<double>::quiet_NaN();
  }
  return value;
}

bool same_number(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool matches_exactly(const Entry& expected, const Entry& actual) {
  const auto e = parse_value(expected.value), a = parse_value(actual.value);
  if (e.kind == Value::Word || a.kind == Value::Word) return expected.value == actual.value;
  if (e.kind == Value::Integer && a.kind == Value::Integer) return e.integer == a.integer;
  return same_number(e.number, a.number);
}

/// |actual - expected| / |expected|; 0 where they are the same, infinite where one of them is no finite
/// number.
double relative_error(const Value& expected, const Value& actual) {
  if (expected.kind == Value::Word || actual.kind == Value::Word)
    return std::numeric_limits<double>::infinity();
  if (same_number(expected.number, actual.number)) return 0;
  const double error = std::abs(actual.number - expected.number) / std::abs(expected.number);
  return std::isfinite(error) ? error : std::numeric_limits<double>::infinity();
}

/// Decides, id by id in order, whether two values match.
class Matcher {
 public:
  Matcher(Match match, double tolerance) : match_(match), tolerance_(tolerance) {}
  bool operator()(const Entry& expected, const Entry& actual, double& worst) {
    if (match_ == Match::Equivalence) return equivalent(expected.value, actual.value);
    const auto e = parse_value(expected.value), a = parse_value(actual.value);
    const double error = expected.value == actual.value ? 0 : relative_error(e, a);
    worst = std::max(worst, error);
    if (match_ == Match::Exact) return matches_exactly(expected, actual);
    return error == 0 ||
           (std::isfinite(e.number) && std::abs(a.number - e.number) <= tolerance_ * std::abs(e.number));
  }

 private:
  /// Labels correspond one to one, as their first appearances have it.
  bool equivalent(std::string_view expected, std::string_view actual) {
    const auto forward = to_actual_.try_emplace(expected, actual).first->second;
    const auto backward = to_expected_.try_emplace(actual, expected).first->second;
    return forward == actual && backward == expected;
  }

  Match match_;
  double tolerance_;
  std::unordered_map<std::string_view, std::string_view> to_actual_, to_expected_;
};

void sort_by_id(std::vector<Entry>& entries) {
  if (!std::ranges::is_sorted(entries, {}, &Entry::id)) std::ranges::stable_sort(entries, {}, &Entry::id);
}

/// Text and the unquoted ids made from it.
struct Storage {
  Text text;
  std::deque<std::string> words;
};

char sniff(const Cursor& cursor) {
  const auto line = cursor.rest_of_line();
  for (const char c : {',', ';'})
    if (line.find(c) != line.npos) return c;
  return 0;
}

Entry read_entry(Cursor& cursor, std::deque<std::string>& words) {
  const char* const line = cursor.place();
  Entry entry{cursor.word(words), {}};
  if (!cursor.next_field()) cursor.fail("a value after the id");
  entry.value = cursor.word(words);
  if (!cursor.at_line_end())
    cursor.text().fail(line,
                       "expected 2 columns (id value), found " + std::to_string(cursor.count_fields(line)));
  cursor.skip_line();
  return entry;
}

void expect_distinct(const Text& text, const std::vector<Entry>& entries) {
  const auto twice = std::ranges::adjacent_find(entries, {}, &Entry::id);
  if (twice == entries.end()) return;
  const std::string_view id = (twice + 1)->id;
  const bool in_text = id.data() >= text.begin() && id.data() < text.end();
  throw InputError(in_text ? text.locate(id.data()) : Location{text.path()},
                   "expected each id once, found " + quoted(id) + " again");
}

ValueTable read_table(const std::string& path) {
  auto storage = std::make_shared<Storage>(Storage{Text(path, {}), {}});
  ValueTable table;
  Cursor cursor(storage->text);
  for (bool first = true; cursor.next_line(); first = false) {
    if (first) cursor.set_delimiter(sniff(cursor));
    if (first && cursor.peek() == "id")
      cursor.skip_line();
    else
      table.entries.push_back(read_entry(cursor, storage->words));
  }
  sort_by_id(table.entries);
  expect_distinct(storage->text, table.entries);
  table.storage = std::move(storage);
  return table;
}

}  // namespace
}  // namespace io

ValueTable read_values(const std::string& path) {
  try {
    return io::read_table(path);
  } catch (const std::bad_alloc&) {
    throw MemoryError("out of memory while reading " + path);
  }
}

ValueTable values_of(const NodeIds& ids, const ResultColumn& column) {
  if (column.column.size() != ids.size())
    throw InputError("result column '" + column.name + "' has " + std::to_string(column.column.size()) +
                     " values, but there are " + std::to_string(ids.size()) + " nodes");
  auto words = std::make_shared<std::deque<std::string>>();
  ValueTable table;
  table.entries.reserve(static_cast<std::size_t>(ids.size()));
  for (std::int32_t v = 0; v < ids.size(); ++v) {
    const std::string_view id = words->emplace_back(ids.text(v));
    table.entries.push_back({id, words->emplace_back(element_text(ids, column, v))});
  }
  io::sort_by_id(table.entries);
  table.storage = std::move(words);
  return table;
}

namespace {
constexpr std::string_view kMatches[] = {"exact", "equivalence", "epsilon"};
constexpr std::size_t kShown = 5;
}  // namespace

std::string_view to_string(Match match) { return kMatches[static_cast<std::size_t>(match)]; }

Match parse_match(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kMatches); ++i)
    if (kMatches[i] == name) return static_cast<Match>(i);
  const auto near = base::nearest(name, kMatches);
  throw UsageError("unknown match '" + std::string(name) + "'" +
                   (near.empty() ? "" : " (did you mean '" + std::string(near) + "'?)") +
                   ": there are exact, equivalence, epsilon");
}

Comparison compare_values(const ValueTable& expected, const ValueTable& actual, Match match,
                          double tolerance) {
  Comparison result;
  io::Matcher matches(match, tolerance);
  const auto note = [&](std::string_view id, std::string_view e, std::string_view a) {
    if (result.first.size() < kShown)
      result.first.push_back({std::string(id), std::string(e), std::string(a)});
  };
  auto e = expected.entries.begin();
  auto a = actual.entries.begin();
  while (e != expected.entries.end() || a != actual.entries.end()) {
    if (a == actual.entries.end() || (e != expected.entries.end() && e->id < a->id)) {
      ++result.missing;
      note(e->id, e->value, "");
      ++e;
    } else if (e == expected.entries.end() || a->id < e->id) {
      ++result.extra;
      note(a->id, "", a->value);
      ++a;
    } else {
      ++result.compared;
      if (!matches(*e, *a, result.worst_error)) {
        ++result.mismatched;
        note(e->id, e->value, a->value);
      }
      ++e, ++a;
    }
  }
  return result;
}

}  // namespace monograph
