#include "regime/register/register_json.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "units/codes.h"

namespace qy::registry {
namespace {

json::Value text_or_null(const std::optional<Date>& date) {
  return date ? json::Value(date->str()) : json::Value(nullptr);
}
json::Value text_or_null(const std::optional<Decimal>& decimal) {
  return decimal ? json::Value(decimal->str()) : json::Value(nullptr);
}

json::Array texts_json(const std::vector<std::string>& texts) {
  json::Array out;
  for (const auto& text : texts) out.emplace_back(text);
  return out;
}

std::string stored_text(const json::Object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::optional<Date> stored_date(const json::Object& object, std::string_view name) {
  const auto text = stored_text(object, name);
  if (text.empty()) return std::nullopt;
  auto date = Date::parse(text);
  return date ? std::optional<Date>(*date) : std::nullopt;
}

std::optional<Decimal> stored_decimal(const json::Object& object, std::string_view name) {
  const auto text = stored_text(object, name);
  if (text.empty()) return std::nullopt;
  auto decimal = Decimal::parse(text);
  return decimal ? std::optional<Decimal>(*decimal) : std::nullopt;
}

std::string trimmed(std::string_view text) { return std::string(trim(text)); }

void sort_unique(std::vector<std::string>& texts) {
  for (auto& text : texts) text = trimmed(text);
  std::erase(texts, "");
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

/// Normal form of a credit code, or the complaint.
std::optional<FieldError> normalise_credit_code(std::string& code) {
  code = trimmed(code);
  if (code.empty()) return std::nullopt;
  const auto parsed = CreditCode::parse(code);
  if (!parsed) return FieldError{"credit_code", parsed.error().code, parsed.error().params};
  code = std::string(parsed->str());
  return std::nullopt;
}

std::optional<FieldError> check_county(const rules::Library& rules, Date on, std::string_view field,
                                       const std::string& code) {
  const auto* region = rules.find_region(code, on);
  if (!region) return FieldError{std::string(field), "register.region_unknown", {{"region", code}}};
  if (region->level != "county")
    return FieldError{std::string(field), "register.region_not_county", {{"region", region->name.zh + " " + code}}};
  return std::nullopt;
}

void check_length(std::vector<FieldError>& wrong, std::string_view field, const std::string& text, std::size_t max) {
  if (length_of(text) > max) wrong.push_back({std::string(field), "field.too_long", {{"limit", std::to_string(max)}}});
}

/// Titles of the tags this field uses everywhere; a tag without one shows its id.
Text tag_title(const std::string& id) {
  static const std::map<std::string, Text> known = {
      {"electroplating", {"电镀", "Electroplating"}},
      {"coating", {"工业涂装", "Industrial coating"}},
      {"industrial_coating", {"工业涂装", "Industrial coating"}},
      {"printing", {"包装印刷", "Package printing"}},
      {"package_printing", {"包装印刷", "Package printing"}},
      {"packaging_printing", {"包装印刷", "Package printing"}},
      {"dyeing", {"印染", "Dyeing and printing of textiles"}},
      {"coking", {"焦化", "Coking"}},
      {"pcb", {"印制电路板", "Printed circuit boards"}},
      {"hazardous_waste_incineration", {"危险废物焚烧", "Hazardous-waste incineration"}},
  };
  const auto found = known.find(id);
  return found == known.end() ? Text{id, id} : found->second;
}

/// Code points of well-formed UTF-8, each as its own bytes.
std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    out.push_back(text.substr(at, size));
    at += size;
  }
  return out;
}

/// Without the legal form at its end, which every name shares.
std::string stem_of(std::string name) {
  for (const std::string_view ending : {"有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "公司", "厂"})
    if (name.size() > ending.size() + 3 && name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  return name;
}

}  // namespace

json::Object facts_json(const EnterpriseFacts& facts) {
  json::Array permits;
  for (const auto& permit : facts.permits)
    permits.push_back(json::Object{{"kind", permit.kind},
                                   {"number", permit.number},
                                   {"valid_from", text_or_null(permit.valid_from)},
                                   {"valid_to", text_or_null(permit.valid_to)}});
  return {{"name", facts.name},
          {"legal_name", facts.legal_name},
          {"credit_code", facts.credit_code},
          {"registered_region", facts.registered_region},
          {"region", facts.region},
          {"address", facts.address},
          {"industry", facts.industry},
          {"tags", texts_json(facts.tags)},
          {"scale", facts.scale},
          {"permits", permits},
          {"legal_representative", facts.legal_representative},
          {"contact_name", facts.contact_name},
          {"contact_phone", facts.contact_phone},
          {"longitude", text_or_null(facts.longitude)},
          {"latitude", text_or_null(facts.latitude)},
          {"status", facts.status},
          {"status_since", text_or_null(facts.status_since)},
          {"park", facts.park},
          {"note", facts.note}};
}

EnterpriseFacts facts_of(json::ObjectReader& in) {
  EnterpriseFacts facts;
  facts.name = in.text("name", 200);
  facts.legal_name = in.optional_text("legal_name", 200).value_or("");
  facts.credit_code = in.optional_text("credit_code", 40).value_or("");
  facts.registered_region = in.optional_text("registered_region", 6).value_or("");
  facts.region = in.text("region", 6);
  facts.address = in.optional_text("address", 300).value_or("");
  facts.industry = in.optional_text("industry", 10).value_or("");
  facts.tags = in.texts("tags", 20, 60);
  facts.scale = in.optional_choice("scale", {"large", "medium", "small", "micro"}).value_or("");
  for (auto& permit : in.objects("permits", 20))
    facts.permits.push_back({permit.choice("kind", {"permit", "registration", "other"}), permit.text("number", 60),
                             permit.optional_date("valid_from"), permit.optional_date("valid_to")});
  facts.legal_representative = in.optional_text("legal_representative", 60).value_or("");
  facts.contact_name = in.optional_text("contact_name", 60).value_or("");
  facts.contact_phone = in.optional_text("contact_phone", 40).value_or("");
  facts.longitude = in.optional_decimal("longitude");
  facts.latitude = in.optional_decimal("latitude");
  facts.status = in.optional_choice("status", {"operating", "stopped", "closed"}).value_or("operating");
  facts.status_since = in.optional_date("status_since");
  facts.park = in.optional_text("park", 36).value_or("");
  facts.note = in.optional_text("note", 1000).value_or("");
  return facts;
}

EnterpriseFacts facts_from_stored(const json::Value& stored) {
  const auto& object = stored.as_object();
  EnterpriseFacts facts;
  facts.name = stored_text(object, "name");
  facts.legal_name = stored_text(object, "legal_name");
  facts.credit_code = stored_text(object, "credit_code");
  facts.registered_region = stored_text(object, "registered_region");
  facts.region = stored_text(object, "region");
  facts.address = stored_text(object, "address");
  facts.industry = stored_text(object, "industry");
  if (const auto* tags = object.if_contains("tags"); tags && tags->is_array())
    for (const auto& tag : tags->as_array()) facts.tags.emplace_back(tag.as_string());
  facts.scale = stored_text(object, "scale");
  if (const auto* permits = object.if_contains("permits"); permits && permits->is_array())
    for (const auto& permit : permits->as_array()) {
      const auto& one = permit.as_object();
      facts.permits.push_back({stored_text(one, "kind"), stored_text(one, "number"), stored_date(one, "valid_from"),
                               stored_date(one, "valid_to")});
    }
  facts.legal_representative = stored_text(object, "legal_representative");
  facts.contact_name = stored_text(object, "contact_name");
  facts.contact_phone = stored_text(object, "contact_phone");
  facts.longitude = stored_decimal(object, "longitude");
  facts.latitude = stored_decimal(object, "latitude");
  facts.status = stored_text(object, "status");
  facts.status_since = stored_date(object, "status_since");
  facts.park = stored_text(object, "park");
  facts.note = stored_text(object, "note");
  return facts;
}

json::Object changes_between(const EnterpriseFacts& before, const EnterpriseFacts& after, bool created) {
  const auto old = facts_json(before);
  json::Object out;
  for (const auto& [name, value] : facts_json(after)) {
    const auto& was = old.at(name);
    const bool blank = value.is_null() || (value.is_string() && value.as_string().empty()) ||
                       (value.is_array() && value.as_array().empty());
    if (created ? !blank : was != value) out.emplace(name, json::Array{created ? json::Value(nullptr) : was, value});
  }
  return out;
}

EnterpriseFacts filled_from(const EnterpriseFacts& on_record, const EnterpriseFacts& queued) {
  auto out = on_record;
  const auto take = [](std::string& to, const std::string& from) {
    if (!from.empty()) to = from;
  };
  if (out.credit_code.empty()) out.credit_code = queued.credit_code;
  take(out.registered_region, queued.registered_region);
  take(out.address, queued.address);
  take(out.industry, queued.industry);
  take(out.scale, queued.scale);
  take(out.legal_representative, queued.legal_representative);
  take(out.contact_name, queued.contact_name);
  take(out.contact_phone, queued.contact_phone);
  take(out.note, queued.note);
  if (queued.longitude && queued.latitude) {
    out.longitude = queued.longitude;
    out.latitude = queued.latitude;
  }
  out.tags.insert(out.tags.end(), queued.tags.begin(), queued.tags.end());
  sort_unique(out.tags);
  for (const auto& permit : queued.permits)
    if (std::none_of(out.permits.begin(), out.permits.end(),
                     [&](const Permit& one) { return one.number == permit.number; }))
      out.permits.push_back(permit);
  return out;
}

std::vector<FieldError> normalise_and_check(const rules::Library& rules, Date on, EnterpriseFacts& facts) {
  std::vector<FieldError> wrong;
  for (auto* text : {&facts.name, &facts.legal_name, &facts.registered_region, &facts.region, &facts.address,
                     &facts.industry, &facts.scale, &facts.legal_representative, &facts.contact_name,
                     &facts.contact_phone, &facts.status, &facts.park, &facts.note})
    *text = trimmed(*text);

  if (facts.name.empty()) wrong.push_back({"name", "field.required", {}});
  check_length(wrong, "name", facts.name, 200);
  check_length(wrong, "legal_name", facts.legal_name, 200);
  check_length(wrong, "address", facts.address, 300);
  check_length(wrong, "legal_representative", facts.legal_representative, 60);
  check_length(wrong, "contact_name", facts.contact_name, 60);
  check_length(wrong, "contact_phone", facts.contact_phone, 40);
  check_length(wrong, "note", facts.note, 1000);

  if (auto complaint = normalise_credit_code(facts.credit_code)) wrong.push_back(std::move(*complaint));
  if (facts.region.empty())
    wrong.push_back({"region", "field.required", {}});
  else if (auto complaint = check_county(rules, on, "region", facts.region))
    wrong.push_back(std::move(*complaint));
  if (!facts.registered_region.empty() && !rules.find_region(facts.registered_region, on))
    wrong.push_back({"registered_region", "register.region_unknown", {{"region", facts.registered_region}}});

  if (!facts.industry.empty()) {
    const auto code = industry_code_of(rules, facts.industry);
    if (code.empty())
      wrong.push_back({"industry", "register.industry_unknown", {{"industry", facts.industry}}});
    else
      facts.industry = code;
  }

  sort_unique(facts.tags);
  const auto known = facts.tags.empty() ? std::vector<ProcessTag>{} : process_tags(rules);
  for (const auto& tag : facts.tags)
    if (std::none_of(known.begin(), known.end(), [&](const ProcessTag& one) { return one.id == tag; }))
      wrong.push_back({"tags", "register.tag_unknown", {{"tag", tag}}});

  static const std::set<std::string, std::less<>> scales = {"", "large", "medium", "small", "micro"};
  if (!scales.contains(facts.scale))
    wrong.push_back({"scale", "field.choice", {{"choices", "large, medium, small, micro"}}});
  static const std::set<std::string, std::less<>> statuses = {"operating", "stopped", "closed"};
  if (!statuses.contains(facts.status))
    wrong.push_back({"status", "field.choice", {{"choices", "operating, stopped, closed"}}});
  if (facts.status_since && on < *facts.status_since)
    wrong.push_back({"status_since", "register.date_future", {{"date", facts.status_since->str()}}});

  for (std::size_t i = 0; i < facts.permits.size(); ++i) {
    auto& permit = facts.permits[i];
    const auto at = "permits/" + std::to_string(i) + "/";
    permit.number = trimmed(permit.number);
    if (permit.number.empty())
      wrong.push_back({at + "number", "field.required", {}});
    else if (permit.kind == "permit") {
      const auto parsed = PermitNumber::parse(permit.number);
      if (!parsed)
        wrong.push_back({at + "number", parsed.error().code, parsed.error().params});
      else
        permit.number = std::string(parsed->str());
    }
    if (permit.valid_from && permit.valid_to && *permit.valid_to < *permit.valid_from)
      wrong.push_back({at + "valid_to",
                       "register.period_reversed",
                       {{"from", permit.valid_from->str()}, {"to", permit.valid_to->str()}}});
  }

  const auto check_degrees = [&](std::string_view field, const std::optional<Decimal>& value, int low, int high) {
    if (value && (*value < Decimal(low) || Decimal(high) < *value))
      wrong.push_back(
          {std::string(field), "register.degrees", {{"low", std::to_string(low)}, {"high", std::to_string(high)}}});
  };
  check_degrees("longitude", facts.longitude, 73, 136);
  check_degrees("latitude", facts.latitude, 3, 54);
  if (facts.longitude.has_value() != facts.latitude.has_value())
    wrong.push_back({facts.longitude ? "latitude" : "longitude", "register.degrees_both", {}});
  return wrong;
}

json::Object party_json(const PartyFacts& facts) {
  return {{"kind", identity::to_string(facts.kind)},
          {"name", facts.name},
          {"credit_code", facts.credit_code},
          {"region", facts.region},
          {"address", facts.address},
          {"employer", facts.employer},
          {"title", facts.title},
          {"fields", texts_json(facts.fields)},
          {"qualifications", texts_json(facts.qualifications)},
          {"contact_name", facts.contact_name},
          {"contact_phone", facts.contact_phone},
          {"active", facts.active},
          {"note", facts.note}};
}

PartyFacts party_of(json::ObjectReader& in) {
  PartyFacts facts;
  facts.kind = identity::party_of(
      in.choice("kind", {"consultancy", "expert", "park", "association", "institute", "evaluation_body"}));
  facts.name = in.text("name", 200);
  facts.credit_code = in.optional_text("credit_code", 40).value_or("");
  facts.region = in.text("region", 6);
  facts.address = in.optional_text("address", 300).value_or("");
  facts.employer = in.optional_text("employer", 200).value_or("");
  facts.title = in.optional_text("title", 60).value_or("");
  facts.fields = in.texts("fields", 30, 60);
  facts.qualifications = in.texts("qualifications", 30, 200);
  facts.contact_name = in.optional_text("contact_name", 60).value_or("");
  facts.contact_phone = in.optional_text("contact_phone", 40).value_or("");
  facts.active = in.flag("active", true);
  facts.note = in.optional_text("note", 1000).value_or("");
  return facts;
}

std::vector<FieldError> normalise_and_check(const rules::Library& rules, Date on, PartyFacts& facts) {
  std::vector<FieldError> wrong;
  for (auto* text : {&facts.name, &facts.region, &facts.address, &facts.employer, &facts.title, &facts.contact_name,
                     &facts.contact_phone, &facts.note})
    *text = trimmed(*text);
  if (facts.name.empty()) wrong.push_back({"name", "field.required", {}});
  if (auto complaint = normalise_credit_code(facts.credit_code)) wrong.push_back(std::move(*complaint));
  if (!rules.find_region(facts.region, on))
    wrong.push_back({"region", "register.region_unknown", {{"region", facts.region}}});
  sort_unique(facts.fields);
  sort_unique(facts.qualifications);
  if (facts.kind == identity::Party::expert) {
    if (facts.employer.empty()) wrong.push_back({"employer", "register.employer_missing", {}});
    if (!facts.credit_code.empty()) wrong.push_back({"credit_code", "register.expert_code", {}});
  }
  return wrong;
}

std::string match_name_of(std::string_view name) {
  std::string out;
  for (const char c : lower_ascii(normalise_for_match(name)))
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') out.push_back(c);
  return out;
}

double likeness(std::string_view a, std::string_view b) {
  const auto left = stem_of(match_name_of(a)), right = stem_of(match_name_of(b));
  if (left == right) return 1.0;
  const auto pairs_of = [](const std::string& text) {
    std::vector<std::string> pairs;
    const auto chars = characters(text);
    for (std::size_t i = 0; i + 1 < chars.size(); ++i)
      pairs.push_back(std::string(chars[i]) + std::string(chars[i + 1]));
    std::sort(pairs.begin(), pairs.end());
    return pairs;
  };
  const auto x = pairs_of(left), y = pairs_of(right);
  if (x.empty() || y.empty()) return 0.0;
  std::vector<std::string> both;
  std::set_intersection(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(both));
  return 2.0 * static_cast<double>(both.size()) / static_cast<double>(x.size() + y.size());
}

std::vector<ProcessTag> process_tags(const rules::Library& rules) {
  std::map<std::string, Text> tags;
  for (const auto& system : rules.systems())
    for (const auto& tag : system.tags) tags.emplace(tag, tag_title(tag));
  for (const auto& industry : rules.priority_industries())
    if (industry.by_process) tags[industry.id] = industry.title;
  std::vector<ProcessTag> out;
  for (auto& [id, title] : tags) out.push_back({id, std::move(title)});
  return out;
}

std::vector<std::string> priority_industries_of(const rules::Library& rules, std::string_view industry,
                                                const std::vector<std::string>& tags) {
  std::vector<std::string> out;
  for (const auto& one : rules.priority_industries()) {
    const bool in = one.by_process ? std::find(tags.begin(), tags.end(), one.id) != tags.end()
                                   : std::any_of(one.codes.begin(), one.codes.end(), [&](const std::string& code) {
                                       return !code.empty() && industry.starts_with(code);
                                     });
    if (in) out.push_back(one.id);
  }
  return out;
}

RegionRange region_range(std::string_view region) {
  if (region.empty() || region == "000000") return {"000000", "999999"};
  std::string stem(region.substr(0, 6));
  while (stem.size() > 2 && stem.size() % 2 == 0 && stem.ends_with("00")) stem.resize(stem.size() - 2);
  RegionRange range{stem, stem};
  range.low.resize(6, '0');
  range.high.resize(6, '9');
  return range;
}

std::string region_code_of(const rules::Library& rules, Date on, std::string_view written, std::string_view within) {
  const std::string text = match_name_of(written);
  if (text.empty()) return {};
  if (text.size() == 6 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return rules.find_region(text, on) ? text : std::string();

  const auto range = region_range(within);
  std::string inside, anywhere;
  int count_inside = 0, count_anywhere = 0;
  for (const auto& region : rules.regions()) {
    if (!region.valid.covers(on) || region.level != "county") continue;
    const auto name = match_name_of(region.name.zh);
    // "云溪区", "云溪市云溪区", "某省云溪市云溪区" all end in the county's own name; the rest must name its superiors.
    bool same = !name.empty() && (text == name || text == match_name_of(region.name.en));
    if (!same && text.size() > name.size() && text.ends_with(name)) {
      const auto rest = text.substr(0, text.size() - name.size());
      for (const auto* above = rules.find_region(region.parent, on); above && !same;
           above = rules.find_region(above->parent, on)) {
        same = rest.ends_with(match_name_of(above->name.zh));
        if (above->parent == above->code) break;
      }
    }
    if (!same) continue;
    ++count_anywhere;
    anywhere = region.code;
    if (range.low <= region.code && region.code <= range.high) {
      ++count_inside;
      inside = region.code;
    }
  }
  if (count_inside == 1) return inside;
  return count_inside == 0 && count_anywhere == 1 ? anywhere : std::string();
}

std::string industry_code_of(const rules::Library& rules, std::string_view written) {
  const std::string text = match_name_of(written);
  std::string digits;
  bool broken = false;  // two separate groups of digits name no one industry
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') continue;
    if (!digits.empty() && !(text[i - 1] >= '0' && text[i - 1] <= '9')) broken = true;
    digits.push_back(text[i]);
  }
  if (!digits.empty()) {
    // The packs hold every division but not every class: a class they do not name is taken when its division is known.
    const bool known = rules.find_industry(digits) ||
                       ((digits.size() == 3 || digits.size() == 4) && rules.find_industry(digits.substr(0, 2)));
    return !broken && known ? digits : std::string();
  }
  std::string found;
  for (const auto& industry : rules.industries())
    if (match_name_of(industry.name.zh) == text || match_name_of(industry.name.en) == text)
      if (industry.code.size() > found.size())
        found = industry.code;  // a class and its only subclass share a name: the narrower one
  return found;
}

std::optional<Text> industry_name(const rules::Library& rules, std::string_view code) {
  const auto* industry = code.empty() ? nullptr : rules.find_industry(code);
  if (!industry && code.size() > 2) industry = rules.find_industry(code.substr(0, 2));
  if (!industry) return std::nullopt;
  return industry->name;
}

Text region_name(const rules::Library& rules, std::string_view code, Date on) {
  const auto* region = rules.find_region(code, on);
  return region ? region->name : Text{std::string(code), std::string(code)};
}

}  // namespace qy::registry
