#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "codec/documents.h"
#include "engine/similarity/similarity.h"

namespace qy::codec {
namespace {

namespace similarity = engine::similarity;

constexpr std::size_t kMostReports = 5000, kMostPairs = 1000, kMostCandidates = 50, kLongestText = 4000000,
                      kMostLettersOfPairs = 20000000, kMostPassages = 100;

struct Report {
  std::string id, enterprise, text;
};

struct Asked {
  std::vector<Report> reports;
  std::vector<std::size_t> of;  ///< whose neighbours are wanted
  std::vector<std::string> boilerplate;
  std::uint32_t common_in = 100;
  bool within_enterprise = false;
  std::size_t excerpt = 200;
  similarity::Rules rules;
};

Asked read_asked(json::ObjectReader& in) {
  Asked asked;
  std::map<std::string, std::size_t> by_id;
  for (auto& item : in.objects("reports", kMostReports, true)) {
    Report report{item.text("id", 100), item.optional_text("enterprise", 100).value_or(""), ""};
    if (item.has("text"))
      report.text = item.raw_text("text", kLongestText);
    else
      item.text("text");
    if (!report.id.empty() && !by_id.emplace(report.id, asked.reports.size()).second)
      item.complain("id", "similarity.duplicate_id", {{"id", report.id}});
    asked.reports.push_back(std::move(report));
  }
  const auto wanted = in.texts("of", kMostReports, 100);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto found = by_id.find(wanted[i]);
    if (found != by_id.end())
      asked.of.push_back(found->second);
    else if (!wanted[i].empty())
      in.complain_at(json::pointer_to(json::pointer_to(in.pointer(), "of"), std::to_string(i)),
                     "similarity.unknown_report", {{"id", wanted[i]}});
  }
  if (!in.has("of"))
    for (std::size_t i = 0; i < asked.reports.size(); ++i) asked.of.push_back(i);
  asked.boilerplate = in.texts("boilerplate", 2000, kLongestText);
  asked.common_in = static_cast<std::uint32_t>(in.optional_integer("common_in", 3, 1000).value_or(100));
  asked.within_enterprise = in.flag("within_enterprise");
  asked.excerpt = static_cast<std::size_t>(in.optional_integer("excerpt", 20, 10000).value_or(200));
  asked.rules.passage = static_cast<std::uint32_t>(in.optional_integer("minimum_passage", 20, 100000).value_or(40));
  return asked;
}

/// Cuts pieces out of a text by the places of its characters.
class Cutter {
 public:
  explicit Cutter(const std::string& text) : text_(text) {
    std::size_t character = 0;
    for (std::size_t at = 0; at < text.size(); ++at)
      if ((static_cast<unsigned char>(text[at]) & 0xc0) != 0x80 && character++ % kStride == 0) marks_.push_back(at);
  }
  std::string piece(similarity::Range range, std::size_t most) const {
    if (range.begin >= range.end) return {};
    auto at = marks_[range.begin / kStride];
    for (auto left = range.begin % kStride; left > 0; --left) at = after(at);
    const auto first = at;
    const std::size_t length = range.end - range.begin;
    for (auto left = std::min(length, most); left > 0; --left) at = after(at);
    return text_.substr(first, at - first) + (length > most ? "…" : "");
  }

 private:
  std::size_t after(std::size_t at) const {
    do ++at;
    while (at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xc0) == 0x80);
    return at;
  }
  static constexpr std::size_t kStride = 64;
  const std::string& text_;
  std::vector<std::size_t> marks_;
};

/// The collection, indexed once.
struct Collection {
  explicit Collection(const Asked& asked)
      : boilerplate(views(asked.boilerplate)), index(asked.common_in, asked.reports.size()) {
    for (const auto& report : asked.reports) {
      prints.push_back(similarity::fingerprint(report.text, boilerplate));
      texts.emplace_back(report.text, boilerplate);
      cutters.emplace_back(report.text);
      index.add(prints.back());
    }
  }
  static std::vector<std::string_view> views(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
  }
  similarity::Boilerplate boilerplate;
  similarity::Index index;
  std::vector<similarity::Fingerprint> prints;
  std::vector<similarity::Text> texts;
  std::vector<Cutter> cutters;
};

/// Writes places with their text, as much of it as one answer may hold.
class Excerpts {
 public:
  explicit Excerpts(std::size_t each) : each_(each) {}
  json::Value side(const similarity::Range& range, const Cutter& cutter) {
    auto text = cutter.piece(range, std::min(each_, left_));
    left_ -= std::min<std::size_t>(left_, range.end - range.begin);
    return json::Object{{"start", range.begin}, {"end", range.end}, {"text", std::move(text)}};
  }

 private:
  std::size_t each_, left_ = 5000000;
};

/// The longest passages, in their order.
std::vector<similarity::Passage> longest(std::vector<similarity::Passage> passages) {
  if (passages.size() <= kMostPassages) return passages;
  std::stable_sort(passages.begin(), passages.end(), [](const auto& x, const auto& y) { return x.own > y.own; });
  passages.resize(kMostPassages);
  std::sort(passages.begin(), passages.end(), [](const auto& x, const auto& y) { return x.b.begin < y.b.begin; });
  return passages;
}

