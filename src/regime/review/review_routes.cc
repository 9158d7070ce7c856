#include <algorithm>

#include "regime/audits/audits_json.h"
#include "regime/files/files.h"
#include "regime/identity/guard.h"
#include "regime/review/review.h"

namespace qy::review {
namespace {

using audits::AuditId;
using http::Request;
using http::Response;
using identity::Caller;

Result<Response> case_answer(Tx& tx, const Premises& premises, const Caller& caller, const audits::Audit& audit) {
  auto body = audits::audit_json(premises, audit);
  body["allowed_actions"] = json::texts(audits::allowed_actions(tx, premises, caller, audit, premises.today()));
  return http::with_etag(http::ok(body), audit.version);
}

/// The case for writing: visible, and at the version the person saw.
Result<audits::Audit> at_version(Tx& tx, const Caller& caller, const AuditId& id, std::int64_t version, Date today) {
  QY_TRY(auto audit, audits::get_visible(tx, caller, id, today));
  if (audit.version != version) return Error{ErrorKind::stale, "audit.stale"};
  return audit;
}

struct Wanted {
  bool truthful = false;
  std::string reason = {};
  std::optional<std::string> password = {};  ///< asked for where the step is signed
};

/// A step on a case at the version the person saw: `read` takes what it needs from the body, `take` takes the step.
template <class Read, class Take>
void add_step(const identity::Guard& add, const Premises& premises, const char* path, Read read, Take take) {
  add("POST", path, [&premises, read, take](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
    QY_TRY(const auto version, request.if_match());
    QY_TRY(const auto body, request.json());
    json::ObjectReader in(body);
    const Wanted wanted = read(in);
    QY_CHECK(in.done());
    if (wanted.password) QY_CHECK(identity::confirm_password(premises, caller, *wanted.password));
    const auto act = identity::act_of(premises, caller);
    return premises.database->write([&](Tx& tx) -> Result<Response> {
      QY_TRY(const auto before, at_version(tx, caller, id, version, act.on));
      QY_TRY(const auto audit, take(tx, premises, act, before, wanted));
      return case_answer(tx, premises, caller, audit);
    });
  });
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);

  add("GET", "/api/v1/audits/{audit}/review",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        const auto today = premises.today();
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto audit, audits::get_visible(tx, caller, id, today));
          json::Array gaps;
          for (const auto& gap : obstacles(tx, premises, audit))
            gaps.push_back(json::Object{{"code", gap.code},
                                        {"detail", Catalogue::global().render(gap.code, gap.params, request.language)},
                                        {"place", gap.place}});
          json::Array remarks;
          for (const auto& caution : cautions(tx, premises, audit))
            remarks.push_back(
                json::Object{{"code", caution.code},
                             {"detail", Catalogue::global().render(caution.code, caution.params, request.language)}});
          json::Array editions;
          for (const auto& edition : figures::editions_of(tx, {"audit", id.str()}))
            editions.push_back(json::Object{{"id", edition.id.str()},
                                            {"label", edition.label},
                                            {"number", edition.number},
                                            {"root", edition.root},
                                            {"entries", edition.entries},
                                            {"at", edition.at.str()},
                                            {"by", edition.by_name}});
          json::Array reports;
          for (const auto& file : files::files_of(tx, {"audit", id.str()}, "report"))
            reports.push_back(json::Object{{"id", file.id.str()},
                                           {"name", file.name},
                                           {"size", file.blob.size},
                                           {"hash", file.blob.hash},
                                           {"at", file.uploaded_at.str()},
                                           {"by", file.uploaded_by_name}});
          return http::with_etag(
              http::ok(json::Object{
                  {"audit", id.str()},
                  {"obstacles", std::move(gaps)},
                  {"cautions", std::move(remarks)},
                  {"editions", std::move(editions)},
                  {"reports", std::move(reports)},
                  {"always_evaluated", always_evaluated(*premises.rules, audit)},
                  {"allowed_actions", json::texts(audits::allowed_actions(tx, premises, caller, audit, today))}}),
              audit.version);
        });
      });

  add_step(
      add, premises, "/api/v1/audits/{audit}/submit",
      [](json::ObjectReader& in) {
        return Wanted{.truthful = in.flag("truthful"), .password = in.raw_text("password", 200)};
      },
      [](Tx& tx, const Premises& premises, const identity::Act& act, const audits::Audit& audit, const Wanted& wanted) {
        return submit(tx, premises, act, audit.id, wanted.truthful);
      });
  add_step(
      add, premises, "/api/v1/audits/{audit}/return",
      [](json::ObjectReader& in) { return Wanted{.reason = in.text("reason", 2000)}; },
      [](Tx& tx, const Premises& premises, const identity::Act& act, const audits::Audit& audit, const Wanted& wanted) {
        const auto* procedure = premises.rules->find_procedure(audit.procedure);
        const auto* request = procedure ? procedure->find_action("return_acceptance") : nullptr;
        const bool requested = request && std::ranges::find(request->from, audit.state) != request->from.end();
        return audits::perform(tx, premises, act, audit.id,
                               {.action = requested ? "return_acceptance" : "return_report", .reason = wanted.reason});
      });
  add_step(
      add, premises, "/api/v1/audits/{audit}/file-report",
      [](json::ObjectReader& in) { return Wanted{.reason = in.text("reason", 1000)}; },
      [](Tx& tx, const Premises& premises, const identity::Act& act, const audits::Audit& audit, const Wanted& wanted) {
        return file_report(tx, premises, act, audit.id, wanted.reason);
      });
  add_step(
      add, premises, "/api/v1/audits/{audit}/request-acceptance",
      [](json::ObjectReader& in) { return Wanted{.password = in.raw_text("password", 200)}; },
      [](Tx& tx, const Premises& premises, const identity::Act& act, const audits::Audit& audit, const Wanted&) {
        return request_acceptance(tx, premises, act, audit.id);
      });
}

}  // namespace qy::review
