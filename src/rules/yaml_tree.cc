#include "rules/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "base/text.h"

namespace qy::rules {
namespace {

constexpr std::size_t kLargestFile = 4 << 20;

/// Builds the tree from yaml-cpp's events: its own node type drops repeated keys and forgets lines.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file, YamlNode& root, std::vector<PackProblem>& problems)
      : file_(file), root_(root), problems_(problems) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    put({.kind = YamlNode::Kind::null, .line = mark.line + 1});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    complain(problems_, file_, mark.line + 1, "pack.alias");
    put({.kind = YamlNode::Kind::null, .line = mark.line + 1});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    put({.kind = YamlNode::Kind::scalar, .text = value, .quoted = tag == "!", .line = mark.line + 1});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    open({.kind = YamlNode::Kind::sequence, .line = mark.line + 1});
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    open({.kind = YamlNode::Kind::map, .line = mark.line + 1});
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    YamlNode key;
    bool has_key = false;
  };

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) complain(problems_, file_, mark.line + 1, "pack.alias");
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!")
      complain(problems_, file_, mark.line + 1, "pack.tag", {{"value", prefix_of(tag, 60)}});
  }
  void open(YamlNode node) { open_.push_back({std::move(node), {}, false}); }
  void close() {
    YamlNode done = std::move(open_.back().node);
    open_.pop_back();
    put(std::move(done));
  }
  void put(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& top = open_.back();
    if (top.node.kind == YamlNode::Kind::sequence) {
      top.node.items.push_back(std::move(node));
    } else if (!top.has_key) {
      top.key = std::move(node);
      top.has_key = true;
    } else {
      top.node.fields.emplace_back(std::move(top.key), std::move(node));
      top.has_key = false;
    }
  }

  const std::string& file_;
  YamlNode& root_;
  std::vector<PackProblem>& problems_;
  std::vector<Open> open_;
};

/// Complains about keys that are not text and keys that stand twice in one map.
void check_keys(const YamlNode& node, const std::string& file, std::vector<PackProblem>& problems) {
  for (const auto& item : node.items) check_keys(item, file, problems);
  std::set<std::string_view> seen;
  for (const auto& [key, value] : node.fields) {
    if (key.kind != YamlNode::Kind::scalar)
      complain(problems, file, key.line, "pack.wrong_type", {{"key", ""}, {"expected", "text"}});
    else if (!seen.insert(key.text).second)
      complain(problems, file, key.line, "pack.duplicate_key", {{"key", prefix_of(key.text, 60)}});
    check_keys(value, file, problems);
  }
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& [name, value] : fields)
    if (name.kind == Kind::scalar && name.text == key) return &value;
  return nullptr;
}

void complain(std::vector<PackProblem>& problems, const std::string& file, int line, std::string code, Params params) {
  const auto suggestion =
      std::find_if(params.begin(), params.end(), [](const auto& param) { return param.first == "suggestion"; });
  const std::string meant = suggestion == params.end() ? "" : suggestion->second;
  params.emplace_back("hint.zh", meant.empty() ? "" : "是否应为“" + meant + "”？");
  params.emplace_back("hint.en", meant.empty() ? "" : " Did you mean “" + meant + "”?");
  problems.push_back({file, line, std::move(code), std::move(params)});
}

bool read_yaml(std::string_view bytes, const std::string& file, YamlNode& root, std::vector<PackProblem>& problems) {
  if (bytes.size() > kLargestFile) {
    complain(problems, file, 1, "pack.too_large", {{"limit", std::to_string(kLargestFile)}});
    return false;
  }
  if (!is_utf8(bytes)) {
    int line = 1;
    for (const auto& text : split(bytes, '\n')) {
      if (!is_utf8(text)) break;
      ++line;
    }
    complain(problems, file, line, "pack.not_utf8");
    return false;
  }
  std::istringstream stream{std::string(bytes)};
  try {
    YAML::Parser parser(stream);
    TreeBuilder builder(file, root, problems);
    if (!parser.HandleNextDocument(builder)) {
      complain(problems, file, 1, "pack.empty_file");
      return false;
    }
    YamlNode second;
    TreeBuilder again(file, second, problems);
    if (parser.HandleNextDocument(again))
      complain(problems, file, second.line == 0 ? 1 : second.line, "pack.second_document");
  } catch (const YAML::Exception& exception) {
    complain(problems, file, exception.mark.line + 1, "pack.syntax", {{"detail", exception.msg}});
    return false;
  }
  check_keys(root, file, problems);
  return true;
}

}  // namespace qy::rules
