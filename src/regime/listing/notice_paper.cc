#include "regime/listing/notice_paper.h"

#include <algorithm>

#include "base/text.h"
#include "regime/listing/corrections.h"

namespace qy::listing {
namespace {

using namespace document;

Paragraph plain(std::string text) { return Paragraph(std::move(text)); }

std::string cited_all(const std::vector<rules::Citation>& citations) {
  std::vector<std::string> parts;
  for (const auto& c : citations) parts.push_back(cited(c));
  return join(parts, "、");
}

std::string numbered(int n, const std::string& text) {
  static const char* const kNumbers[] = {"一", "二", "三", "四", "五", "六", "七", "八"};
  return std::string(kNumbers[n]) + "、" + text;
}

Paragraph heading(int n, const std::string& text) {
  Paragraph p;
  p.runs = {Run{.text = numbered(n, text), .heading_font = true}};
  p.keep_with_next = true;
  return p;
}

}  // namespace

std::string cited(const rules::Citation& c) {
  const auto& title = c.title.zh;
  const bool quoted = title.starts_with("《");
  return (quoted ? title : "《" + title + "》") + c.clause;
}

Paper notice_paper(const NoticeContent& content) {
  Paper paper;
  paper.style = Paper::Style::letter;
  paper.title = "强制性清洁生产审核告知书";
  paper.author = content.office;
  paper.date = content.dated_on;
  paper.header_text = "核验码 " + content.code;
  paper.page_numbers = Paper::PageNumbers::dashes;
  auto& blocks = paper.blocks;

  Paragraph to;
  to.runs = {Run{.text = content.enterprise_name +
                         (content.credit_code.empty() ? "" : "（统一社会信用代码：" + content.credit_code + "）") +
                         "："}};
  to.indent = false;
  to.align = Align::start;
  blocks.emplace_back(to);

  const std::string number = content.document_number.empty() ? "" : "（" + content.document_number + "）";
  blocks.emplace_back(
      plain("你单位已列入" + content.published_on.zh() + "公布的《" + content.list_title + "》" + number + "。" +
            (content.duty.empty() ? "" : "依据" + cited_all(content.duty) + "，你单位应当实施强制性清洁生产审核。") +
            "现将有关事项一次性告知如下。"));

  int n = 0;
  blocks.emplace_back(heading(n++, "列入类别和理由"));
  blocks.emplace_back(plain("类别：" + join(content.categories, "、") + "。理由：" + content.reason +
                            (content.reason.ends_with("。") ? "" : "。")));

  blocks.emplace_back(heading(n++, "审核模式"));
  blocks.emplace_back(plain("本轮审核采用“" + content.mode + "”模式。" + content.mode_reason));

  blocks.emplace_back(heading(n++, "各项时限"));
  Table table;
  table.header_rows = 1;
  table.widths = {3, 3, 3, 5};
  table.aligns = {Align::start, Align::centre, Align::centre, Align::start};
  table.size = 12;
  table.rows.push_back({Cell("事项"), Cell("截止日期"), Cell("遇休息日顺延至"), Cell("计算方法与依据")});
  for (const auto& due : content.deadlines)
    table.rows.push_back({Cell(due.what), Cell(due.due_on.str()),
                          Cell(due.next_working_day ? due.next_working_day->str() : "—"),
                          Cell(due.rule + (due.basis.empty() ? "" : "；" + due.basis))});
  blocks.emplace_back(table);

  if (!content.disclosure.empty()) {
    blocks.emplace_back(heading(n++, "应当公布的信息"));
    blocks.emplace_back(
        plain("请在上述时限内公布：" + join(content.disclosure, "；") + "。涉及商业秘密的内容依法除外。"));
  }

  blocks.emplace_back(heading(n++, "法律责任与费用"));
  if (!content.penalty.empty())
    blocks.emplace_back(plain("不实施强制性清洁生产审核、在审核中弄虚作假，或者不报告、不如实报告审核结果的，按" +
                              cited_all(content.penalty) + "处理。"));
  blocks.emplace_back(plain("评估和验收不向企业收取任何费用" +
                            (content.no_fee.empty() ? std::string() : "（" + cited_all(content.no_fee) + "）") + "。"));

  blocks.emplace_back(heading(n++, "网上办理"));
  if (content.activation_code.empty())
    blocks.emplace_back(plain("贵单位的授权签字人已开通账号，请登录 " + content.platform +
                              " 使用原账号办理。人员变动时可向我单位申请重新发放激活码。"));
  else
    blocks.emplace_back(plain("请登录 " + content.platform + " ，选择“激活账号”，输入激活码 " +
                              content.activation_code + " 开通授权签字人账号（有效期至" +
                              content.activation_until.zh() +
                              "，仅可使用一次，请妥善保管）。人员变动时可向我单位申请重新发放。"));
  blocks.emplace_back(plain("对列入名单有异议的，可以向我单位书面提出并说明理由。" + content.contact));
  if (content.unofficial)
    blocks.emplace_back(plain("注：本告知书部分条款摘要依据非官方整理的规则库生成，正式适用以发布机关的原文为准。"));

  SignatureArea signature;
  signature.lines = {content.office, content.dated_on.zh()};
  blocks.emplace_back(signature);

  QrBlock qr;
  qr.content = content.check_address;
  qr.beside = {"扫描二维码核验本告知书真伪", "核验码：" + content.code, content.check_address};
  blocks.emplace_back(qr);
  return paper;
}

Paper list_paper(const List& list, const std::vector<Entry>& entries, const rules::Library& rules,
                 const std::string& office, Date today) {
  const auto said =
      list.as_published.value_or(List::Wording{list.title, list.document_number, list.dated_on, list.published_where});
  const auto dated = said.dated_on ? said.dated_on : list.published_on;
  const auto day = dated.value_or(today);
  Paper paper;
  paper.style = Paper::Style::letter;
  paper.title = said.title.zh;
  paper.author = office;
  paper.date = day;
  paper.page_numbers = Paper::PageNumbers::dashes;
  auto& blocks = paper.blocks;

  const auto basis = dated ? rules.cite("listing.publish", day) : std::vector<rules::Citation>();
  const std::string opening = basis.empty() ? "" : "根据" + cited_all(basis) + "，";
  blocks.emplace_back(plain(opening + "现将" + said.title.zh + "予以公布，共" + std::to_string(entries.size()) +
                            "家。列入名单的企业应当按告知书所载时限公布信息、启动并完成审核。"));

  Table table;
  table.header_rows = 1;
  table.widths = {1, 6, 2, 3, 6, 2};
  table.aligns = {Align::centre, Align::start, Align::centre, Align::centre, Align::start, Align::centre};
  table.size = 10.5;
  table.rows.push_back(
      {Cell("序号"), Cell("企业名称"), Cell("所在地"), Cell("类别"), Cell("列入理由"), Cell("审核模式")});
  int n = 0;
  for (const auto& entry : entries) {
    const auto wording =
        entry.as_published.value_or(Entry::Wording{entry.enterprise_name, entry.reason, entry.mode_reason});
    std::vector<std::string> categories;
    for (const auto& id : entry.categories)
      if (const auto* category = rules.find_category(id)) categories.push_back(category->title.zh);
    const auto* region = rules.find_region(entry.region, day);
    const auto* mode = rules.find_mode(entry.mode);
    table.rows.push_back({Cell(std::to_string(++n)), Cell(wording.enterprise_name),
                          Cell(region ? region->name.zh : entry.region), Cell(join(categories, "、")),
                          Cell(wording.reason), Cell(mode ? mode->title.zh : entry.mode)});
  }
  blocks.emplace_back(table);
  SignatureArea signature;
  signature.lines = {office};
  if (dated) signature.lines.push_back(dated->zh());
  blocks.emplace_back(signature);
  return paper;
}

Paper correction_paper(const List& list, const std::vector<Entry>& entries, const Correction& correction,
                       const std::vector<Correction>& all, const rules::Library& rules) {
  const auto day = correction.paper_day();
  /// What a field said right after correction number `seq`.
  const auto read_after = [&](int seq, const EntryId& entry, std::string_view field, std::string now) {
    for (auto it = all.rbegin(); it != all.rend(); ++it)
      for (const auto& value : it->values)
        if (value.entry == entry && value.field == field) {
          if (it->seq <= seq) return value.after;
          now = value.before;
        }
    return now;
  };
  const auto title = read_after(correction.seq - 1, EntryId(), "title_zh", list.title.zh);
  const auto number = read_after(correction.seq - 1, EntryId(), "document_number", list.document_number.value_or(""));

  Paper paper;
  paper.style = Paper::Style::letter;
  paper.title = "关于《" + title + "》的更正公告";
  paper.author = correction.office.zh;
  paper.date = day;
  paper.page_numbers = Paper::PageNumbers::dashes;
  auto& blocks = paper.blocks;
  if (correction.document_number) {
    Paragraph own;
    own.runs = {Run{.text = *correction.document_number}};
    own.indent = false;
    own.align = Align::centre;
    blocks.emplace_back(own);
  }

  bool unofficial = false;
  const auto cite = [&](std::string_view basis) {
    auto citations = rules.cite(basis, day);
    for (const auto& c : citations) unofficial = unofficial || c.mark != rules::Mark::verified;
    return citations;
  };
  const auto basis = cite("listing.correct");
  blocks.emplace_back(plain((basis.empty() ? "" : "根据" + cited_all(basis) + "，") + "现将" + list.published_on->zh() +
                            "公布的《" + title + "》" + (number.empty() ? "" : "（" + number + "）") + "更正如下。"));

  Table table;
  table.header_rows = 1;
  table.widths = {1, 4, 3, 5, 5};
  table.aligns = {Align::centre, Align::start, Align::centre, Align::start, Align::start};
  table.size = 12;
  table.rows.push_back({Cell("序号"), Cell("更正对象"), Cell("项目"), Cell("原内容"), Cell("更正为")});
  int n = 0;
  for (const auto& value : correction.values)
    table.rows.push_back(
        {Cell(std::to_string(++n)),
         Cell(value.entry.empty() ? "名单"
                                  : read_after(correction.seq, value.entry, "enterprise_name", value.enterprise_name)),
         Cell(title_of_field(value.field).zh), Cell(value.before), Cell(value.after)});
  blocks.emplace_back(table);
  blocks.emplace_back(
      plain("更正说明：" + correction.explanation + (correction.explanation.ends_with("。") ? "" : "。")));

  std::vector<rules::Citation> duty;
  for (const auto& entry : entries) {
    const bool concerned = std::any_of(correction.values.begin(), correction.values.end(), [&](const auto& value) {
      return value.entry.empty() || value.entry == entry.id;
    });
    if (!concerned || entry.status != "listed") continue;
    for (const auto& id : entry.categories)
      if (const auto* category = rules.find_category(id))
        for (auto& citation : cite(category->basis))
          if (std::none_of(duty.begin(), duty.end(), [&](const auto& c) { return cited(c) == cited(citation); }))
            duty.push_back(std::move(citation));
  }
  blocks.emplace_back(plain(
      "除上述内容外，原名单其他内容不变。所涉企业仍应当" + (duty.empty() ? std::string() : "依据" + cited_all(duty)) +
      "实施强制性清洁生产审核，各项时限仍自原名单公布之日（" + list.published_on->zh() + "）起计算。"));
  if (unofficial)
    blocks.emplace_back(plain("注：本公告部分条款摘要依据非官方整理的规则库生成，正式适用以发布机关的原文为准。"));
  SignatureArea signature;
  signature.lines = {correction.office.zh, day.zh()};
  blocks.emplace_back(signature);
  return paper;
}

}  // namespace qy::listing
