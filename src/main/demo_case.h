#pragma once

#include <optional>
#include <string>
#include <vector>

#include "main/demo_world.h"
#include "regime/analysis/analysis.h"
#include "regime/audits/audits.h"
#include "regime/evaluation/evaluation.h"
#include "regime/files/files.h"

namespace qy::demo {

/// One case as it went, step by step, each done by the people whose step it is. It ends at its fate, or where today is.
class Case {
 public:
  Case(Tx& tx, const World& world, const Plant& plant, audits::AuditId id, SeededRandom& random,
       const files::Blob& report)
      : tx_(tx), world_(world), plant_(plant), id_(std::move(id)), random_(random), report_(report) {}

  /// `fate`: the state it stays in, "" = it goes on as time allows.
  Result<void> play(const std::string& fate);

 private:
  audits::Audit audit() const { return *audits::find_audit(tx_, id_); }
  /// Moves on by `days` and a little; false when that is not past yet.
  bool later(int days, int spread);
  identity::Act act(const identity::Caller& caller) const {
    return act_on(world_, caller, day_, static_cast<int>(plant_.size));
  }
  const Desk& lead() const { return world_.desk(plant_.region.substr(0, 4) + "00", audit().lead_line); }
  const Desk& province_lead() const { return world_.desk("990000", audit().lead_line); }
  Result<void> perform(const identity::Caller& caller, const std::string& action, const std::string& reason = "",
                       json::Value payload = json::Object{});

  Result<void> disclose();
  Result<void> fill_ledger();
  Result<void> answer_indicators();
  Result<void> propose_options();
  Result<void> build_low_cost();
  Result<void> build_rest();
  Result<void> submit();
  /// A panel whose sheets come to about `percent`; with `sheets` fewer than the members it stays open.
  Result<std::optional<evaluation::PanelId>> judge(const std::string& kind, int percent, std::size_t sheets = 3);

  Tx& tx_;
  const World& world_;
  const Plant& plant_;
  audits::AuditId id_;
  SeededRandom& random_;
  const files::Blob& report_;
  Date day_;
};

/// Answers to every row that has a number or a choice; rows of metals that are not plated do not apply.
std::map<std::string, analysis::RowAnswer> answers_for(const rules::IndicatorSystem& system, SeededRandom& random);

}  // namespace qy::demo
