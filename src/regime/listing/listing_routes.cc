#include <algorithm>
#include <map>

#include "document/workbook.h"
#include "regime/identity/access.h"
#include "regime/identity/actor.h"
#include "regime/identity/guard.h"
#include "regime/listing/listing.h"
#include "regime/listing/listing_commands.h"
#include "regime/listing/listing_store.h"
#include "regime/listing/notice_paper.h"
#include "regime/obligations/work.h"

namespace qy::listing {
namespace {

using http::Request;
using http::Response;
using identity::Caller;

template <class T>
json::Value or_null(const std::optional<T>& value) {
  if (!value) return nullptr;
  if constexpr (std::is_same_v<T, Date>)
    return json::Value(value->str());
  else
    return json::Value(*value);
}

json::Object list_json(const Premises& premises, const List& list) {
  const auto* region = premises.rules->find_region(list.region, list.published_on.value_or(premises.today()));
  return {{"id", list.id.str()},
          {"region", list.region},
          {"region_name", json::both(region ? region->name : Text{list.region, list.region})},
          {"jurisdiction", list.jurisdiction},
          {"year", list.year},
          {"batch", list.batch},
          {"title", json::both(list.title)},
          {"state", list.state},
          {"document_number", or_null(list.document_number)},
          {"dated_on", or_null(list.dated_on)},
          {"published_on", or_null(list.published_on)},
          {"published_where", list.published_where},
          {"version", list.version}};
}

/// A correction with what the caller may still do about it.
json::Object correction_detail(Tx& tx, const Premises& premises, const Caller& caller, const List& list,
                               const Correction& correction) {
  auto body = correction_json(*premises.rules, correction);
  json::Array actions;
  if (!correction.document_number && permitted(tx, premises, caller, list, "set_document_number"))
    actions.push_back("set_document_number");
  body["allowed_actions"] = std::move(actions);
  return body;
}

json::Object list_detail(Tx& tx, const Premises& premises, const Caller& caller, const List& list) {
  auto body = list_json(premises, list);
  const auto counts = store::counts(tx, list.id);
  body["counts"] = json::Object{{"listed", counts.listed},
                                {"to_cosign", counts.to_cosign},
                                {"cosigned", counts.cosigned},
                                {"removed", counts.removed}};
  const auto office = identity::find_office(tx, list.drafted_by);
  body["drafted_by"] = office ? json::both(office->name) : json::Value(nullptr);
  body["allowed_actions"] = json::texts(allowed_actions(tx, premises, caller, list));
  const auto* jurisdiction = premises.rules->find_jurisdiction(list.jurisdiction);
  if (jurisdiction)
    body["levels"] = json::Object{{"drafted_by", jurisdiction->list_drafted_by},
                                  {"confirmed_by", jurisdiction->list_confirmed_by},
                                  {"published_by", jurisdiction->list_published_by}};
  body["as_published"] = list.as_published ? json::Value(wording_json(*list.as_published)) : json::Value(nullptr);
  json::Array corrections;
  for (const auto& correction : corrections_of(tx, list.id))
    corrections.push_back(correction_detail(tx, premises, caller, list, correction));
  body["corrections"] = std::move(corrections);
  json::Array log;
  for (const auto& action : db::actions_of(tx, subject_of(list.id)))
    log.push_back(json::Object{{"seq", action.seq},
                               {"name", action.name},
                               {"at", action.at.str()},
                               {"actor", action.actor_name},
                               {"post", action.post},
                               {"as_deputy", action.as_deputy},
                               {"basis", action.basis},
                               {"payload", action.payload},
                               {"hash", action.hash}});
  body["log"] = std::move(log);
  return body;
}

json::Object entry_json(const Premises& premises, const Entry& entry) {
  const auto* region = premises.rules->find_region(entry.region, premises.today());
  const auto* industry = premises.rules->find_industry(entry.industry);
  return {{"id", entry.id.str()},
          {"list", entry.list.str()},
          {"enterprise", entry.enterprise.str()},
          {"enterprise_name", entry.enterprise_name},
          {"region", entry.region},
          {"region_name", json::both(region ? region->name : Text{entry.region, entry.region})},
          {"industry", entry.industry},
          {"industry_name", json::both(industry ? industry->name : Text{entry.industry, entry.industry})},
          {"categories", json::texts(entry.categories)},
          {"lead_line", entry.lead_line},
          {"cosign_line", entry.cosign_line},
          {"reason", entry.reason},
          {"mode", entry.mode},
          {"mode_reason", entry.mode_reason},
          {"cosigned", entry.cosigned},
          {"status", entry.status},
          {"as_published", entry.as_published ? json::Value(wording_json(*entry.as_published)) : json::Value(nullptr)},
          {"version", entry.version}};
}

json::Object notice_json(const store::NoticeRow& row) {
  return {{"id", row.notice.id.str()},
          {"entry", row.notice.entry.str()},
          {"code", row.notice.code},
          {"dated_on", row.notice.dated_on.str()},
          {"file", row.notice.file.empty() ? json::Value(nullptr) : json::Value(row.notice.file)},
          {"delivered_on", or_null(row.notice.delivered_on)},
          {"delivery", row.notice.delivery},
          {"delivery_file", row.delivery_file.empty() ? json::Value(nullptr) : json::Value(row.delivery_file)},
          {"withdrawn", row.withdrawn},
          {"version", row.version}};
}

Result<NewEntry> entry_of(json::ObjectReader& in) {
  NewEntry entry;
  const auto enterprise = in.optional_text("enterprise", 36);
  if (enterprise) {
    auto id = registry::EnterpriseId::parse(*enterprise);
    if (!id)
      in.complain("enterprise", "enterprise.not_found");
    else
      entry.enterprise = *id;
  }
  entry.categories = in.texts("categories", 4, 40);
  entry.reason = in.optional_text("reason", 500).value_or("");
  entry.mode = in.optional_text("mode", 40).value_or("");
  entry.mode_reason = in.optional_text("mode_reason", 500).value_or("");
  return entry;
}

http::Page page_for(const Request& request, Result<http::Page>& read, const std::vector<std::string>& sorts,
                    std::string_view standard, int max = 200) {
  read = http::page_of(request, sorts, standard, max);
  return read ? *read : http::Page{};
}

json::Object paged(json::Array items, std::int64_t total, const http::Page& page) {
  return {{"items", std::move(items)}, {"total", total}, {"page", page.page}, {"page_size", page.size}};
}

std::string paper_office(Tx& tx, const List& list) {
  const auto office = identity::find_office(tx, list.drafted_by);
  return office ? office->name.zh : std::string();
}

/// GET /lists/{list}/export.xlsx: every entry, as the office hands it round.
Result<Response> export_list(const Premises& premises, const Caller& caller, const ListId& id, Language language) {
  struct Read {
    List list;
    std::vector<Entry> entries;
  };
  QY_TRY(const auto read, premises.database->read([&](Tx& tx) -> Result<Read> {
    QY_TRY(auto list, get_visible(tx, caller, id));
    return Read{std::move(list), store::entries_of(tx, id)};
  }));
  const bool zh = language == Language::zh;
  document::SheetOut sheet;
  sheet.name = zh ? "名单" : "List";
  sheet.title = read.list.title.in(language);
  using Column = document::Column;
  sheet.columns = {Column{.heading = zh ? "企业名称" : "Enterprise", .width = 36},
                   Column{.heading = zh ? "所在地" : "Place", .width = 14},
                   Column{.heading = zh ? "行业代码" : "Industry code", .width = 10},
                   Column{.heading = zh ? "审核类别" : "Categories", .width = 18},
                   Column{.heading = zh ? "列入理由" : "Reason", .width = 40},
                   Column{.heading = zh ? "审核模式" : "Mode", .width = 12},
                   Column{.heading = zh ? "牵头部门" : "Lead", .width = 14},
                   Column{.heading = zh ? "会签" : "Co-signed", .width = 10}};
  for (const auto& entry : read.entries) {
    if (entry.status != "listed") continue;
    std::string categories;
    for (const auto& c : entry.categories) {
      const auto* category = premises.rules->find_category(c);
      categories += (categories.empty() ? "" : "、") + (category ? category->title.in(language) : c);
    }
    const auto* region = premises.rules->find_region(entry.region, premises.today());
    const auto* mode = premises.rules->find_mode(entry.mode);
    const std::string cosign = entry.cosign_line.empty() ? (zh ? "不需要" : "not needed")
                               : entry.cosigned          ? (zh ? "已会签" : "yes")
                                                         : (zh ? "待会签" : "waiting");
    sheet.rows.push_back({entry.enterprise_name, region ? region->name.in(language) : entry.region, entry.industry,
                          categories, entry.reason, mode ? mode->title.in(language) : entry.mode,
                          identity::title_of(identity::line_of(entry.lead_line)).in(language), cosign});
  }
  document::WorkbookOut workbook;
  workbook.sheets.push_back(std::move(sheet));
  QY_TRY(auto bytes, document::write_workbook(workbook));
  return http::download(std::move(bytes), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                        read.list.title.in(language) + ".xlsx");
}

/// The lists an office may see: those of its own subtree, and those above it that may hold its enterprises.
store::ListFilter lists_for(const Caller& caller) {
  store::ListFilter filter;
  const auto prefix = identity::region_prefix(caller.region);
  filter.everything = prefix.empty();
  if (filter.everything) return filter;
  filter.region_prefixes.push_back(prefix);
  for (std::size_t n = 2; n < prefix.size(); n += 2)
    filter.region_prefixes.push_back(prefix.substr(0, n) + std::string(6 - n, '0'));
  return filter;
}

/// 待我办理: lists whose next step is the caller's.
void waiting(Tx& tx, const Premises& premises, const Caller& caller, std::vector<obligations::Work>& found) {
  if (!caller.is_office() || (caller.role != identity::Role::officer && caller.role != identity::Role::chief)) return;
  // In the order of the path; the first that is allowed is what the list waits for.
  constexpr std::pair<const char*, const char*> kSteps[] = {{"publish", "list_publish"},
                                                            {"confirm", "list_confirm"},
                                                            {"cosign", "list_cosign"},
                                                            {"edit", "list_draft"},
                                                            {"set_document_number", "list_number"}};
  auto filter = lists_for(caller);
  for (const char* state : {"drafting", "proposed", "cosigned", "confirmed", "published"}) {
    filter.state = state;
    // A number that never came for an old list is nobody's work any more.
    filter.year = std::nullopt;
    if (filter.state == "published") filter.year = premises.today().year();
    std::map<std::string, std::vector<std::string>> lists;
    for (const auto& list : store::search_lists(tx, filter, {.page = 1, .size = 200, .sort = "year"}).items) {
      if (list.state == "published" && list.document_number) continue;
      const auto allowed = allowed_actions(tx, premises, caller, list);
      for (const auto& [action, work] : kSteps)
        if (std::ranges::find(allowed, action) != allowed.end()) {
          lists[work].push_back(list.id.str());
          break;
        }
    }
    for (const auto& [work, ids] : lists)
      found.push_back({work, static_cast<std::int64_t>(ids.size()),
                       ids.size() == 1 ? "/app/lists/" + ids.front() : std::string("/app/lists?state=") + state});
  }
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  obligations::register_work("listing", waiting);
  const identity::Guard add(premises, router);

  // Scans of paper co-signatures hang on the list.
  identity::register_subject("list",
                             [](Tx& tx, const Premises&, const Caller& caller, std::string_view id,
                                identity::Matter) -> std::optional<identity::Access> {
                               const auto parsed = ListId::parse(id);
                               if (!parsed) return std::nullopt;
                               const auto list = get_visible(tx, caller, *parsed);
                               if (!list) return std::nullopt;
                               const bool open = list->state != "published" && list->state != "withdrawn";
                               return identity::Access{.read = true,
                                                       .write = open && caller.covers(list->region),
                                                       .province = list->province,
                                                       .region = list->region};
                             });

  // Receipts of delivery hang on the notice.
  identity::register_subject(
      "notice",
      [](Tx& tx, const Premises&, const Caller& caller, std::string_view id,
         identity::Matter matter) -> std::optional<identity::Access> {
        const auto parsed = NoticeId::parse(id);
        const auto row = parsed ? store::find_notice(tx, *parsed) : std::nullopt;
        const auto entry = row ? store::find_entry(tx, row->notice.entry) : std::nullopt;
        if (!entry) return std::nullopt;
        const bool office = may_deliver(caller, *entry);
        const bool own = caller.party == identity::Party::enterprise && caller.party_id == entry->enterprise.str();
        if (!office && !own) return std::nullopt;
        return identity::Access{.read = true,
                                .write = office && matter == identity::Matter::files && entry->status == "listed",
                                .province = entry->province,
                                .region = entry->region};
      });

  add("GET", "/api/v1/lists", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    Result<http::Page> read = http::Page{};
    const auto page = page_for(request, read, {"year"}, "-year");
    QY_CHECK(read);
    QY_TRY(const auto year, request.query_integer("year", 0, 0, 2199));
    return premises.database->read([&](Tx& tx) -> Result<Response> {
      if (!caller.is_office() || (caller.role != identity::Role::officer && caller.role != identity::Role::chief))
        return identity::forbidden("forbidden.office_only");
      auto filter = lists_for(caller);
      filter.state = request.query("state");
      if (year) filter.year = static_cast<int>(year);
      const auto found = store::search_lists(tx, filter, page);
      json::Array items;
      for (const auto& list : found.items) {
        auto item = list_json(premises, list);
        const auto counts = store::counts(tx, list.id);
        item["counts"] = json::Object{{"listed", counts.listed},
                                      {"to_cosign", counts.to_cosign},
                                      {"cosigned", counts.cosigned},
                                      {"removed", counts.removed}};
        items.push_back(std::move(item));
      }
      auto body = paged(std::move(items), found.total, page);
      body["allowed_actions"] = may_draft(premises, caller) ? json::Array{json::Value("draft")} : json::Array{};
      return http::ok(body);
    });
  });

