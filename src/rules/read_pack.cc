#include <functional>
#include <map>

#include "base/text.h"
#include "rules/kinds.h"

namespace qy::rules {
namespace {

using Reader = std::function<void(Fields&, const PackFile&)>;

const std::map<std::string, Reader>& readers() {
  static const auto plain = [](void (*read)(Fields&)) { return [read](Fields& root, const PackFile&) { read(root); }; };
  static const std::map<std::string, Reader> all = {
      {"documents", plain(read_documents)},
      {"legal_bases", plain(read_legal_bases)},
      {"categories", plain(read_categories)},
      {"clocks", plain(read_clocks)},
      {"modes", plain(read_modes)},
      {"steps", plain(read_steps)},
      {"procedure", read_procedure},
      {"jurisdiction", read_jurisdiction},
      {"level_rules", plain(read_level_rules)},
      {"indicator_system", read_indicator_system},
      {"indicator_cases", plain(read_indicator_cases)},
      {"scoring_table", read_scoring_table},
      {"factors", plain(read_factors)},
      {"calendars", plain(read_calendars)},
      {"regions", plain(read_regions)},
      {"industries", plain(read_industries)},
      {"priority_industries", plain(read_priority_industries)},
      {"ledger_keys", plain(read_ledger_keys)},
      {"outline", read_outline},
      {"performance_columns", plain(read_performance_columns)},
  };
  return all;
}

}  // namespace

void read_pack(const YamlNode& root, PackFile file, Contents& contents, std::vector<PackProblem>& problems) {
  const Reading in{file.path, contents, problems};
  if (root.kind != YamlNode::Kind::map) {
    in.complain(root.line == 0 ? 1 : root.line, "pack.wrong_type", {{"key", file.path}, {"expected", "map"}});
    return;
  }
  const auto* kind = root.find("kind");
  const auto reader = kind ? readers().find(kind->text) : readers().end();
  if (kind && reader == readers().end()) {
    std::vector<std::string> known;
    for (const auto& [name, read] : readers()) known.push_back(name);
    Params params{{"kind", prefix_of(kind->text, 60)}};
    if (auto near = nearest(kind->text, known); !near.empty()) params.emplace_back("suggestion", near);
    in.complain(kind->line, "pack.unknown_kind", std::move(params));
    return;
  }
  if (!kind) {
    in.complain(root.line, "pack.missing_key", {{"key", "kind"}, {"in", file.path}});
    return;
  }

  Fields fields(in, root, kind->text);
  file.kind = fields.text("kind");
  file.id = fields.text("id");
  in.define("pack", file.id, fields.line_of("id"));
  file.title = fields.title("title");
  file.verification = fields.choice("verification", {"complete-verified", "partial", "from-memory", "draft"});
  fields.require("checked_on");
  file.checked_on = fields.date_or("checked_on");
  fields.title_or("note");
  reader->second(fields, file);
  contents.files.push_back(std::move(file));
}

}  // namespace qy::rules