std::string percent(double share) { return Decimal::from_double(share * 100, 1).shortest(); }

json::Value written(const Asked& asked, const Collection& all, Excerpts& excerpts, std::size_t a, std::size_t b,
                    const similarity::Comparison& found) {
  json::Array passages;
  for (const auto& passage : longest(found.passages))
    passages.push_back(json::Object{{"a", excerpts.side(passage.a, all.cutters[a])},
                                    {"b", excerpts.side(passage.b, all.cutters[b])},
                                    {"characters", passage.letters},
                                    {"own_characters", passage.own},
                                    {"identical", rounded_number(passage.identical)}});
  return json::Object{{"a", asked.reports[a].id},
                      {"b", asked.reports[b].id},
                      {"characters", found.own},
                      {"share_of_a", rounded_number(found.share_of_a)},
                      {"share_of_b", rounded_number(found.share_of_b)},
                      {"finding", remark("similarity.shared", {{"letters", std::to_string(found.own)},
                                                               {"share_a", percent(found.share_of_a)},
                                                               {"share_b", percent(found.share_of_b)},
                                                               {"passages", std::to_string(found.passages.size())}})},
                      {"passages", passages}};
}

}  // namespace

Result<json::Value> compute_similarity(const rules::Library&, const json::Value& input, const Watch& watch) {
  json::ObjectReader in(input);
  const auto asked = read_asked(in);
  QY_CHECK(in.done());
  Collection all(asked);

  struct Pair {
    std::size_t a, b;
    std::uint32_t letters;
  };
  std::map<std::pair<std::size_t, std::size_t>, std::uint32_t> met;
  json::Array common, pairs, notes;
  Excerpts excerpts(asked.excerpt);
  const std::set<std::size_t> of(asked.of.begin(), asked.of.end());
  const auto may_meet = [&](std::size_t i, std::size_t j) {
    const auto& own = asked.reports[i].enterprise;
    return asked.within_enterprise || own.empty() || own != asked.reports[j].enterprise;
  };
  // A few reports are all held against each other; the index, made for many, misses passages much shorter than its
  // blocks.
  std::size_t letters_in_all = 0;
  for (const auto& text : all.texts) letters_in_all += text.own();
  const bool every_pair = letters_in_all * asked.reports.size() <= kMostLettersOfPairs;
  for (std::size_t i = 0; i < asked.reports.size(); ++i) {
    if (!watch.go_on(0.3 * static_cast<double>(i) / static_cast<double>(asked.reports.size()))) return Watch::stopped();
    const auto near = all.index.near(all.prints[i], kMostCandidates, static_cast<std::uint32_t>(i));
    all.texts[i].discount(near.common);
    if (!of.contains(i)) continue;
    for (const auto& range : near.common)
      if (range.end - range.begin >= asked.rules.passage && common.size() < kMostPairs) {
        auto shown = excerpts.side(all.texts[i].place(range), all.cutters[i]).as_object();
        shown["report"] = asked.reports[i].id;
        common.push_back(std::move(shown));
      }
    for (const auto& each : near.candidates) {
      if (!may_meet(i, each.report)) continue;
      auto& letters = met[std::minmax<std::size_t>(i, each.report)];
      letters = std::max(letters, each.letters);
    }
    for (std::size_t j = 0; every_pair && j < asked.reports.size(); ++j)
      if (j != i && may_meet(i, j)) met.try_emplace(std::minmax(i, j), 0);
  }

  std::vector<Pair> order;
  for (const auto& [pair, letters] : met) order.push_back({pair.first, pair.second, letters});
  std::stable_sort(order.begin(), order.end(), [](const auto& x, const auto& y) { return x.letters > y.letters; });
  if (order.size() > kMostPairs && !every_pair) {
    notes.push_back(remark("similarity.pairs_limited",
                           {{"count", std::to_string(order.size())}, {"limit", std::to_string(kMostPairs)}}));
    order.resize(kMostPairs);
  }
  std::vector<std::pair<std::uint32_t, json::Value>> found;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (!watch.go_on(0.3 + 0.7 * static_cast<double>(i) / static_cast<double>(order.size()))) return Watch::stopped();
    const auto [a, b, letters] = order[i];
    const auto comparison = similarity::compare(all.texts[a], all.texts[b], asked.rules);
    if (!comparison.passages.empty())
      found.emplace_back(comparison.own, written(asked, all, excerpts, a, b, comparison));
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& x, const auto& y) { return x.first > y.first; });
  if (found.size() > kMostPairs) {
    notes.push_back(remark("similarity.pairs_limited",
                           {{"count", std::to_string(found.size())}, {"limit", std::to_string(kMostPairs)}}));
    found.resize(kMostPairs);
  }
  for (auto& [own, pair] : found) pairs.push_back(std::move(pair));
  return json::Object{{"reports", asked.reports.size()},
                      {"minimum_passage", asked.rules.passage},
                      {"common_in", asked.common_in},
                      {"pairs", pairs},
                      {"common", common},
                      {"notes", notes}};
}

}  // namespace qy::codec
