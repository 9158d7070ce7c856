#include "http/http.h"

namespace qy::http {

std::span<const Sentence> http_messages() {
  static constexpr Sentence kSentences[] = {
      {"route.none", "没有这个地址：{path}。", "There is nothing at {path}."},
      {"route.method", "此地址不支持 {method}，可用：{allowed}。",
       "This address does not answer {method}; it answers {allowed}."},
      {"target.malformed", "地址写法有误：百分号编码须为合法 UTF-8，且不得含“.”、“..”或编码的斜杠。",
       "The address is malformed: percent-encoding must give valid UTF-8, without “.” or “..” segments or encoded "
       "slashes."},
      {"target.too_long", "地址过长，最多 {limit} 字节。", "The address is too long; at most {limit} bytes."},
      {"query.too_many", "查询参数过多，最多 {limit} 个。", "Too many query fields; at most {limit}."},
      {"query.integer", "查询参数 {name} 应为 {min} 至 {max} 之间的整数。",
       "The query field {name} must be a whole number from {min} to {max}."},
      {"query.sort", "不能按“{given}”排序，可用：{allowed}。", "Cannot sort by “{given}”; possible: {allowed}."},
      {"request.malformed", "请求不符合 HTTP/1.1：{reason}。", "The request is not valid HTTP/1.1: {reason}."},
      {"headers.too_large", "请求头过大，最多 {limit} 字节。", "The request head is too large; at most {limit} bytes."},
      {"body.too_large", "内容过大，此处最多 {limit} 字节。", "The content is too large; at most {limit} bytes here."},
      {"body.content_type", "内容类型不符，此处应为 {expected}。",
       "Unexpected content type; {expected} is needed here."},
      {"body.multipart", "上传内容的分段格式有误，请用表单重新上传。",
       "The parts of the upload are malformed; please upload again from the form."},
      {"body.too_many_parts", "一次上传的分段过多，最多 {limit} 个。",
       "Too many parts in one upload; at most {limit}."},
      {"if_match.missing", "保存时须带 If-Match（读取时得到的 ETag），以免覆盖他人的修改。",
       "Saving needs If-Match with the ETag that was read, so that nobody's change is overwritten."},
      {"if_match.format", "If-Match“{given}”不是本系统的 ETag，应形如 \"7\"。",
       "If-Match {given} is not an ETag of this system; it looks like \"7\"."},
      {"csrf.origin", "请求不是从本站页面发出的，已拒绝。请在本站页面内操作；程序调用请带与本站一致的 Origin 头。",
       "The request did not come from a page of this site and was refused. Work from this site's pages; programs send "
       "an Origin header equal to this site."},
      {"rate.limit", "请求过于频繁，请 {retry_after} 秒后再试。",
       "Too many requests; try again in {retry_after} seconds."},
      {"server.busy", "服务器繁忙，请 {retry_after} 秒后再试。",
       "The server is busy; try again in {retry_after} seconds."},
      {"server.stopping", "服务器正在停止，请稍后再试。", "The server is stopping; try again shortly."},
      {"server.failure", "服务器内部出错，请把请求编号 {request} 告诉管理员。",
       "Something failed inside the server; please give request number {request} to the administrator."},
      {"http.bind", "无法在 {address}:{port} 上监听：{reason}。请换一个端口或停掉占用它的程序。",
       "Cannot listen on {address}:{port}: {reason}. Choose another port or stop the program that uses it."},
      {"http.tls", "TLS 证书或私钥无法使用：{reason}。", "The TLS certificate or key cannot be used: {reason}."},
  };
  return kSentences;
}

}  // namespace qy::http
