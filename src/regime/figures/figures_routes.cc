#include "base/text.h"
#include "regime/figures/figures.h"
#include "regime/identity/access.h"
#include "regime/identity/guard.h"

namespace qy::figures {
namespace {

constexpr std::size_t kMaxCells = 2000;

db::Subject subject_of(const http::Request& request) {
  return {request.parameter("subject_kind"), request.parameter("subject_id")};
}

json::Object subject_json(const db::Subject& subject) { return {{"kind", subject.kind}, {"id", subject.id}}; }

json::Array actions_of(bool may_write) { return may_write ? json::Array{"edit"} : json::Array{}; }

/// One cell of a PATCH; a wrong period or value is a complaint at its own field.
Entry read_cell(json::ObjectReader& in) {
  Entry entry;
  entry.pointer = in.pointer();
  entry.place.key = in.text("key", 120);
  entry.place.scope = in.optional_text("scope", 120).value_or("");
  if (const auto period = Period::parse(in.optional_text("period", 40).value_or("")))
    entry.place.period = *period;
  else
    in.complain("period", period.error().code, period.error().params);
  entry.place.aspect =
      *aspect_of(in.optional_choice("aspect", {"measured", "reconciled", "planned", "verified"}).value_or("measured"));
  entry.expected = in.optional_integer("version", 0, INT64_MAX);
  auto value = in.object("value");
  entry.value = read_value(value);
  if (const auto basis =
          in.optional_choice("basis", {"metered", "billed", "monitored", "calculated", "estimated", "claimed"}))
    entry.basis = basis_of(*basis);
  if (in.has("evidence")) {
    auto evidence = in.object("evidence");
    entry.evidence =
        Evidence{evidence.optional_text("file", 36).value_or(""), evidence.optional_text("place", 200).value_or("")};
  }
  if (in.has("note")) entry.note = in.optional_text("note", 1000).value_or("");
  entry.adopt = in.flag("adopt", true);
  return entry;
}

/// key, scope, period, aspect of the query.
Result<Place> place_of(const http::Request& request) {
  Place place;
  place.key = request.query("key");
  place.scope = request.query("scope");
  if (place.scope == "plant") place.scope.clear();
  QY_TRY(place.period, Period::parse(request.query("period")));
  const auto aspect = aspect_of(request.query("aspect", "measured"));
  if (!aspect) return Error{ErrorKind::invalid, "figure.aspect", {{"aspect", request.query("aspect")}}};
  place.aspect = *aspect;
  return place;
}

/// With the name of the file, as it was uploaded; what was withdrawn since can no longer be opened.
json::Object cited(Tx& tx, const Evidence& evidence) {
  json::Object out{{"file", evidence.file}, {"place", evidence.place}, {"name", nullptr}, {"withdrawn", false}};
  if (evidence.file.empty()) return out;
  const auto file = files::find_file(tx, files::FileId::trusted(evidence.file));
  if (file) out["name"] = file->name;
  out["withdrawn"] = !file || file->withdrawn_at.has_value();
  return out;
}

Error no_figure(const Place& place) { return {ErrorKind::not_found, "figure.not_found", {{"place", place.str()}}}; }

json::Value answer(const View& view, const Premises& premises, const std::function<bool(const Figure&)>& wanted) {
  json::Array figures;
  for (const auto& figure : view.ledger.figures())
    if (wanted(figure)) figures.push_back(to_json(view.ledger, figure, *premises.rules));
  return json::Object{{"subject", subject_json(view.ledger.subject())},
                      {"figures", figures},
                      {"stale", view.ledger.stale_figures().size()},
                      {"allowed_actions", actions_of(view.may_write)}};
}

Result<http::Response> get_figures(const Premises& premises, const http::Request& request,
                                   const identity::Caller& caller) {
  QY_TRY(const auto found, view(premises, caller, subject_of(request)));
  const auto key = request.query("key"), period = request.query("period");
  const bool by_scope = request.query_.contains("scope");
  const auto scope = request.query("scope") == "plant" ? "" : request.query("scope");
  return http::ok(answer(found, premises, [&](const Figure& figure) {
    const bool in_key = key.empty() || figure.place.key == key || figure.place.key.starts_with(key + ".");
    return in_key && (period.empty() || figure.place.period.text == period) &&
           (!by_scope || figure.place.scope == scope);
  }));
}

Result<http::Response> patch_figures(const Premises& premises, const http::Request& request,
                                     const identity::Caller& caller) {
  QY_TRY(const auto body, request.json());
  json::ObjectReader in(body);
  std::vector<Entry> entries;
  for (auto& cell : in.objects("cells", kMaxCells, true)) entries.push_back(read_cell(cell));
  QY_CHECK(in.done());
  std::set<Place> written;
  for (const auto& entry : entries) {
    written.insert(entry.place);
    if (entry.place.scope == "plant") written.insert({entry.place.key, "", entry.place.period, entry.place.aspect});
  }
  QY_TRY(const auto after, patch(premises, caller, subject_of(request), std::move(entries)));
  // What was written and whatever went stale by it.
  return http::ok(answer(after, premises, [&](const Figure& figure) {
    return written.contains(figure.place) || after.ledger.stale(figure);
  }));
}

Result<http::Response> get_history(const Premises& premises, const http::Request& request,
                                   const identity::Caller& caller) {
  QY_TRY(const auto place, place_of(request));
  const auto subject = subject_of(request);
  return premises.database->read([&](Tx& tx) -> Result<http::Response> {
    QY_TRY(const auto access, identity::read_access(tx, premises, caller, subject, identity::Matter::figures));
    const auto ledger = get_ledger(tx, subject);
    const auto* figure = ledger.find_slot(place);
    if (!figure) return no_figure(place);
    json::Array revisions, claims;
    for (const auto& revision : history_of(tx, figure->slot))
      revisions.push_back(json::Object{{"version", revision.version},
                                       {"claim", revision.claim.str()},
                                       {"value", to_json(revision.value)},
                                       {"basis", to_string(revision.basis)},
                                       {"evidence", cited(tx, revision.evidence)},
                                       {"note", revision.note},
                                       {"at", revision.at.str()},
                                       {"by", revision.by_name}});
    for (const auto& claim : claims_of(tx, figure->slot)) {
      if (!claim.standing) continue;
      claims.push_back(json::Object{{"id", claim.id.str()},
                                    {"value", to_json(claim.value)},
                                    {"basis", to_string(claim.basis)},
                                    {"evidence", cited(tx, claim.evidence)},
                                    {"note", claim.note},
                                    {"formula", claim.formula},
                                    {"adopted", claim.id == figure->claim.id},
                                    {"at", claim.at.str()},
                                    {"by", claim.by_name}});
    }
    json::Array actions;
    if (access.write) actions.emplace_back("adopt");
    if (access.write && may_cite(*figure)) actions.emplace_back("cite");
    return http::ok(json::Object{{"figure", to_json(ledger, *figure, *premises.rules)},
                                 {"revisions", revisions},
                                 {"claims", claims},
                                 {"allowed_actions", actions}});
  });
}

/// The figure with everything it comes from and everything that comes from it.
Result<http::Response> get_lineage(const Premises& premises, const http::Request& request,
                                   const identity::Caller& caller) {
  QY_TRY(const auto place, place_of(request));
  QY_TRY(const auto found, view(premises, caller, subject_of(request)));
  const auto& ledger = found.ledger;
  const auto* centre = ledger.find_slot(place);
  if (!centre) return no_figure(place);

  std::set<const Figure*> nodes{centre};
  std::set<std::pair<std::string, std::string>> edges;
  const auto walk = [&](auto step, bool up) {
    std::vector<const Figure*> open{centre};
    while (!open.empty()) {
      const auto* figure = open.back();
      open.pop_back();
      for (const auto* other : step(*figure)) {
        edges.emplace((up ? other : figure)->slot.str(), (up ? figure : other)->slot.str());
        if (nodes.insert(other).second) open.push_back(other);
      }
    }
  };
  walk([&](const Figure& figure) { return ledger.upstream(figure); }, true);
  walk([&](const Figure& figure) { return ledger.downstream(figure); }, false);

  json::Array node_list, edge_list;
  for (const auto& figure : ledger.figures())
    if (nodes.contains(&figure)) node_list.push_back(to_json(ledger, figure, *premises.rules));
  for (const auto& [from, to] : edges) edge_list.push_back(json::Object{{"from", from}, {"to", to}});
  return http::ok(json::Object{{"centre", centre->slot.str()}, {"nodes", node_list}, {"edges", edge_list}});
}

Result<http::Response> post_adopt(const Premises& premises, const http::Request& request,
                                  const identity::Caller& caller) {
  QY_TRY(const auto body, request.json());
  json::ObjectReader in(body);
  const auto claim = in.text("claim", 36);
  const auto version = in.integer("version", 1, INT64_MAX);
  QY_CHECK(in.done());
  QY_TRY(const auto id, ClaimId::parse(claim));
  const auto subject = subject_of(request);
  return premises.database->write([&](Tx& tx) -> Result<http::Response> {
    QY_TRY(const auto access, identity::write_access(tx, premises, caller, subject, identity::Matter::figures));
    QY_TRY(const auto figure, adopt_claim(tx, identity::act_of(premises, caller), subject, id, version));
    return http::ok(to_json(get_ledger(tx, subject), figure, *premises.rules));
  });
}

Result<http::Response> get_editions(const Premises& premises, const http::Request& request,
                                    const identity::Caller& caller) {
  const auto subject = subject_of(request);
  return premises.database->read([&](Tx& tx) -> Result<http::Response> {
    QY_CHECK(identity::read_access(tx, premises, caller, subject, identity::Matter::figures));
    json::Array items;
    for (const auto& edition : editions_of(tx, subject)) items.push_back(to_json(edition));
    return http::ok(json::Object{{"items", items}, {"total", items.size()}});
  });
}

Result<http::Response> get_edition(const Premises& premises, const http::Request& request,
                                   const identity::Caller& caller) {
  QY_TRY(const auto id, EditionId::parse(request.parameter("edition")));
  return premises.database->read([&](Tx& tx) -> Result<http::Response> {
    const auto edition = find_edition(tx, id);
    if (!edition || !identity::read_access(tx, premises, caller, edition->subject, identity::Matter::figures))
      return Error{ErrorKind::not_found, "edition.not_found"};
    QY_TRY(const auto ledger, read_edition(tx, id));
    json::Array figures;
    for (const auto& figure : ledger.figures()) figures.push_back(to_json(ledger, figure, *premises.rules));
    return http::ok(json::Object{{"edition", to_json(*edition)}, {"figures", figures}});
  });
}

/// ?since=: an earlier edition of the same ledger; by default the one before.
Result<http::Response> get_changes(const Premises& premises, const http::Request& request,
                                   const identity::Caller& caller) {
  QY_TRY(const auto id, EditionId::parse(request.parameter("edition")));
  const auto since = request.query("since");
  return premises.database->read([&](Tx& tx) -> Result<http::Response> {
    const auto edition = find_edition(tx, id);
    if (!edition || !identity::read_access(tx, premises, caller, edition->subject, identity::Matter::figures))
      return Error{ErrorKind::not_found, "edition.not_found"};
    std::optional<Edition> earlier;
    for (auto& other : editions_of(tx, edition->subject))
      if (other.number < edition->number &&
          (since.empty() ? !earlier || other.number > earlier->number : other.id.str() == since))
        earlier = std::move(other);
    if (!earlier && !since.empty()) return Error{ErrorKind::not_found, "edition.not_found"};
    if (!earlier) return Error{ErrorKind::conflict, "edition.first", {{"number", std::to_string(edition->number)}}};
    QY_TRY(const auto before, read_edition(tx, earlier->id));
    QY_TRY(const auto after, read_edition(tx, id));
    json::Array items;
    for (const auto& change : changes_between(before, after)) {
      const auto& place = change.place();
      const auto* key = premises.rules->find_key(place.key);
      const auto value = [](const Figure* figure) {
        return figure ? json::Value(to_json(figure->claim.value)) : json::Value(nullptr);
      };
      json::Value difference = nullptr;
      if (change.before && change.after) {
        const auto& was = change.before->claim.value;
        const auto& is = change.after->claim.value;
        if (was.is_number() && is.is_number() && was.unit == is.unit) difference = (is.number - was.number).str();
      }
      items.push_back(json::Object{{"key", place.key},
                                   {"title", json::both(key ? key->title : Text{place.key, place.key})},
                                   {"scope", place.scope},
                                   {"period", place.period.text},
                                   {"aspect", to_string(place.aspect)},
                                   {"derived", (change.after ? change.after : change.before)->derived()},
                                   {"before", value(change.before)},
                                   {"after", value(change.after)},
                                   {"difference", difference}});
    }
    const auto total = static_cast<std::int64_t>(items.size());
    return http::ok(json::Object{
        {"since", to_json(*earlier)}, {"edition", to_json(*edition)}, {"items", std::move(items)}, {"total", total}});
  });
}

http::Response get_keys(const rules::Library& rules) {
  json::Array items;
  for (const auto& key : rules.keys()) {
    json::Array choices;
    for (const auto& choice : key.choices) choices.emplace_back(choice);
    items.push_back(json::Object{{"key", key.key},
                                 {"title", {{"zh", key.title.zh}, {"en", key.title.en}}},
                                 {"unit", key.unit},
                                 {"kind", key.kind},
                                 {"group", key.group},
                                 {"choices", choices},
                                 {"replaced_by", key.replaced_by}});
  }
  return http::ok(json::Object{{"items", items}, {"total", items.size()}});
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);
  using Use = Result<http::Response> (*)(const Premises&, const http::Request&, const identity::Caller&);
  const auto at = [&](const char* method, const char* pattern, Use use) {
    add(method, pattern, [&premises, use](const http::Request& request, const identity::Caller& caller) {
      return use(premises, request, caller);
    });
  };
  at("GET", "/api/v1/figures/{subject_kind}/{subject_id}", get_figures);
  at("PATCH", "/api/v1/figures/{subject_kind}/{subject_id}", patch_figures);
  at("GET", "/api/v1/figures/{subject_kind}/{subject_id}/history", get_history);
  at("GET", "/api/v1/figures/{subject_kind}/{subject_id}/lineage", get_lineage);
  at("POST", "/api/v1/figures/{subject_kind}/{subject_id}/adopt", post_adopt);
  at("GET", "/api/v1/figures/{subject_kind}/{subject_id}/editions", get_editions);
  at("GET", "/api/v1/figure-editions/{edition}", get_edition);
  at("GET", "/api/v1/figure-editions/{edition}/changes", get_changes);
  add("GET", "/api/v1/figure-keys",
      [&premises](const http::Request&, const identity::Caller&) -> Result<http::Response> {
        return get_keys(*premises.rules);
      });
}

}  // namespace qy::figures
