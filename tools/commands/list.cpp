#include <monograph/io.h>

#include <algorithm>
#include <functional>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/result_view.h"
#include "cli/table.h"
#include "host/ir/op_docs.h"
#include "host/ops/op_def.h"
#include "host/passes/passes.h"

namespace monograph::cli {
namespace {

/// A thing that there is: its name, one line about it, and more for those who ask for JSON.
struct Entry {
  std::string name, doc;
  Json more = Json::object();
};
using Entries = std::vector<Entry>;

std::string first_line(std::string_view doc) { return std::string(doc.substr(0, doc.find('\n'))); }

/// Loops and branches as programs write them; the builder turns them into control.while and control.if.
struct BuilderForm {
  std::string_view name, doc, becomes;
};
constexpr BuilderForm kBuilderForms[] = {
    {"control.loop", "the body, a number of times", "control.while"},
    {"control.until_converged", "the body, until a variable changes by less than a tolerance",
     "control.while"},
    {"control.break_if", "leaves the innermost loop where a condition holds", "control.if"},
    {"control.continue_if", "goes on with the next iteration where a condition holds", "control.if"},
};

Entries list_ops() {
  Entries entries;
  for (const ops::OpDef* op : ops::op_table()) {
    Json operands = Json::array(), attributes = Json::array();
    for (const ops::OperandSpec& o : op->operands) operands.push_back(o.name);
    for (const ops::AttrSpec& a : op->attrs) attributes.push_back(a.name);
    entries.push_back({std::string(op->name), first_line(op->doc),
                       Json{{"kind", op->scalar ? "element-wise" : "primitive"},
                            {"operands", operands},
                            {"attributes", attributes}}});
  }
  for (const BuilderForm& form : kBuilderForms)
    entries.push_back({std::string(form.name),
                       std::string(form.doc) + " (builder form: becomes " + std::string(form.becomes) + ")",
                       Json{{"kind", "builder form"}, {"becomes", form.becomes}}});
  return entries;
}

std::string parameter_text(const ParameterInfo& p) {
  return p.name + "=" + (p.is_node ? "ID" : to_string(p.fallback));
}

Json parameter_json(const ParameterInfo& p) {
  Json json = {{"name", p.name},
               {"type", p.is_node ? Json("node") : Json(to_string(p.fallback.type))},
               {"default", p.is_node ? Json() : constant_json(p.fallback)},
               {"doc", p.doc}};
  if (p.minimum) json["minimum"] = constant_json(*p.minimum);
  if (p.maximum) json["maximum"] = constant_json(*p.maximum);
  return json;
}

Entries list_algorithms() {
  Entries entries;
  for (const AlgorithmInfo& a : algorithms()) {
    const Program program = a.make();
    Json parameters = Json::array(), outputs = Json::array();
    std::string doc(a.doc);
    for (const ParameterInfo& p : program.parameters()) parameters.push_back(parameter_json(p));
    for (const OutputInfo& o : program.outputs())
      outputs.push_back({{"name", o.name}, {"type", to_string(o.type)}, {"node_ids", o.is_node}});
    std::vector<std::string> notes;
    for (const ParameterInfo& p : program.parameters()) notes.push_back(parameter_text(p));
    for (const OutputInfo& o : program.outputs())
      notes.push_back("-> " + o.name + " " + (o.is_node ? "node ids" : to_string(o.type)));
    entries.push_back({std::string(a.name), doc + "  [" + join(notes, " ") + "]",
                       Json{{"alias", a.alias},
                            {"match", to_string(a.match)},
                            {"about", a.about},
                            {"values", a.outputs},
                            {"source", a.source},
                            {"parameters", parameters},
                            {"outputs", outputs}}});
  }
  return entries;
}

Entries list_formats() {
  Entries entries;
  for (const FormatInfo& f : formats()) {
    std::vector<std::string> uses;
    if (f.reads_graph) uses.emplace_back("reads graphs");
    if (f.writes_graph) uses.emplace_back("writes graphs");
    if (f.writes_result) uses.emplace_back("writes results");
    const std::string extensions = f.extensions.empty() ? "" : " (" + std::string(f.extensions) + ")";
    entries.push_back({std::string(f.name), std::string(f.doc) + extensions + "  [" + join(uses) + "]",
                       Json{{"extensions", f.extensions},
                            {"reads_graph", f.reads_graph},
                            {"writes_graph", f.writes_graph},
                            {"writes_result", f.writes_result}}});
  }
  return entries;
}

Entries list_generators() {
  Entries entries;
  for (const GeneratorInfo& g : generators())
    entries.push_back({std::string(g.syntax), std::string(g.doc), Json{{"generator", g.name}}});
  return entries;
}

Entries list_backends() {
  Entries entries;
  for (const BackendInfo& b : backends())
    entries.push_back({b.name, b.doc + (b.available ? "" : "  [not available: " + b.reason + "]"),
                       Json{{"available", b.available}, {"reason", b.reason}}});
  return entries;
}

Entries list_passes() {
  Entries entries;
  for (const passes::PassInfo& p : passes::pass_table())
    entries.push_back({std::string(p.name), std::string(p.doc)});
  return entries;
}

struct ListArguments {
  Entries (*list)() = nullptr;
  bool json = false, markdown = false;
};

void add_to_list(CLI::App& app, ListArguments& options) {
  add_choice<Entries (*)()>(app, "what", options.list,
                            {{"ops", list_ops},
                             {"algorithms", list_algorithms},
                             {"formats", list_formats},
                             {"generators", list_generators},
                             {"backends", list_backends},
                             {"passes", list_passes}},
                            "What to list")
      ->required();
  add_json_option(app, options.json);
  app.add_flag("--markdown", options.markdown,
               "Of ops and algorithms: the reference with all that belongs to each, in Markdown");
}

Json entries_json(const Entries& entries) {
  Json json = Json::array();
  for (const Entry& e : entries) {
    Json row = {{"name", e.name}, {"doc", e.doc}};
    row.update(e.more);
    json.push_back(std::move(row));
  }
  return json;
}

int run_list(const ListArguments& options, Terminal& terminal) {
  if (options.markdown) {
    if (options.list != list_ops && options.list != list_algorithms)
      throw UsageError("--markdown is for list ops and list algorithms only");
    terminal.out << (options.list == list_ops ? ir::operations_markdown() : algorithms_markdown());
    return 0;
  }
  const Entries entries = options.list();
  if (options.json) {
    terminal.out << pretty(entries_json(entries));
    return 0;
  }
  Table table({{"name"}, {"what it is"}});
  for (const Entry& e : entries) table.add({e.name, e.doc});
  terminal.out << table.text();
  return 0;
}

}  // namespace

extern const Command list_command;
const Command list_command = {"list", "List operations, algorithms, formats, generators, backends or passes",
                              "monograph list algorithms\n"
                              "monograph list ops --markdown\n"
                              "monograph list ops --json\n",
                              bind<ListArguments, add_to_list, run_list>};

}  // namespace monograph::cli
