#pragma once

#include <iosfwd>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "base/result.h"

/// The commands of the program `qingyuan`. Each is one file `<name>_command.cc` that declares one `extern const
/// Command`, listed once in registry.cc; help, completion and error messages are made from the declaration.
namespace qy::cli {

/// "--port N" of a command, or a flag when it takes no value.
struct Option {
  std::string name;        ///< with its dashes: "--port"
  std::string value = {};  ///< what stands for the value in help: "N"; "" = a flag
  Text summary = {};
  bool required = false;
  bool repeated = false;  ///< may be given several times
};

/// A word of the command line that is no option.
struct Argument {
  std::string name;  ///< in capitals: "FILE"
  Text summary = {};
  bool optional = false;
  bool many = false;  ///< the last argument may take all remaining words
};

/// The command line of one command, read and checked against its declaration.
class Args {
 public:
  bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
  /// The value of an option ("--port") or argument ("FILE"); "" when it was not given.
  const std::string& operator[](std::string_view name) const;
  /// All values of a repeated option or of an argument that takes many.
  std::vector<std::string> all(std::string_view name) const;
  /// A whole number within bounds, `absent` when not given. Errors: cli.number {name, min, max}.
  Result<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max, std::int64_t absent) const;

 private:
  friend struct ArgsReader;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

/// Where a command reads and writes. Results go to `out`, everything else to `err`.
struct Io {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  Language language = Language::zh;  ///< --lang, QY_LANG
  bool json = false;                 ///< --json: the result is one JSON document
};

struct Command {
  std::string name;  ///< one or two words: "serve", "pack check"
  Text summary;      ///< one line
  std::vector<Argument> arguments = {};
  std::vector<Option> options = {};  ///< besides --json, --lang and --help, which all commands have
  Result<void> (*run)(const Args& args, Io& io) = nullptr;
  bool problems_as_json = false;  ///< problems are written as a JSON document even without --json
};

/// Every command, in the order of help.
std::span<const Command* const> commands();

/// Reads the words after the program's name, runs the command and answers the exit code (2 malformed or invalid, 3 not
/// allowed, 4 not found, 5 conflict, 6 unavailable). Problems go to `err` as `code: detail`, one line for each wrong
/// field.
int run(const std::vector<std::string>& words, Io io);

/// The whole of a file, or of standard input for "-". Errors: cli.file_unreadable {path, reason}; file.too_large
/// {limit}.
Result<std::string> read_input(const std::string& path, Io& io, std::size_t limit = 64u << 20);

/// Where the packs lie: QY_PACKS, else `packs` two folders above the program (build/<preset>/qingyuan), else ./packs.
std::string packs_directory();

/// A text of the command line's language.
inline const std::string& in_language(const Text& text, const Io& io) { return text.in(io.language); }

}  // namespace qy::cli
