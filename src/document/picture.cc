#include <librsvg/rsvg.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>

#include "document/figures.h"

#ifdef __SANITIZE_ADDRESS__
/// Fontconfig, Pango and GLib keep their caches until the process ends; libxlsxwriter 1.1 forgets the formula of a
/// drop-down.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libfontconfig\nleak:libpango\nleak:libglib\nleak:librsvg\nleak:libxlsxwriter\n";
}
#endif

namespace qy::document {
namespace {

constexpr double kMostPixels = 40e6;

struct Unref {
  void operator()(RsvgHandle* handle) const { g_object_unref(handle); }
};
struct DestroySurface {
  void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
};
struct DestroyContext {
  void operator()(cairo_t* c) const { cairo_destroy(c); }
};

Error bad_picture() { return Error{ErrorKind::invalid, "paper.picture", {{"caption", ""}}}; }

/// Loaded from memory without a base address: nothing outside it is ever read.
std::unique_ptr<RsvgHandle, Unref> loaded(std::string_view svg) {
  GError* error = nullptr;
  std::unique_ptr<RsvgHandle, Unref> handle(
      rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(svg.data()), svg.size(), &error));
  if (error) g_error_free(error);
  if (handle) rsvg_handle_set_dpi(handle.get(), 96);
  return handle;
}

bool size_of(RsvgHandle* handle, double& width, double& height) {
  if (rsvg_handle_get_intrinsic_size_in_pixels(handle, &width, &height) && width > 0 && height > 0) return true;
  gboolean has_width, has_height, has_box;
  RsvgLength w, h;
  RsvgRectangle box;
  rsvg_handle_get_intrinsic_dimensions(handle, &has_width, &w, &has_height, &h, &has_box, &box);
  if (!has_box || !(box.width > 0) || !(box.height > 0)) return false;
  width = box.width;
  height = box.height;
  return true;
}

}  // namespace

Result<std::string> svg_to_png(std::string_view svg, double scale) {
  const auto handle = loaded(svg);
  double width = 0, height = 0;
  if (!handle || !size_of(handle.get(), width, height) || !(scale > 0) || width * height * scale * scale > kMostPixels)
    return bad_picture();
  const auto w = static_cast<int>(std::ceil(width * scale)), h = static_cast<int>(std::ceil(height * scale));
  const std::unique_ptr<cairo_surface_t, DestroySurface> surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, w, h));
  const std::unique_ptr<cairo_t, DestroyContext> context(cairo_create(surface.get()));
  const RsvgRectangle page{0, 0, static_cast<double>(w), static_cast<double>(h)};
  GError* error = nullptr;
  if (!rsvg_handle_render_document(handle.get(), context.get(), &page, &error)) {
    if (error) g_error_free(error);
    return bad_picture();
  }
  std::string png;
  const auto append = [](void* to, const unsigned char* data, unsigned int size) {
    static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), size);
    return CAIRO_STATUS_SUCCESS;
  };
  if (cairo_surface_write_to_png_stream(surface.get(), append, &png) != CAIRO_STATUS_SUCCESS) return bad_picture();
  return png;
}

Result<std::pair<double, double>> picture_size(std::string_view picture) {
  if (picture.size() > 24 && picture.substr(0, 8) == std::string_view("\x89PNG\r\n\x1a\n", 8)) {
    const auto number = [&](std::size_t at) {
      std::uint32_t value = 0;
      for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(picture[at + i]);
      return static_cast<double>(value);
    };
    const auto width = number(16), height = number(20);
    if (!(width > 0) || !(height > 0)) return bad_picture();
    return std::pair(width, height);
  }
  const auto handle = loaded(picture);
  double width = 0, height = 0;
  if (!handle || !size_of(handle.get(), width, height)) return bad_picture();
  return std::pair(width, height);
}

}  // namespace qy::document
