#include "cli/messages.h"

namespace qy::cli {

std::span<const Sentence> cli_messages() {
  static constexpr Sentence kSentences[] = {
      {"cli.file_too_large", "文件“{path}”过大，最多{limit} MB。",
       "The file “{path}” is too large; {limit} MB at most."},
      {"cli.file_unreadable", "无法读取文件“{path}”，请检查路径和权限。",
       "The file “{path}” cannot be read; check its path and permissions."},
      {"cli.flag_value", "选项{name}不带值。", "The option {name} takes no value."},
      {"cli.language", "不支持语言“{language}”，只有zh和en。",
       "There is no language “{language}”; there are zh and en."},
      {"cli.missing_argument", "命令{command}缺少参数{name}（{summary}）。",
       "The command {command} needs {name} ({summary})."},
      {"cli.missing_option", "命令{command}缺少选项{name}。", "The command {command} needs the option {name}."},
      {"cli.number", "{name}应为{min}至{max}之间的整数。", "{name} must be a whole number from {min} to {max}."},
      {"cli.option_twice", "选项{name}给出了两次。", "The option {name} is given twice."},
      {"cli.option_value", "选项{name}需要一个值：{name} {value}。",
       "The option {name} needs a value: {name} {value}."},
      {"cli.packs_broken", "“{directory}”中的规则包有{count}处错误，不能使用。",
       "The packs in “{directory}” have {count} mistakes and cannot be used."},
      {"cli.too_many_arguments", "命令{command}不需要参数“{word}”。", "The command {command} does not take “{word}”."},
      {"cli.unknown_command", "没有命令“{name}”。{hint}qingyuan help 列出全部命令。",
       "There is no command “{name}”.{hint} qingyuan help lists all commands."},
      {"cli.unknown_option", "命令{command}没有选项“{name}”。{hint}",
       "The command {command} has no option “{name}”.{hint}"},
  };
  return kSentences;
}

}  // namespace qy::cli
