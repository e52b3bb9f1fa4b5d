// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/finish/apply_finish.hpp"

#include <algorithm>

#include "core/base/dispatch.hpp"
#include "core/base/products.hpp"
#include "core/base/threads.hpp"
#include "core/base/workspace.hpp"
#include "core/finish/chain.hpp"
#include "core/finish/output_layout.hpp"

namespace sonogram {
namespace {

// Rows and frames at a time, so that a long item can be interrupted.
constexpr std::int64_t transposed = 16, written = 512;

template <class T>
void apply(const Spec& spec, const GivenFeatures& in, void* out, const RunOptions& options) {
  const kernel::Operations<T>& ops = operations<T>();
  const StageChain<T> chain(spec.finish, in.rows, false, ops);
  chain.check(in.frames, in.frames, std::nullopt);
  const std::int64_t after = chain.frames(in.frames), values = in.rows * in.frames;
  const std::int64_t most = std::max(
      {chain.max_values(in.frames), values, checked_product("features", {after, chain.rows()})});
  std::int64_t result_values = 1;
  for (const std::int64_t n : item_shape(spec, chain.rows(), after)) {
    result_values = checked_product("features", {result_values, n});
  }
  const std::size_t bytes = sizeof(T) * static_cast<std::size_t>(most);
  if (options.interrupted) start_asking();
  parallel_for(
      in.items, resolve_threads(options.num_threads), options.interrupted, [&](std::int64_t i) {
        ItemMemory own;
        T* memory[2] = {static_cast<T*>(own.piece(0, bytes)), static_cast<T*>(own.piece(1, bytes))};
        T* result = static_cast<T*>(own.piece(2, bytes));
        T* raw = chain.last_moving() >= 0 ? memory[0] : result;
        const T* from = static_cast<const T*>(in.data) + i * values;
        if (spec.layout == Layout::freq_time) {
          for (std::int64_t r = 0; r < in.rows; r += transposed, go_on()) {
            ops.transpose(from + r * in.frames, std::min(transposed, in.rows - r), in.frames,
                          raw + r, in.rows);
          }
        } else {
          std::copy_n(from, values, raw);
        }
        chain.run(raw, in.frames, in.frames, memory, result, own.state(),
                  [](std::int64_t n, const std::function<void(std::int64_t)>& task) {
                    for (std::int64_t k = 0; k < n; ++k) task(k), go_on();
                  });
        T* to = static_cast<T*>(out) + i * result_values;
        if (patches_of(spec)) {
          write_patches(spec, result, after, chain.rows(), in.precision, to);
        } else {
          for (std::int64_t t = 0; t < after; t += written, go_on()) {
            write_frames(spec, result, t, std::min(t + written, after), chain.rows(), in.precision,
                         after, to, ops);
          }
        }
      });
}

}  // namespace

std::vector<std::int64_t> finished_shape(const Spec& spec, const GivenFeatures& in) {
  const StageChain<float> chain(spec.finish, in.rows, false, operations<float>());
  return item_shape(spec, chain.rows(), chain.frames(in.frames));
}

void apply_finish(const Spec& spec, const GivenFeatures& in, void* out, const RunOptions& options) {
  if (in.precision == Precision::float64) {
    apply<double>(spec, in, out, options);
  } else {
    apply<float>(spec, in, out, options);
  }
}

}  // namespace sonogram
