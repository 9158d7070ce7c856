#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace qy {

/// Memory for long runs of numbers: from some megabytes on it asks the system for large pages, because a fault for
/// every 4 KB costs more than many a computation on them. What `resize` adds to a vector is left unset.
template <class T>
class LargePages {
 public:
  using value_type = T;
  LargePages() = default;
  template <class U>
  LargePages(const LargePages<U>&) {}  // NOLINT: allocators convert

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kWorthwhile) return std::allocator<T>().allocate(count);
    const std::size_t whole = (bytes + kPage - 1) / kPage * kPage;
    void* memory = std::aligned_alloc(kPage, whole);
    if (!memory) throw std::bad_alloc();
#ifdef __linux__
    madvise(memory, whole, MADV_HUGEPAGE);  // advice only: without it pages are small
#endif
    return static_cast<T*>(memory);
  }

  void deallocate(T* memory, std::size_t count) {
    if (count * sizeof(T) < kWorthwhile)
      std::allocator<T>().deallocate(memory, count);
    else
      std::free(memory);
  }

  template <class U, class... Arguments>
  void construct(U* at, Arguments&&... arguments) {
    if constexpr (sizeof...(Arguments) == 0)
      ::new (static_cast<void*>(at)) U;
    else
      ::new (static_cast<void*>(at)) U(std::forward<Arguments>(arguments)...);
  }

  bool operator==(const LargePages&) const { return true; }

 private:
  static constexpr std::size_t kPage = std::size_t{2} << 20, kWorthwhile = 2 * kPage;
};

template <class T>
using LargeVector = std::vector<T, LargePages<T>>;

}  // namespace qy