  add("POST", "/api/v1/lists", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto body, request.json());
    json::ObjectReader in(body);
    NewList wanted;
    wanted.region = caller.region;
    wanted.year = static_cast<int>(in.integer("year", 2003, premises.today().year() + 1));
    wanted.title.zh = in.optional_text("title_zh", 120).value_or("");
    wanted.title.en = in.optional_text("title_en", 200).value_or("");
    QY_CHECK(in.done());
    const auto act = identity::act_of(premises, caller);
    return premises.database->write([&](Tx& tx) -> Result<Response> {
      if (!caller.is_office()) return identity::forbidden("forbidden.office_only");
      QY_TRY(const auto id, draft_list(tx, premises, act, wanted));
      const auto list = *store::find_list(tx, id);
      return http::with_etag(http::created(list_detail(tx, premises, caller, list)), list.version);
    });
  });

  add("GET", "/api/v1/lists/{list}", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto id, ListId::parse(request.parameter("list")));
    return premises.database->read([&](Tx& tx) -> Result<Response> {
      QY_TRY(const auto list, get_visible(tx, caller, id));
      return http::with_etag(http::ok(list_detail(tx, premises, caller, list)), list.version);
    });
  });

  add("GET", "/api/v1/lists/{list}/entries",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, ListId::parse(request.parameter("list")));
        QY_TRY(const auto page, http::page_of(request, {"region", "enterprise_name", "mode"}, "region"));
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto list, get_visible(tx, caller, id));
          const auto found = store::search_entries(tx, id,
                                                   {.category = request.query("category"),
                                                    .mode = request.query("mode"),
                                                    .text = request.query("text"),
                                                    .region_prefix = identity::region_prefix(request.query("region")),
                                                    .waiting_for_line = request.query("waiting_for_line")},
                                                   page);
          json::Array items;
          for (const auto& entry : found.items) {
            auto item = entry_json(premises, entry);
            const auto notice = store::notice_of(tx, entry.id);
            item["notice"] = notice ? json::Value(notice_json(*notice)) : json::Value(nullptr);
            items.push_back(std::move(item));
          }
          return http::ok(paged(std::move(items), found.total, page));
        });
      });

  add("POST", "/api/v1/lists/{list}/entries",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, ListId::parse(request.parameter("list")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        std::vector<NewEntry> wanted;
        for (auto& item : in.objects("entries", 500, true)) {
          QY_TRY(auto entry, entry_of(item));
          if (entry.enterprise.empty()) item.complain("enterprise", "field.required");
          wanted.push_back(std::move(entry));
        }
        QY_CHECK(in.done());
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto list, get_visible(tx, caller, id));
          if (!may_edit(tx, caller, list)) return Error{ErrorKind::forbidden, "listing.not_editable"};
          std::vector<FieldError> wrong;
          json::Array made;
          for (std::size_t i = 0; i < wanted.size(); ++i) {
            const auto pointer = "#/entries/" + std::to_string(i);
            const auto entry = add_entry(tx, premises, act, id, wanted[i]);
            if (entry) {
              made.push_back(json::Value(entry->str()));
            } else if (entry.error().fields.empty()) {
              wrong.push_back({pointer + "/enterprise", entry.error().code, entry.error().params});
            } else {
              for (auto field : entry.error().fields)
                wrong.push_back({pointer + field.pointer.substr(1), field.code, field.params});
            }
          }
          if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};
          return http::created(json::Object{{"entries", std::move(made)}});
        });
      });

  add("PUT", "/api/v1/entries/{entry}", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto id, EntryId::parse(request.parameter("entry")));
    QY_TRY(const auto version, request.if_match());
    QY_TRY(const auto body, request.json());
    json::ObjectReader in(body);
    QY_TRY(const auto wanted, entry_of(in));
    QY_CHECK(in.done());
    QY_TRY(const auto entry, change_entry(premises, caller, id, wanted, version));
    return http::with_etag(http::ok(entry_json(premises, entry)), entry.version);
  });

  add("DELETE", "/api/v1/entries/{entry}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, EntryId::parse(request.parameter("entry")));
        QY_TRY(const auto version, request.if_match());
        QY_CHECK(drop_entry(premises, caller, id, version));
        return http::no_content();
      });

  add("GET", "/api/v1/lists/{list}/candidates",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, ListId::parse(request.parameter("list")));
        QY_TRY(const auto page, http::page_of(request, {"due"}, "due"));
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto list, get_visible(tx, caller, id));
          const auto found = candidates(tx, premises, list,
                                        {.region_prefix = identity::region_prefix(request.query("region")),
                                         .priority_industry = request.query("priority_industry"),
                                         .text = request.query("text"),
                                         .due_only = request.query("due") == "true"},
                                        premises.today());
          json::Array items;
          for (std::size_t i = page.offset();
               i < found.size() && i < static_cast<std::size_t>(page.offset() + page.size); ++i) {
            const auto& c = found[i];
            const auto proposed = propose_mode(*premises.rules, c.enterprise, {});
            const auto* region = premises.rules->find_region(c.enterprise.region, premises.today());
            const auto* industry = premises.rules->find_industry(c.enterprise.industry);
            items.push_back(json::Object{
                {"enterprise", c.enterprise.id.str()},
                {"name", c.enterprise.name},
                {"credit_code", c.enterprise.credit_code},
                {"region", c.enterprise.region},
                {"region_name", json::both(region ? region->name : Text{c.enterprise.region, c.enterprise.region})},
                {"industry", c.enterprise.industry},
                {"industry_name",
                 json::both(industry ? industry->name : Text{c.enterprise.industry, c.enterprise.industry})},
                {"tags", json::texts(c.enterprise.tags)},
                {"priority_industries", json::texts(c.enterprise.priority_industries)},
                {"scale", c.enterprise.scale},
                {"last_round_on", or_null(c.enterprise.standing.last_round_on)},
                {"interval_due_on", or_null(c.interval_due_on)},
                {"interval_over", c.interval_over},
                {"proposed_mode", proposed.mode},
                {"proposed_mode_reason", json::both(proposed.reason)}});
          }
          return http::ok(paged(std::move(items), static_cast<std::int64_t>(found.size()), page));
        });
      });

  add("POST", "/api/v1/lists/{list}/actions/{action}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, ListId::parse(request.parameter("list")));
        QY_TRY(const auto version, request.if_match());
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        Perform what{.action = request.parameter("action"), .version = version};
        what.reason = in.optional_text("reason", 1000).value_or("");
        what.files = in.texts("files", 20, 36);
        what.void_cosignatures = in.flag("void_cosignatures");
        const auto password = in.raw_text("password", 200);
        QY_CHECK(in.done());
        const auto* procedure = premises.rules->find_procedure("list-national");
        const auto* step = procedure ? procedure->find_action(what.action) : nullptr;
        if (step && step->needs_password) QY_CHECK(identity::confirm_password(premises, caller, password));
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto visible, get_visible(tx, caller, id));
          QY_TRY(const auto list, perform(tx, premises, act, visible.id, what));
          return http::with_etag(http::ok(list_detail(tx, premises, caller, list)), list.version);
        });
      });

  add("PUT", "/api/v1/lists/{list}/document-number",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, ListId::parse(request.parameter("list")));
        QY_TRY(const auto version, request.if_match());
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto number = in.text("document_number", 80);
        const auto dated_on = in.optional_date("dated_on");
        QY_CHECK(in.done());
        QY_TRY(const auto list, set_document_number(premises, caller, id, number, dated_on, version));
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          return http::with_etag(http::ok(list_detail(tx, premises, caller, list)), list.version);
        });
      });

  add("GET", "/api/v1/lists/{list}/export.xlsx",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, ListId::parse(request.parameter("list")));
        return export_list(premises, caller, id, request.language);
      });

  add("GET", "/api/v1/lists/{list}/paper.docx",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, ListId::parse(request.parameter("list")));
        struct Read {
          List list;
          std::vector<Entry> entries;
          std::string office;
        };
        QY_TRY(const auto read, premises.database->read([&](Tx& tx) -> Result<Read> {
          QY_TRY(auto list, get_visible(tx, caller, id));
          auto office = paper_office(tx, list);
          return Read{std::move(list), store::entries_of(tx, id), std::move(office)};
        }));
        QY_TRY(auto docx,
               document::to_docx(list_paper(read.list, read.entries, *premises.rules, read.office, premises.today())));
        return http::download(std::move(docx.bytes),
                              "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                              read.list.title.zh + ".docx");
      });

  add("GET", "/api/v1/corrections/{correction}/paper.docx",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, CorrectionId::parse(request.parameter("correction")));
        struct Read {
          List list;
          std::vector<Entry> entries;
          std::vector<Correction> all;
          Correction correction;
        };
        QY_TRY(const auto read, premises.database->read([&](Tx& tx) -> Result<Read> {
          auto correction = store::find_correction(tx, id);
          auto list = correction ? get_visible(tx, caller, correction->list) : Error{ErrorKind::not_found, ""};
          if (!list) return Error{ErrorKind::not_found, "listing.correction_not_found"};
          auto entries = store::entries_of(tx, list->id);
          auto all = corrections_of(tx, list->id);
          return Read{std::move(*list), std::move(entries), std::move(all), std::move(*correction)};
        }));
        QY_TRY(auto docx, document::to_docx(
                              correction_paper(read.list, read.entries, read.correction, read.all, *premises.rules)));
        return http::download(std::move(docx.bytes),
                              "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                              "更正公告-" + std::to_string(read.correction.seq) + "-" + read.list.title.zh + ".docx");
      });

  add("PUT", "/api/v1/corrections/{correction}/document-number",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, CorrectionId::parse(request.parameter("correction")));
        QY_TRY(const auto version, request.if_match());
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto number = in.text("document_number", 80);
        const auto dated_on = in.optional_date("dated_on");
        QY_CHECK(in.done());
        QY_TRY(const auto correction, set_correction_number(premises, caller, id, number, dated_on, version));
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          const auto list = *store::find_list(tx, correction.list);
          return http::with_etag(http::ok(correction_detail(tx, premises, caller, list, correction)),
                                 correction.version);
        });
      });

  add("POST", "/api/v1/notices/{notice}/delivery",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, NoticeId::parse(request.parameter("notice")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto on = in.optional_date("delivered_on");
        const auto how = in.optional_text("how", 200).value_or("");
        const auto file = in.optional_text("file", 36).value_or("");
        QY_CHECK(in.done());
        QY_TRY(const auto notice, record_delivery(premises, caller, id, on, how, file));
        return premises.database->read(
            [&](Tx& tx) -> Result<Response> { return http::ok(notice_json(*store::find_notice(tx, notice.id))); });
      });

  add("GET", "/api/v1/notices/{notice}/paper.docx",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, NoticeId::parse(request.parameter("notice")));
        QY_TRY(auto paper, read_notice_paper(premises, caller, id));
        return http::download(std::move(paper.bytes),
                              "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                              paper.file_name);
      });

  add.open("GET", "/api/v1/public/notices/{code}", [&premises](const Request& request) -> Result<Response> {
    return premises.database->read([&](Tx& tx) -> Result<Response> {
      const auto check = check_notice(tx, request.parameter("code"));
      if (!check)
        return Error{ErrorKind::not_found, "listing.code_unknown", {{"code", request.parameter("code").substr(0, 40)}}};
      return http::ok(json::Object{{"code", check->code},
                                   {"enterprise_name", check->enterprise_name},
                                   {"office", json::both(check->office)},
                                   {"list_title", json::both(check->list_title)},
                                   {"document_number", or_null(check->document_number)},
                                   {"dated_on", check->dated_on.str()},
                                   {"withdrawn", check->withdrawn},
                                   {"corrections", corrections_json(*premises.rules, check->corrections)}});
    });
  });
}

}  // namespace qy::listing
