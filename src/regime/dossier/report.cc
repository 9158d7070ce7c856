#include <algorithm>

#include "base/text.h"
#include "crypto/crypto.h"
#include "regime/dossier/material.h"

namespace qy::dossier {
namespace {

using document::Paragraph;

db::Subject subject_of(const audits::AuditId& audit) { return {"audit", audit.str()}; }

void flatten(const rules::Library& rules, const audits::Audit& audit,
             const std::vector<rules::OutlineSection>& sections, int level, const std::string& parent, bool dropped,
             const std::map<std::string, store::SectionText>& texts, std::vector<Section>& out) {
  const auto* mode = rules.find_mode(audit.mode);
  const auto* jurisdiction = rules.find_jurisdiction(audit.jurisdiction);
  for (const auto& from : sections) {
    Section section{.id = from.id,
                    .number = from.number,
                    .level = level,
                    .parent = parent,
                    .title = from.title,
                    .guidance = from.guidance_zh,
                    .content = from.content,
                    .dropped = dropped,
                    .text = {},
                    .changed_at = {},
                    .changed_by = {}};
    for (const auto& step : rules.steps())
      if (step.id == from.id) {
        if (jurisdiction && jurisdiction->step_names == "handbook") section.title = step.handbook_title;
        section.dropped = dropped || (mode && mode->dropped_steps.count(step.id) > 0);
      }
    if (const auto text = texts.find(from.id); text != texts.end()) {
      section.text = text->second.text;
      section.version = text->second.version;
      section.changed_at = text->second.at;
      section.changed_by = text->second.by_name;
    }
    const bool below = section.dropped;
    out.push_back(std::move(section));
    flatten(rules, audit, from.children, level + 1, from.id, below, texts, out);
  }
}

std::string fingerprint_from(const Premises& premises, const audits::Audit& audit, std::int64_t enterprise_version,
                             const figures::Ledger& ledger, const std::vector<analysis::Option>& options,
                             const std::map<std::string, store::SectionText>& texts) {
  json::Array figures;
  for (const auto& figure : ledger.figures()) figures.push_back(json::Array{figure.slot.str(), figure.version});
  json::Array choices;
  for (const auto& option : options) choices.push_back(json::Array{option.id.str(), option.version});
  json::Object written;
  for (const auto& [section, text] : texts) written[section] = text.version;
  const json::Object all{{"audit", audit.id.str()},          {"enterprise", enterprise_version},
                         {"figures", std::move(figures)},    {"mode", audit.mode},
                         {"options", std::move(choices)},    {"packs", premises.rules->hash()},
                         {"system", audit.indicator_system}, {"texts", std::move(written)}};
  return crypto::sha256_hex(json::canonical(all));
}

/// 承诺书: a page for the signature and the seal.
void add_commitment(const Material& m, document::Paper& paper) {
  paper.blocks.push_back(document::PageBreak{});
  paper.blocks.push_back(document::Heading{.text = "承 诺 书", .level = 1, .numbered = false, .in_contents = false});
  const auto legal_name = m.enterprise && !m.enterprise->facts.legal_name.empty() ? m.enterprise->facts.legal_name
                                                                                  : m.audit.enterprise_name;
  paper.blocks.push_back(Paragraph(legal_name + "就本清洁生产审核报告郑重承诺："));
  for (const char* text :
       {"一、报告所用的生产、能源、原辅材料、用水和污染物排放数据真实、准确、完整，均有原始记录或凭证可查。",
        "二、审核过程按照规定的程序开展，清洁生产方案的提出、筛选和实施情况属实，没有弄虚作假。",
        "三、按计划实施清洁生产方案，接受主管部门的监督检查，对承诺不实承担相应的法律责任。"})
    paper.blocks.push_back(Paragraph(text));
  paper.blocks.push_back(document::SignatureArea{
      .lines = {"企业（盖章）：　　　　　　　　", "授权签字人（签字）：　　　　　", "　　　　年　　月　　日"}});
}

}  // namespace

std::string to_string(Stage stage) { return stage == Stage::acceptance ? "acceptance" : "evaluation"; }

Result<Stage> stage_of(std::string_view text) {
  if (text == "evaluation") return Stage::evaluation;
  if (text == "acceptance") return Stage::acceptance;
  return Error{ErrorKind::invalid, "dossier.stage", {{"stage", prefix_of(text, 40)}}};
}

Stage stage_now(const Premises& premises, const audits::Audit& audit) {
  const auto* jurisdiction = premises.rules->find_jurisdiction(audit.jurisdiction);
  if (jurisdiction && !jurisdiction->combined_evaluation.empty()) return Stage::acceptance;
  const auto* procedure = premises.rules->find_procedure(audit.procedure);
  const auto* state = procedure ? procedure->find_state(audit.state) : nullptr;
  const bool later = state && (state->phase == "implementation" || state->phase == "acceptance" ||
                               (state->phase == "done" && audit.evaluated_on));
  return later ? Stage::acceptance : Stage::evaluation;
}

std::vector<Section> sections_of(const rules::Library& rules, const audits::Audit& audit, const rules::Outline& outline,
                                 const std::map<std::string, store::SectionText>& texts) {
  std::vector<Section> out;
  flatten(rules, audit, outline.sections, 1, "", false, texts, out);
  return out;
}

std::string fingerprint_of(Tx& tx, const Premises& premises, const audits::Audit& audit) {
  const auto enterprise = registry::find_enterprise(tx, audit.enterprise);
  return fingerprint_from(premises, audit, enterprise ? enterprise->version : 0,
                          figures::get_ledger(tx, subject_of(audit.id)), analysis::options_of(tx, premises, audit.id),
                          store::texts_of(tx, audit.id));
}

Result<Material> gather(Tx& tx, const Premises& premises, const audits::Audit& audit, Stage stage) {
  Material m{.audit = audit,
             .enterprise = registry::find_enterprise(tx, audit.enterprise),
             .former_rounds = registry::former_rounds_of(tx, audit.enterprise),
             .ledger = figures::get_ledger(tx, subject_of(audit.id)),
             .options = analysis::options_of(tx, premises, audit.id),
             .found = {},
             .after = {},
             .texts = store::texts_of(tx, audit.id),
             .attachments = {},
             .stage = stage,
             .on = premises.today(),
             .next_number = store::next_number(tx, audit.id, stage),
             .fingerprint = {}};
  for (const auto& outline : premises.rules->outlines())
    if (outline.stage == to_string(stage)) m.outline = &outline;
  if (!m.outline) return Error{ErrorKind::conflict, "dossier.no_outline", {{"stage", to_string(stage)}}};
  std::sort(m.former_rounds.begin(), m.former_rounds.end(),
            [](const auto& a, const auto& b) { return a.accepted_on > b.accepted_on; });
  if (auto found = analysis::benchmark_of(premises, audit, m.ledger, figures::Aspect::measured))
    m.found = std::move(*found);
  if (stage == Stage::acceptance)
    if (auto after = analysis::benchmark_of(premises, audit, m.ledger, figures::Aspect::verified))
      m.after = std::move(*after);
  for (auto& file : files::files_of(tx, subject_of(audit.id)))
    if (file.kind != "report") m.attachments.push_back(std::move(file));
  m.fingerprint =
      fingerprint_from(premises, audit, m.enterprise ? m.enterprise->version : 0, m.ledger, m.options, m.texts);
  return m;
}

Draft assemble(const Material& m, const Premises& premises) {
  Draft draft;
  draft.fingerprint = m.fingerprint;
  draft.next_number = m.next_number;
  const auto code = m.audit.number + (m.stage == Stage::acceptance ? "-A" : "-E") + std::to_string(m.next_number);
  const auto& name = m.audit.enterprise_name;
  const bool acceptance = m.stage == Stage::acceptance;

  auto& paper = draft.paper;
  paper.style = document::Paper::Style::report;
  paper.title = name + "清洁生产审核报告";
  paper.author = name;
  paper.date = m.on;
  paper.header_text = name + "清洁生产审核报告　版本 " + code + "　数据指纹 " + m.fingerprint.substr(0, 12);

  std::string categories;
  for (const auto& id : m.audit.categories)
    if (const auto* category = premises.rules->find_category(id))
      categories += (categories.empty() ? "" : "、") + category->title.zh;
  const auto* mode = premises.rules->find_mode(m.audit.mode);
  paper.blocks.push_back(
      document::Cover{.top = "版本 " + code,
                      .title = {name, "清洁生产审核报告"},
                      .subtitle = acceptance ? "（验收稿）" : "（评估稿）",
                      .fields = {{"企业名称", name},
                                 {"审核编号", m.audit.number},
                                 {"审核类别", categories.empty() ? "自愿性审核" : categories},
                                 {"审核模式", mode ? mode->title.zh : m.audit.mode}},
                      .bottom = {name, std::to_string(m.on.year()) + "年" + std::to_string(m.on.month()) + "月"}});
  add_commitment(m, paper);
  paper.blocks.push_back(document::Contents{});

  for (const auto& section : sections_of(*premises.rules, m.audit, *m.outline, m.texts)) {
    if (section.dropped && section.level > 1) continue;
    if (section.level == 1 && section.number.empty() && section.id != "preface")
      paper.blocks.push_back(document::PageBreak{});
    paper.blocks.push_back(
        document::Heading{.text = section.title.zh, .level = section.level, .numbered = !section.number.empty()});
    if (section.dropped) {
      paper.blocks.push_back(
          Paragraph("本轮审核采用" + (mode ? mode->title.zh : m.audit.mode) + "，按规定省略本步骤。"));
      continue;
    }
    bool anything = false;
    if (!trim(section.text).empty()) {
      const auto bound = bind_text(m, *premises.rules, section.text);
      for (const auto& blank : bound.blank)
        draft.warnings.push_back(
            {"dossier.binding_blank", {{"binding", blank}, {"section", section.number + section.title.zh}}});
      for (auto& block : text_blocks(bound.text)) paper.blocks.push_back(std::move(block));
      anything = true;
    }
    for (const auto& content : section.content) {
      auto blocks = blocks_of(m, premises, content);
      anything = anything || !blocks.empty();
      for (auto& block : blocks) paper.blocks.push_back(std::move(block));
    }
    const auto* from = [&]() -> const rules::OutlineSection* {  // chapters with sections need no text of their own
      for (const auto& chapter : m.outline->sections)
        if (chapter.id == section.id && !chapter.children.empty()) return &chapter;
      return nullptr;
    }();
    if (!anything && !from) {
      draft.warnings.push_back(
          {"dossier.section_empty",
           {{"section", (section.number.empty() ? "" : section.number + " ") + section.title.zh}}});
      paper.blocks.push_back(Paragraph({document::Run{.text = "（本节待补充）", .colour = "92400E"}}));
    }
  }
  return draft;
}

}  // namespace qy::dossier
