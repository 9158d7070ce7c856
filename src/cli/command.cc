#include "cli/command.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/text.h"
#include "http/http.h"
#include "json/json.h"

namespace qy::cli {
namespace {

const std::vector<Option>& common_options() {
  static const std::vector<Option> options{
      {"--json", "", {"结果以JSON输出", "write the result as JSON"}},
      {"--lang", "zh|en", {"提示语言", "language of messages"}},
      {"--help", "", {"显示此命令的用法", "show how this command is used"}},
  };
  return options;
}

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::malformed:
    case ErrorKind::invalid:
    case ErrorKind::no_precondition:
      return 2;
    case ErrorKind::unauthenticated:
    case ErrorKind::forbidden:
      return 3;
    case ErrorKind::not_found:
      return 4;
    case ErrorKind::conflict:
    case ErrorKind::stale:
      return 5;
    case ErrorKind::too_many:
    case ErrorKind::unavailable:
      return 6;
  }
  return 6;
}

void write_problem(const Error& error, bool as_json, Io& io) {
  if (as_json) {
    io.err << http::problem(error, io.language, "").body << '\n';
    return;
  }
  const auto& catalogue = Catalogue::global();
  io.err << error.code << ": " << catalogue.render(error.code, error.params, io.language) << '\n';
  for (const auto& field : error.fields)
    io.err << "  " << field.pointer << "  " << field.code << ": "
           << catalogue.render(field.code, field.params, io.language) << '\n';
}

Error malformed(const char* code, Params params) { return {ErrorKind::malformed, code, std::move(params)}; }

/// A hint parameter in both languages, for sentences that end in {hint}.
void add_hint(Params& params, const std::string& meant) {
  params.push_back({"hint.zh", meant.empty() ? "" : "是否应为“" + meant + "”？"});
  params.push_back({"hint.en", meant.empty() ? "" : " Did you mean “" + meant + "”?"});
}

const Command* find_command(std::string_view name) {
  for (const auto* command : commands())
    if (command->name == name) return command;
  return nullptr;
}

Error unknown_command(const std::string& first, const std::string& second) {
  std::vector<std::string> names, following;
  for (const auto* command : commands()) {
    names.push_back(command->name);
    if (command->name.starts_with(first + " ")) following.push_back(command->name);
  }
  const auto typed = second.empty() ? first : first + " " + second;
  Params params{{"name", prefix_of(following.empty() ? first : typed, 60)}};
  if (following.empty()) {
    add_hint(params, nearest(typed, names).empty() ? nearest(first, names) : nearest(typed, names));
  } else {
    params.push_back({"hint.zh", "可用：" + join(following, "、") + "。"});
    params.push_back({"hint.en", " There are: " + join(following, ", ") + "."});
  }
  return malformed("cli.unknown_command", std::move(params));
}

/// --json and --lang before the command, taken off `words`.
std::vector<std::string> take_leading(std::vector<std::string>& words) {
  std::size_t count = 0;
  while (count < words.size()) {
    if (words[count] == "--json" || words[count].starts_with("--lang="))
      ++count;
    else if (words[count] == "--lang" && count + 1 < words.size())
      count += 2;
    else
      break;
  }
  const auto end = words.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<std::string> taken(words.begin(), end);
  words.erase(words.begin(), end);
  return taken;
}

}  // namespace

struct ArgsReader {
  const Command& command;
  Args args;

  const Option* find_option(std::string_view name) const {
    for (const auto* list : {&command.options, &common_options()})
      for (const auto& option : *list)
        if (option.name == name) return &option;
    return nullptr;
  }

  Error unknown_option(const std::string& name) const {
    std::vector<std::string> known;
    for (const auto* list : {&command.options, &common_options()})
      for (const auto& option : *list) known.push_back(option.name);
    Params params{{"name", prefix_of(name, 60)}, {"command", command.name}};
    add_hint(params, nearest(name, known));
    return malformed("cli.unknown_option", std::move(params));
  }

  /// Reads the option at `words[i]`, "--name value" or "--name=value"; leaves `i` at its last word.
  Result<void> read_option(const std::vector<std::string>& words, std::size_t& i) {
    const auto equals = words[i].find('=');
    const auto name = words[i].substr(0, equals);
    const auto* option = find_option(name);
    if (!option) return unknown_option(name);
    if (args.has(name) && !option->repeated) return malformed("cli.option_twice", {{"name", name}});
    std::string value = "yes";
    if (option->value.empty()) {
      if (equals != std::string::npos) return malformed("cli.flag_value", {{"name", name}});
    } else if (equals != std::string::npos) {
      value = words[i].substr(equals + 1);
    } else if (i + 1 < words.size()) {
      value = words[++i];
    } else {
      return malformed("cli.option_value", {{"name", name}, {"value", option->value}});
    }
    args.values_[name].push_back(std::move(value));
    return {};
  }

