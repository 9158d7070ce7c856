#include "document/pdf.h"

#include <unistd.h>

#include <cstdlib>
#include <mutex>

#include "base/text.h"
#include "document/process.h"

namespace qy::document {
namespace {

/// The fonts official papers name, by what a server is likely to have.
constexpr const char* kFontConfig = R"(<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <alias binding="same"><family>方正小标宋简体</family><prefer><family>FZXiaoBiaoSong-B05S</family><family>Noto Serif CJK SC</family><family>Source Han Serif SC</family><family>SimSun</family></prefer></alias>
  <alias binding="same"><family>仿宋_GB2312</family><prefer><family>FangSong_GB2312</family><family>仿宋</family><family>FangSong</family><family>STFangsong</family><family>Noto Serif CJK SC</family></prefer></alias>
  <alias binding="same"><family>楷体_GB2312</family><prefer><family>KaiTi_GB2312</family><family>楷体</family><family>KaiTi</family><family>AR PL UKai CN</family><family>Noto Serif CJK SC</family></prefer></alias>
  <alias binding="same"><family>宋体</family><prefer><family>SimSun</family><family>Noto Serif CJK SC</family><family>Source Han Serif SC</family></prefer></alias>
  <alias binding="same"><family>黑体</family><prefer><family>SimHei</family><family>Noto Sans CJK SC</family><family>Source Han Sans SC</family></prefer></alias>
  <alias binding="same"><family>微软雅黑</family><prefer><family>Microsoft YaHei</family><family>Noto Sans CJK SC</family></prefer></alias>
  <alias binding="same"><family>Times New Roman</family><prefer><family>Liberation Serif</family><family>Noto Serif CJK SC</family></prefer></alias>
  <cachedir>%CACHE%</cachedir>
</fontconfig>
)";

std::string on_path(const char* program) {
  const char* path = std::getenv("PATH");
  for (const auto& directory : split(path ? path : "/usr/bin:/bin", ':')) {
    const auto file = directory + "/" + program;
    if (!directory.empty() && access(file.c_str(), X_OK) == 0) return file;
  }
  return "";
}

/// One conversion at a time: LibreOffice is large, and two would slow each other down.
std::mutex& converter_lock() {
  static std::mutex lock;
  return lock;
}

/// Converts inside `directory` and returns the PDF's path.
Result<std::string> convert(const TemporaryDirectory& directory, std::string_view document, std::string_view converter,
                            std::string_view extension, int seconds) {
  if (converter.empty() || access(std::string(converter).c_str(), X_OK) != 0)
    return Error{ErrorKind::unavailable, "pdf.unavailable"};
  const auto input = directory.file("paper." + std::string(extension));
  auto fonts = std::string(kFontConfig);
  const std::string_view cache = "%CACHE%";
  fonts.replace(fonts.find(cache), cache.size(), directory.file("fontcache"));
  if (directory.path().empty() || !write_file(input, document) || !write_file(directory.file("fonts.conf"), fonts))
    return Error{ErrorKind::unavailable, "pdf.failed", {{"detail", "tmp"}}};
  const std::string filter =
      extension == "xlsx"
          ? "pdf:calc_pdf_Export"
          : "pdf:writer_pdf_Export:{\"ExportBookmarksToPDFDestination\":{\"type\":\"boolean\",\"value\":\"true\"}}";
  const auto& home = directory.path();
  const auto outcome =
      run_program({std::string(converter), "-env:UserInstallation=file://" + home + "/profile", "--headless",
                   "--norestore", "--nolockcheck", "--nodefault", "--convert-to", filter, "--outdir", home, input},
                  {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + home, "TMPDIR=" + home, "LANG=C.UTF-8",
                   "FONTCONFIG_FILE=" + home + "/fonts.conf"},
                  {.wall_seconds = seconds, .output = 1u << 20});
  if (outcome.end == ChildOutcome::End::out_of_time)
    return Error{ErrorKind::unavailable, "pdf.timeout", {{"seconds", std::to_string(seconds)}}};
  if (outcome.end == ChildOutcome::End::finished && outcome.exit_code == 127)
    return Error{ErrorKind::unavailable, "pdf.unavailable"};
  const auto pdf = directory.file("paper.pdf");
  if (access(pdf.c_str(), R_OK) != 0) {
    auto lines = split(trim(outcome.output), '\n');
    return Error{ErrorKind::unavailable,
                 "pdf.failed",
                 {{"detail", prefix_of(lines.empty() || !is_utf8(lines.back()) ? "LibreOffice" : lines.back(), 120)}}};
  }
  return pdf;
}

}  // namespace

std::string find_converter() {
  for (const char* program : {"soffice", "libreoffice"})
    if (auto found = on_path(program); !found.empty()) return found;
  return "";
}

Result<std::string> to_pdf(std::string_view document, std::string_view converter, std::string_view extension,
                           int seconds) {
  const std::lock_guard one(converter_lock());
  const TemporaryDirectory directory;
  QY_TRY(const auto file, convert(directory, document, converter, extension, seconds));
  return read_file(file);
}

Result<std::map<std::string, int>> bookmark_pages(std::string_view docx, std::string_view converter, int seconds) {
  const auto pdfinfo = on_path("pdfinfo");
  if (pdfinfo.empty()) return Error{ErrorKind::unavailable, "pdf.unavailable"};
  const std::lock_guard one(converter_lock());
  const TemporaryDirectory directory;
  QY_TRY(const auto file, convert(directory, docx, converter, "docx", seconds));
  const auto outcome =
      run_program({pdfinfo, "-dests", file}, {"LANG=C.UTF-8"}, {.wall_seconds = 20, .output = 16u << 20});
  if (outcome.end != ChildOutcome::End::finished || outcome.exit_code != 0)
    return Error{ErrorKind::unavailable, "pdf.failed", {{"detail", "pdfinfo"}}};
  std::map<std::string, int> pages;  // lines like:  3 [ XYZ  85 770 null ] "_Toc0001"
  for (const auto& line : split(outcome.output, '\n')) {
    const auto quote = line.find('"'), end = line.rfind('"');
    if (quote == line.npos || end <= quote) continue;
    auto name = line.substr(quote + 1, end - quote - 1);
    if (name.starts_with("5F")) name.replace(0, 2, "_");  // LibreOffice writes a leading "_" so
    if (const int page = std::atoi(line.c_str()); page > 0) pages[name] = page;
  }
  return pages;
}

}  // namespace qy::document
