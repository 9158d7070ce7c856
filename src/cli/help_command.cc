#include <algorithm>
#include <ostream>

#include "base/text.h"
#include "cli/command.h"
#include "json/json.h"

namespace qy::cli {
namespace {

/// "qingyuan compute NAME FILE [--json]"
std::string usage(const Command& command) {
  std::string out = "qingyuan " + command.name;
  for (const auto& argument : command.arguments) {
    const auto word = argument.name + (argument.many ? "…" : "");
    out += argument.optional ? " [" + word + "]" : " " + word;
  }
  for (const auto& option : command.options) {
    const auto word = option.name + (option.value.empty() ? "" : " " + option.value);
    out += option.required ? " " + word : " [" + word + "]";
  }
  return out;
}

/// Columns a terminal needs: two for each wide character.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) width += byte >= 0xE3 ? 2 : 1;
  }
  return width;
}

void write_line(std::ostream& out, const std::string& left, const std::string& right, std::size_t column) {
  const auto width = width_of(left);
  out << "  " << left << std::string(width < column ? column - width : 1, ' ') << right << '\n';
}

json::Object described(const Command& command) {
  json::Array arguments, options;
  for (const auto& argument : command.arguments)
    arguments.push_back(json::Object{{"name", argument.name},
                                     {"summary", json::both(argument.summary)},
                                     {"optional", argument.optional},
                                     {"many", argument.many}});
  for (const auto& option : command.options)
    options.push_back(json::Object{{"name", option.name},
                                   {"value", option.value},
                                   {"summary", json::both(option.summary)},
                                   {"required", option.required}});
  return {{"name", command.name},
          {"summary", json::both(command.summary)},
          {"usage", usage(command)},
          {"arguments", arguments},
          {"options", options}};
}

void write_one(const Command& command, const Io& io) {
  io.out << usage(command) << "\n\n  " << in_language(command.summary, io) << '\n';
  std::size_t column = 0;
  const auto left_of = [](const Option& option) {
    return option.name + (option.value.empty() ? "" : " " + option.value);
  };
  for (const auto& argument : command.arguments) column = std::max(column, width_of(argument.name) + 2);
  for (const auto& option : command.options) column = std::max(column, width_of(left_of(option)) + 2);
  if (column > 0) io.out << '\n';
  for (const auto& argument : command.arguments)
    write_line(io.out, argument.name, in_language(argument.summary, io), column);
  for (const auto& option : command.options)
    write_line(io.out, left_of(option), in_language(option.summary, io), column);
}

void write_all(const Io& io) {
  const bool zh = io.language == Language::zh;
  io.out
      << (zh ? "清源：清洁生产审核平台\n\n用法：qingyuan 命令 [参数] [选项]\n\n"
             : "Qingyuan: platform for cleaner production audits\n\nUsage: qingyuan COMMAND [ARGUMENTS] [OPTIONS]\n\n");
  std::size_t column = 0;
  for (const auto* command : commands()) column = std::max(column, command->name.size() + 2);
  for (const auto* command : commands()) write_line(io.out, command->name, in_language(command->summary, io), column);
  io.out << (zh ? "\n每个命令都有 --json、--lang zh|en、--help。结果写到标准输出，问题写到标准错误。\n"
                : "\nEvery command has --json, --lang zh|en and --help. Results go to standard output, problems to "
                  "standard error.\n");
}

/// qingyuan help [COMMAND…]
Result<void> run_help(const Args& args, Io& io) {
  const auto name = join(args.all("COMMAND"), " ");
  std::vector<const Command*> chosen;
  for (const auto* command : commands())
    if (name.empty() || command->name == name || command->name.starts_with(name + " ")) chosen.push_back(command);
  if (chosen.empty())
    return Error{ErrorKind::malformed, "cli.unknown_command", {{"name", prefix_of(name, 60)}, {"hint", ""}}};

  if (io.json) {
    json::Array list;
    for (const auto* command : chosen) list.push_back(described(*command));
    io.out << json::pretty(json::Object{{"commands", list}}) << '\n';
  } else if (name.empty()) {
    write_all(io);
  } else {
    for (const auto* command : chosen) {
      if (command != chosen.front()) io.out << '\n';
      write_one(*command, io);
    }
  }
  return {};
}

}  // namespace

extern const Command help_command;
const Command help_command{
    .name = "help",
    .summary = {"列出全部命令，或说明一个命令", "list all commands, or describe one"},
    .arguments = {{"COMMAND", {"命令名称，例如 compute", "name of a command, such as compute"}, true, true}},
    .run = run_help,
};

}  // namespace qy::cli