  Result<void> read(const std::vector<std::string>& words) {
    std::size_t next = 0;
    bool options_end = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (!options_end && words[i] == "--") {
        options_end = true;
      } else if (!options_end && words[i].size() > 1 && words[i][0] == '-') {
        QY_CHECK(read_option(words, i));
      } else if (next >= command.arguments.size()) {
        return malformed("cli.too_many_arguments", {{"word", prefix_of(words[i], 60)}, {"command", command.name}});
      } else {
        const auto& argument = command.arguments[next];
        args.values_[argument.name].push_back(words[i]);
        if (!argument.many) ++next;
      }
    }
    return {};
  }

  Result<void> check() const {
    for (const auto& argument : command.arguments)
      if (!argument.optional && !args.has(argument.name))
        return malformed("cli.missing_argument", {{"name", argument.name},
                                                  {"command", command.name},
                                                  {"summary.zh", argument.summary.zh},
                                                  {"summary.en", argument.summary.en}});
    for (const auto& option : command.options)
      if (option.required && !args.has(option.name))
        return malformed("cli.missing_option", {{"name", option.name}, {"command", command.name}});
    return {};
  }
};

const std::string& Args::operator[](std::string_view name) const {
  static const std::string kAbsent;
  const auto found = values_.find(name);
  return found == values_.end() ? kAbsent : found->second.front();
}

std::vector<std::string> Args::all(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

Result<std::int64_t> Args::integer(std::string_view name, std::int64_t min, std::int64_t max,
                                   std::int64_t absent) const {
  if (!has(name)) return absent;
  const auto& text = (*this)[name];
  std::int64_t number = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (wrong != std::errc{} || end != text.data() + text.size() || number < min || number > max)
    return malformed("cli.number",
                     {{"name", std::string(name)}, {"min", std::to_string(min)}, {"max", std::to_string(max)}});
  return number;
}

int run(const std::vector<std::string>& words, Io io) {
  std::vector<std::string> rest = words;
  const auto leading = take_leading(rest);
  if (rest.empty() || rest[0] == "--help" || rest[0] == "-h") rest = {"help"};
  if (rest[0] == "--version") rest = {"version"};

  const auto* command = rest.size() > 1 ? find_command(rest[0] + " " + rest[1]) : nullptr;
  const auto consumed = command ? 2 : 1;
  if (!command) command = find_command(rest[0]);
  if (!command) {
    const auto error = unknown_command(rest[0], rest.size() > 1 ? rest[1] : "");
    for (const auto& word : leading)
      if (word == "en" || word == "--lang=en") io.language = Language::en;
    write_problem(error, false, io);
    return exit_code(error.kind);
  }
  rest.erase(rest.begin(), rest.begin() + consumed);
  rest.insert(rest.begin(), leading.begin(), leading.end());

  ArgsReader reader{*command, {}};
  const auto fail = [&](const Error& error) {
    write_problem(error, io.json || command->problems_as_json, io);
    return exit_code(error.kind);
  };
  const auto read = reader.read(rest);
  io.json = reader.args.has("--json");
  const auto& language = reader.args["--lang"];
  if (language == "zh" || language == "en") io.language = language == "zh" ? Language::zh : Language::en;
  if (!read) return fail(read.error());
  if (!language.empty() && language != "zh" && language != "en")
    return fail(malformed("cli.language", {{"language", prefix_of(language, 20)}}));
  if (reader.args.has("--help")) return run({"help", command->name}, io);
  if (const auto checked = reader.check(); !checked) return fail(checked.error());

  const auto done = command->run(reader.args, io);
  io.out.flush();
  return done ? 0 : fail(done.error());
}

Result<std::string> read_input(const std::string& path, Io& io, std::size_t limit) {
  std::ifstream file;
  if (path != "-") {
    std::error_code wrong;
    if (std::filesystem::is_directory(path, wrong))
      return Error{ErrorKind::not_found, "cli.file_unreadable", {{"path", path}}};
    file.open(path, std::ios::binary);
    if (!file) return Error{ErrorKind::not_found, "cli.file_unreadable", {{"path", path}}};
  }
  auto& in = path == "-" ? io.in : file;
  std::string text;
  char block[65536];
  while (in.read(block, sizeof block) || in.gcount() > 0) {
    text.append(block, static_cast<std::size_t>(in.gcount()));
    if (text.size() > limit)
      return Error{
          ErrorKind::malformed, "cli.file_too_large", {{"path", path}, {"limit", std::to_string(limit >> 20)}}};
  }
  return text;
}

std::string packs_directory() {
  namespace fs = std::filesystem;
  if (const char* named = std::getenv("QY_PACKS"); named && *named) return named;
  std::error_code wrong;
  const auto program = fs::read_symlink("/proc/self/exe", wrong);
  if (!wrong) {
    const auto beside = program.parent_path().parent_path().parent_path() / "packs";
    if (fs::is_directory(beside, wrong)) return beside.string();
  }
  return "packs";
}

}  // namespace qy::cli
