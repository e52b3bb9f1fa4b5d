// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/stream/patch_row.hpp"

#include <memory>

namespace sonogram {
namespace {

template <class T>
class PatchRow final : public Stage<T> {
 public:
  PatchRow(const Patches& p, bool by_row, std::int64_t columns, std::int64_t rows)
      : Stage<T>(rows, columns * p.height * p.width, 0),
        p_(p),
        by_row_(by_row),
        columns_(columns) {}
  std::int64_t step() const override { return by_row_ ? p_.stride_width : p_.stride_height; }
  std::int64_t length() const { return by_row_ ? p_.width : p_.height; }
  std::int64_t frames(std::int64_t in) const override {
    return in < length() ? 0 : (in - length()) / step() + 1;
  }
  FrameRange reads(std::int64_t t) const override { return {t * step(), t * step() + length()}; }
  void run(const Frames<T>& in, typename Stage<T>::Item, std::int64_t begin, std::int64_t end,
           double*, T* out) const override {
    for (std::int64_t t = begin; t < end; ++t) {
      for (std::int64_t c = 0; c < columns_; ++c) {
        for (std::int64_t y = 0; y < p_.height; ++y) {
          for (std::int64_t x = 0; x < p_.width; ++x) {
            *out++ =
                by_row_ ? in.at(t * step() + x)[y] : in.at(t * step() + y)[c * p_.stride_width + x];
          }
        }
      }
    }
  }

 private:
  Patches p_;
  bool by_row_;
  std::int64_t columns_;
};

}  // namespace

std::int64_t patches_at_once(const Spec& spec, const Patches& p, std::int64_t rows) {
  if (spec.layout == Layout::freq_time) return 1;
  return rows < p.width ? 0 : (rows - p.width) / p.stride_width + 1;
}

template <class T>
StagePointer<T> patch_stage(const Spec& spec, const Patches& p, std::int64_t rows) {
  item_shape(spec, rows, not_yet);  // throws where the rows are too few
  return std::make_unique<PatchRow<T>>(p, spec.layout == Layout::freq_time,
                                       patches_at_once(spec, p, rows), rows);
}

template StagePointer<float> patch_stage(const Spec&, const Patches&, std::int64_t);
template StagePointer<double> patch_stage(const Spec&, const Patches&, std::int64_t);

}  // namespace sonogram
