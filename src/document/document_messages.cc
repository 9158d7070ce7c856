#include "document/spreadsheet.h"

namespace qy::document {
namespace {

constexpr Sentence kSentences[] = {
    {"spreadsheet.empty", "文件“{file}”是空的，没有可读取的单元格。请检查是否选错文件。",
     "The file “{file}” is empty: there is no cell to read. Please check that this is the right file."},
    {"spreadsheet.kind",
     "文件“{file}”不是可读取的表格（看起来是 {found}）。请用 Excel 或 WPS 另存为 .xlsx，或保存为 .ods、.csv 后再上传。",
     "The file “{file}” is not a spreadsheet we can read (it looks like {found}). Save it as .xlsx, .ods or .csv and "
     "upload it again."},
    {"spreadsheet.password", "文件“{file}”设有打开密码，无法读取。请先取消密码保护后再上传。",
     "The file “{file}” is protected by a password. Remove the password and upload it again."},
    {"spreadsheet.broken", "文件“{file}”已损坏或不完整，无法读取。请重新导出或重新保存后再上传。",
     "The file “{file}” is damaged or incomplete. Export or save it again, then upload it."},
    {"spreadsheet.too_large",
     "文件“{file}”超出可读取的规模（超限项：{limit}）。请删除空白行列和无关工作表，或拆分成几个文件后再上传。",
     "The file “{file}” is larger than we read (limit reached: {limit}). Remove blank rows, columns and other sheets, "
     "or split it into several files."},
    {"spreadsheet.encoding", "文件“{file}”的文字编码无法识别。请另存为“CSV UTF-8”或 .xlsx 后再上传。",
     "The text encoding of “{file}” is not recognised. Save it as “CSV UTF-8” or .xlsx and upload it again."},
    {"workbook.unwritable", "暂时无法生成表格文件：服务器的临时目录不可写。请稍后再试或联系管理员。",
     "The spreadsheet cannot be written now: the server's temporary directory is not writable. Try again later or tell "
     "the administrator."},
    {"paper.picture", "图“{caption}”无法绘制，可能不是有效的 SVG 或 PNG 图片。请更换图片后再试。",
     "The figure “{caption}” cannot be drawn; it may not be a valid SVG or PNG picture. Replace it and try again."},
    {"paper.qr_too_long", "二维码的内容为 {bytes} 字节，超过 {limit} 字节，无法生成。请缩短内容。",
     "The QR code would hold {bytes} bytes; {limit} is the most. Please shorten the content."},
    {"paper.unwritable", "暂时无法生成 Word 文件。请稍后再试或联系管理员。",
     "The Word file cannot be written now. Try again later or tell the administrator."},
    {"pdf.unavailable", "本服务器没有安装 LibreOffice，不能生成 PDF。请下载 Word 文件后自行打印，或请管理员安装。",
     "LibreOffice is not installed on this server, so there is no PDF. Download the Word file and print it, or ask the "
     "administrator to install it."},
    {"pdf.failed", "转换为 PDF 没有成功（{detail}）。请稍后再试，或下载 Word 文件。",
     "The conversion to PDF failed ({detail}). Try again later, or download the Word file."},
    {"pdf.timeout", "转换为 PDF 超过 {seconds} 秒，已停止。请稍后再试，或下载 Word 文件。",
     "The conversion to PDF took more than {seconds} seconds and was stopped. Try again later, or download the Word "
     "file."},
};

}  // namespace

std::span<const Sentence> document_messages() { return kSentences; }

}  // namespace qy::document
