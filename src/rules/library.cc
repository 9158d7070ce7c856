#include "rules/library.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <tuple>
#include <unordered_map>

#include "base/text.h"
#include "crypto/crypto.h"
#include "rules/contents.h"

namespace qy::rules {
namespace {

namespace fs = std::filesystem;

/// Position of each id in a vector of things with that id.
using Index = std::unordered_map<std::string_view, std::size_t>;

template <class T, class Id>
Index index_of(const std::vector<T>& things, Id id) {
  Index index;
  for (std::size_t i = 0; i < things.size(); ++i) index.emplace(things[i].*id, i);
  return index;
}

template <class T>
const T* look_up(const std::vector<T>& things, const Index& index, std::string_view id) {
  const auto found = index.find(id);
  return found == index.end() ? nullptr : &things[found->second];
}

/// "990100" → "9901", "990000" → "99": a region code without the zeros that name its level.
std::string_view significant(std::string_view code) {
  if (code.size() == 6 && code.ends_with("0000")) return code.substr(0, 2);
  if (code.size() == 6 && code.ends_with("00")) return code.substr(0, 4);
  return code;
}

/// Fills what `raw` does not say from its resolved parent.
Jurisdiction resolved(const RawJurisdiction& raw, const Jurisdiction* parent) {
  Jurisdiction result = raw.own;
  if (parent) {
    const auto inherit = [&](const char* key, auto member) {
      if (!raw.said.contains(key)) result.*member = parent->*member;
    };
    inherit("list_drafted_by", &Jurisdiction::list_drafted_by);
    inherit("list_confirmed_by", &Jurisdiction::list_confirmed_by);
    inherit("list_published_by", &Jurisdiction::list_published_by);
    inherit("combined_evaluation", &Jurisdiction::combined_evaluation);
    inherit("procedure", &Jurisdiction::procedure);
    inherit("clocks", &Jurisdiction::clocks);
    inherit("evaluation_table", &Jurisdiction::evaluation_table);
    inherit("acceptance_table", &Jurisdiction::acceptance_table);
    inherit("step_names", &Jurisdiction::step_names);
    inherit("evaluation_scope", &Jurisdiction::evaluation_scope);
    for (const auto& [category, line] : parent->lines) result.lines.emplace(category, line);
  }
  std::erase_if(result.clocks, [&](const std::string& id) {
    return std::find(raw.drop_clocks.begin(), raw.drop_clocks.end(), id) != raw.drop_clocks.end();
  });
  for (const auto& id : raw.add_clocks)
    if (std::find(result.clocks.begin(), result.clocks.end(), id) == result.clocks.end()) result.clocks.push_back(id);
  return result;
}

/// Parents before children; the cross-check has seen to it that there are no cycles.
std::vector<Jurisdiction> resolve(const std::vector<RawJurisdiction>& raws) {
  std::map<std::string, Jurisdiction> done;
  while (done.size() < raws.size()) {
    const auto before = done.size();
    for (const auto& raw : raws) {
      if (done.contains(raw.own.code)) continue;
      const auto parent = done.find(raw.own.parent);
      if (raw.own.parent.empty() || parent != done.end())
        done.emplace(raw.own.code, resolved(raw, raw.own.parent.empty() ? nullptr : &parent->second));
    }
    if (done.size() == before) break;
  }
  std::vector<Jurisdiction> all;
  for (auto& [code, jurisdiction] : done) all.push_back(std::move(jurisdiction));
  return all;
}

class LoadedLibrary : public Library {
 public:
  LoadedLibrary(Contents contents, const std::map<std::string, std::string>& bytes)
      : c_(std::move(contents)), jurisdictions_(resolve(c_.jurisdictions)), bytes_(bytes.begin(), bytes.end()) {
    std::sort(c_.files.begin(), c_.files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    std::string hashes;
    for (const auto& file : c_.files) hashes += file.hash + "\n";
    hash_ = crypto::sha256_hex(hashes);

    document_index_ = index_of(c_.documents, &Document::id);
    basis_index_ = index_of(c_.bases, &LegalBasis::id);
    jurisdiction_index_ = index_of(jurisdictions_, &Jurisdiction::code);
    industry_index_ = index_of(c_.industries, &Industry::code);
    key_index_ = index_of(c_.keys, &LedgerKey::key);
    for (std::size_t i = 0; i < c_.regions.size(); ++i) region_index_.emplace(c_.regions[i].code, i);
  }

  const std::vector<PackFile>& files() const override { return c_.files; }
  const std::string& bytes_of(std::string_view path) const override {
    static const std::string kNone;
    const auto found = bytes_.find(path);
    return found == bytes_.end() ? kNone : found->second;
  }
  const std::string& hash() const override { return hash_; }

  const Document* find_document(std::string_view id) const override {
    return look_up(c_.documents, document_index_, id);
  }
  const std::vector<Document>& documents() const override { return c_.documents; }

  std::vector<Citation> cite(std::string_view basis, Date day) const override {
    std::vector<Citation> citations;
    const auto* found = look_up(c_.bases, basis_index_, basis);
    if (!found) return citations;
    for (const auto& answer : found->answers) {
      if (!answer.valid.covers(day)) continue;
      for (const auto& source : answer.sources) {
        const auto* document = find_document(source.document);
        if (!document || !document->in_force.covers(day)) continue;
        citations.push_back({document->id, document->number, source.clause, document->title, source.gist, source.mark});
      }
    }
    return citations;
  }
  const std::vector<LegalBasis>& bases() const override { return c_.bases; }

  const Jurisdiction& jurisdiction_of(std::string_view region_code) const override {
    for (std::size_t length : {std::size_t{6}, std::size_t{4}, std::size_t{2}})
      if (region_code.size() >= length)
        if (const auto* found = find_jurisdiction("CN-" + std::string(region_code.substr(0, length)))) return *found;
    const auto* nation = find_jurisdiction("CN");
    static const Jurisdiction kNone;
    return nation ? *nation : kNone;
  }
  const Jurisdiction* find_jurisdiction(std::string_view code) const override {
    return look_up(jurisdictions_, jurisdiction_index_, code);
  }
  const std::vector<Jurisdiction>& jurisdictions() const override { return jurisdictions_; }

  const Procedure* find_procedure(std::string_view id) const override { return find(c_.procedures, id); }
  const Category* find_category(std::string_view id) const override { return find(c_.categories, id); }
  const std::vector<Category>& categories() const override { return c_.categories; }
  const DisclosureItem* find_disclosure_item(std::string_view id) const override {
    return find(c_.disclosure_items, id);
  }
  const ClockRule* find_clock(std::string_view id) const override { return find(c_.clocks, id); }
  const Mode* find_mode(std::string_view id) const override { return find(c_.modes, id); }
  const std::vector<Mode>& modes() const override { return c_.modes; }
  const std::vector<Step>& steps() const override { return c_.steps; }
  const LevelRule* find_level_rule(std::string_view id) const override { return find(c_.level_rules, id); }
  const IndicatorSystem* find_system(std::string_view id) const override { return find(c_.systems, id); }
  const std::vector<IndicatorSystem>& systems() const override { return c_.systems; }
  const ScoringTable* find_scoring_table(std::string_view id) const override { return find(c_.scoring_tables, id); }
  const std::vector<Factor>& factors() const override { return c_.factors; }

  const Factor::Value* find_factor(std::string_view id, std::string_view region_code, int year) const override {
    const auto* factor = find(c_.factors, id);
    if (!factor) return nullptr;
    const auto region = significant(region_code);
    const Factor::Value* best = nullptr;
    for (const auto& value : factor->values) {
      if (!region.starts_with(value.region) || (value.year && *value.year > year)) continue;
      if ((value.valid.from && year < value.valid.from->year()) || (value.valid.to && value.valid.to->year() < year))
        continue;
      const auto rank = [](const Factor::Value& v) {
        return std::tuple(v.region.size(), v.year.value_or(0), v.valid.from.value_or(Date()));
      };
      if (!best || rank(value) > rank(*best)) best = &value;
    }
    return best;
  }

  const std::vector<CalendarYear>& calendars() const override { return c_.calendars; }
  const std::vector<Region>& regions() const override { return c_.regions; }
  const Region* find_region(std::string_view code, Date day) const override {
    const auto [first, last] = region_index_.equal_range(code);
    for (auto at = first; at != last; ++at)
      if (c_.regions[at->second].valid.covers(day)) return &c_.regions[at->second];
    return nullptr;
  }
  const std::vector<Industry>& industries() const override { return c_.industries; }
  const Industry* find_industry(std::string_view code) const override {
    return look_up(c_.industries, industry_index_, code);
  }
  const std::vector<PriorityIndustry>& priority_industries() const override { return c_.priority_industries; }
  const std::vector<LedgerKey>& keys() const override { return c_.keys; }
  const LedgerKey* find_key(std::string_view key) const override { return look_up(c_.keys, key_index_, key); }
  const Outline* find_outline(std::string_view id) const override { return find(c_.outlines, id); }
  const std::vector<PerformanceColumn>& performance_columns() const override { return c_.performance_columns; }
  const std::vector<ClockRule>& clocks() const override { return c_.clocks; }
  const std::vector<Procedure>& procedures() const override { return c_.procedures; }
  const std::vector<LevelRule>& level_rules() const override { return c_.level_rules; }
  const std::vector<ScoringTable>& scoring_tables() const override { return c_.scoring_tables; }
  const std::vector<DisclosureItem>& disclosure_items() const override { return c_.disclosure_items; }
  const std::vector<Outline>& outlines() const override { return c_.outlines; }
  const std::vector<PackCase>& cases() const override { return c_.cases; }

 private:
  /// For the short vectors.
  template <class T>
  static const T* find(const std::vector<T>& things, std::string_view id) {
    const auto found = std::find_if(things.begin(), things.end(), [&](const T& thing) { return thing.id == id; });
    return found == things.end() ? nullptr : &*found;
  }

  Contents c_;
  std::vector<Jurisdiction> jurisdictions_;
  std::map<std::string, std::string, std::less<>> bytes_;
  std::string hash_;
  Index document_index_, basis_index_, jurisdiction_index_, industry_index_, key_index_;
  std::unordered_multimap<std::string_view, std::size_t> region_index_;
};

}  // namespace

Library::Loaded Library::load_texts(const std::map<std::string, std::string>& files) {
  Contents contents;
  std::vector<PackProblem> problems;
  for (const auto& [path, bytes] : files) {
    YamlNode root;
    if (!read_yaml(bytes, path, root, problems)) continue;
    PackFile file;
    file.path = path;
    file.hash = crypto::sha256_hex(bytes);
    read_pack(root, std::move(file), contents, problems);
  }
  cross_check(contents, problems);
  if (!problems.empty()) {
    std::stable_sort(problems.begin(), problems.end(),
                     [](const auto& a, const auto& b) { return std::tie(a.file, a.line) < std::tie(b.file, b.line); });
    return {nullptr, std::move(problems)};
  }
  return {std::make_shared<LoadedLibrary>(std::move(contents), files), {}};
}

Library::Loaded Library::load(const std::string& root) {
  std::map<std::string, std::string> files;
  std::vector<PackProblem> problems;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(root, failed), end; !failed && at != end; at.increment(failed)) {
    if (!at->is_regular_file(failed) || at->path().extension() != ".yaml") continue;
    std::ifstream in(at->path(), std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    const auto path = fs::relative(at->path(), root, failed).generic_string();
    if (!in)
      complain(problems, path, 1, "pack.unreadable", {{"path", path}});
    else
      files[path] = std::move(bytes).str();
  }
  if (failed)
    complain(problems, root, 1, "pack.unreadable", {{"path", root}});
  else if (files.empty())
    complain(problems, root, 1, "pack.no_files", {{"path", root}});
  if (!problems.empty()) return {nullptr, std::move(problems)};
  return load_texts(files);
}

}  // namespace qy::rules
