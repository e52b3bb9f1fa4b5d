// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Finish stages that look at one frame alone.
#include <cmath>

#include "core/base/errors.hpp"
#include "core/finish/stage.hpp"

namespace sonogram {
namespace {

constexpr long double pi = 3.141592653589793238462643383279502884L;

// (x - shift) * scale by row: affine, given statistics, lifters, a reference value.
template <class T>
class ShiftScale final : public Stage<T> {
 public:
  ShiftScale(std::int64_t rows, std::int64_t lead, std::vector<double> shift,
             std::vector<double> scale, const kernel::Operations<T>& ops)
      : Stage<T>(rows, rows, lead), ops_(ops) {
    for (const double s : shift) shift_.push_back(static_cast<T>(s));
    for (const double s : scale) scale_.push_back(static_cast<T>(s));
  }
  bool in_place() const override { return true; }
  void run(const Frames<T>& in, typename Stage<T>::Item, std::int64_t begin, std::int64_t end,
           double*, T* out) const override {
    const T* from = in.at(begin);
    const std::int64_t ld = this->rows_in_, lead = this->lead_;
    if (from != out && lead > 0) {
      for (std::int64_t t = 0; t < end - begin; ++t) this->copy_lead(from + t * ld, out + t * ld);
    }
    ops_.shift_scale(from + lead, end - begin, this->bands(), ld, shift_.data(), scale_.data(),
                     out + lead, ld);
  }

 private:
  const kernel::Operations<T>& ops_;
  std::vector<T> shift_, scale_;
};

// f(frame in, frame out) of the rows behind the lead.
template <class T, class F>
class EachFrame final : public Stage<T> {
 public:
  EachFrame(std::int64_t rows, std::int64_t rows_out, std::int64_t lead, F f)
      : Stage<T>(rows, rows_out, lead), f_(std::move(f)) {}
  bool in_place() const override { return this->rows_in_ == this->rows_out_; }
  void run(const Frames<T>& in, typename Stage<T>::Item, std::int64_t begin, std::int64_t end,
           double*, T* out) const override {
    for (std::int64_t t = begin; t < end; ++t, out += this->rows_out_) {
      const T* from = in.at(t);
      this->copy_lead(from, out);
      f_(from + this->lead_, out + this->lead_);
    }
  }

 private:
  F f_;
};

template <class T, class F>
StagePointer<T> each_frame(std::int64_t rows, std::int64_t rows_out, std::int64_t lead, F f) {
  return std::make_unique<EachFrame<T, F>>(rows, rows_out, lead, std::move(f));
}

// Rows by a matrix [rows in][rows out].
template <class T>
class Project final : public Stage<T> {
 public:
  Project(std::int64_t rows, std::int64_t lead, std::int64_t n, const std::vector<double>& matrix,
          const kernel::Operations<T>& ops)
      : Stage<T>(rows, lead + n, lead), ops_(ops), n_(n) {
    const std::int64_t padded = (n + 15) / 16 * 16;  // as kernel::Operations::project wants it
    matrix_.assign(static_cast<std::size_t>((rows - lead) * padded), T(0));
    for (std::size_t i = 0; i < matrix.size(); ++i) {
      const std::size_t row = i / static_cast<std::size_t>(n);
      matrix_[row * static_cast<std::size_t>(padded) + i % static_cast<std::size_t>(n)] =
          static_cast<T>(matrix[i]);
    }
  }
  void run(const Frames<T>& in, typename Stage<T>::Item, std::int64_t begin, std::int64_t end,
           double*, T* out) const override {
    const std::int64_t lead = this->lead_;
    for (std::int64_t t = begin; lead > 0 && t < end; ++t) {
      this->copy_lead(in.at(t), out + (t - begin) * this->rows_out_);
    }
    ops_.project(in.at(begin) + lead, end - begin, this->bands(), this->rows_in_, matrix_.data(),
                 n_, out + lead, this->rows_out_);
  }

 private:
  const kernel::Operations<T>& ops_;
  std::int64_t n_;
  std::vector<T> matrix_;
};

// Discrete cosine transforms I to IV of `n` points, output j of input i (scipy.fft.dct states
// them; Rao and Yip, 1990).
double cosine(std::int64_t type, std::int64_t n, std::int64_t i, std::int64_t j) {
  const long double x = static_cast<long double>(i), y = static_cast<long double>(j);
  switch (type) {
    case 1: {
      const double v = static_cast<double>(std::cos(pi * x * y / (n - 1)));
      return i == 0 || i == n - 1 ? v : 2 * v;
    }
    case 2: return static_cast<double>(2 * std::cos(pi * (2 * x + 1) * y / (2 * n)));
    case 3: {
      const double v = static_cast<double>(std::cos(pi * x * (2 * y + 1) / (2 * n)));
      return i == 0 ? v : 2 * v;
    }
    case 4: return static_cast<double>(2 * std::cos(pi * (2 * x + 1) * (2 * y + 1) / (4 * n)));
    default: throw_no_such_value();
  }
}

// The factor that makes the transform orthonormal.
double ortho(std::int64_t type, std::int64_t n, std::int64_t i, std::int64_t j) {
  const double half = std::sqrt(0.5);
  switch (type) {
    case 1: {
      double f = std::sqrt(1.0 / (2.0 * static_cast<double>(n - 1)));
      if (i == 0 || i == n - 1) f /= half;
      if (j == 0 || j == n - 1) f *= half;
      return f;
    }
    case 2: return std::sqrt(0.5 / static_cast<double>(n)) * (j == 0 ? half : 1.0);
    case 3: return std::sqrt(0.5 / static_cast<double>(n)) * (i == 0 ? 1.0 / half : 1.0);
    case 4: return std::sqrt(0.5 / static_cast<double>(n));
    default: throw_no_such_value();
  }
}

template <class T>
StagePointer<T> dct(const FinishStage& s, std::int64_t rows, std::int64_t lead,
                    const kernel::Operations<T>& ops) {
  const std::int64_t bands = rows - lead, n = s.integer(0), type = s.integer(1);
  if (n > bands)
    throw_invalid("finish: dct: n", format_number(n), "at most the rows, " + format_number(bands));
  if (type == 1 && bands < 2) throw_invalid("finish: dct: type", "1", "2, 3 or 4 for one row");
  std::vector<double> matrix;
  for (std::int64_t i = 0; i < bands; ++i) {
    for (std::int64_t j = 0; j < n; ++j) {
      const double v = cosine(type, bands, i, j);
      matrix.push_back(s.word(2) == "ortho" ? v * ortho(type, bands, i, j) : v);
    }
  }
  return std::make_unique<Project<T>>(rows, lead, n, matrix, ops);
}

// The lifter of HTK (HTK Book, 5.6).
std::vector<double> lifter(const FinishStage& s, std::int64_t bands) {
  std::vector<double> w;
  const double length = s.number(0);
  for (std::int64_t i = 0; i < bands; ++i) {
    w.push_back(
        1 + length / 2 *
                std::sin(static_cast<double>(pi) * static_cast<double>(i + s.integer(1)) / length));
  }
  return w;
}

std::vector<double> per_row(const FinishStage& s, std::size_t i, const char* name,
                            std::int64_t bands) {
  if (const double* x = std::get_if<double>(&s.values[i])) {
    return std::vector<double>(static_cast<std::size_t>(bands), *x);
  }
  const std::vector<double>& list = s.list(i);
  if (static_cast<std::int64_t>(list.size()) != bands) {
    throw_invalid(std::string("finish: statistics: ") + name,
                  "a list of " + format_number(static_cast<std::int64_t>(list.size())),
                  "a number, or one for each of the " + format_number(bands) + " rows");
  }
  return list;
}

// Moves the log energy, the first value of a frame, to its place among the following rows.
template <class T>
StagePointer<T> place_energy(const FinishStage& s, std::int64_t rows) {
  const std::string& place = s.word(0);
  if (place == "first") {
    return each_frame<T>(rows, rows, 0, [rows](const T* x, T* y) {
      if (x != y) std::copy_n(x, rows, y);
    });
  }
  if (place == "last") {
    return each_frame<T>(rows, rows, 0, [rows](const T* x, T* y) {
      const T energy = x[0];
      std::copy(x + 1, x + rows, y);
      y[rows - 1] = energy;
    });
  }
  return each_frame<T>(rows, rows - 1, 0, [rows](const T* x, T* y) {
    y[0] = x[0];
    std::copy(x + 2, x + rows, y + 1);
  });
}

template <class T>
StagePointer<T> rotate(const FinishStage& s, std::int64_t rows, std::int64_t lead) {
  const std::int64_t bands = rows - lead, k = s.integer(0) % std::max<std::int64_t>(bands, 1);
  return each_frame<T>(rows, rows, lead, [bands, k](const T* x, T* y) {
    if (x != y) std::copy_n(x, bands, y);
    std::rotate(y, y + k, y + bands);
  });
}

template <class T>
StagePointer<T> frame_norm(const FinishStage& s, std::int64_t rows, std::int64_t lead) {
  const std::int64_t bands = rows - lead;
  const char order = s.word(0)[s.word(0) == "max" ? 0 : 1];  // m, 1 or 2
  const double eps = s.number(1);
  return each_frame<T>(rows, rows, lead, [bands, order, eps](const T* x, T* y) {
    double norm = 0;
    for (std::int64_t r = 0; r < bands; ++r) {
      const double v = std::abs(static_cast<double>(x[r]));
      if (order == 'm') norm = v > norm || v != v ? v : norm;
      else norm += order == '1' ? v : v * v;
    }
    if (order == '2') norm = std::sqrt(norm);
    const T by = static_cast<T>(norm < eps ? eps : norm);
    for (std::int64_t r = 0; r < bands; ++r) y[r] = x[r] / by;
  });
}

template <class T>
StagePointer<T> argmax(std::int64_t rows, std::int64_t lead) {
  const std::int64_t bands = rows - lead;
  return each_frame<T>(rows, rows, lead, [bands](const T* x, T* y) {
    std::int64_t best = 0;
    bool has_nan = false;
    for (std::int64_t r = 0; r < bands; ++r) {
      has_nan = has_nan || x[r] != x[r];
      if (x[r] > x[best]) best = r;
    }
    std::fill_n(y, bands, has_nan ? static_cast<T>(std::nan("")) : T(0));
    if (!has_nan) y[best] = 1;
  });
}

// Each frame less its mean over the rows, over its deviation.
template <class T>
StagePointer<T> normalize_frame(const FinishStage& s, std::int64_t rows, std::int64_t lead) {
  const std::int64_t bands = rows - lead;
  const bool mean = s.flag(1), deviation = s.flag(2);
  const std::int64_t ddof = s.integer(3);
  const double eps = s.number(4);
  const std::int64_t least = deviation ? least_for_deviation(ddof, eps) : 1;
  if (bands < least) {
    throw_invalid("finish: normalize: axis", "'freq' over " + format_number(bands) + " rows",
                  "over at least " + format_number(least) + deviation_text(ddof, eps));
  }
  const std::string eps_in = s.word(5);
  return each_frame<T>(rows, rows, lead, [=](const T* x, T* y) {
    double sum = 0, squares = 0;
    for (std::int64_t r = 0; r < bands; ++r) sum += static_cast<double>(x[r]);
    const double m = sum / static_cast<double>(bands);
    for (std::int64_t r = 0; r < bands; ++r) squares += (x[r] - m) * (x[r] - m);
    const double by = deviation ? deviation_of(squares, bands, ddof, eps, eps_in) : 1.0;
    for (std::int64_t r = 0; r < bands; ++r) {
      y[r] = static_cast<T>((x[r] - (mean ? m : 0.0)) / by);
    }
  });
}

}  // namespace

double deviation_of(double squares, std::int64_t count, std::int64_t ddof, double eps,
                    const std::string& eps_in) {
  const double variance = squares / static_cast<double>(count - ddof);
  if (eps_in == "var") return std::sqrt(variance + eps);
  const double deviation = std::sqrt(variance);
  if (eps_in == "floor") return deviation < eps ? eps : deviation;
  return deviation + eps;
}

std::string deviation_text(std::int64_t ddof, double eps) {
  if (ddof > 0) return " with ddof=" + format_number(ddof);
  return eps > 0 ? "" : " without eps";
}

template <class T>
StagePointer<T> row_stage(const FinishStage& s, std::int64_t rows, std::int64_t lead,
                          const kernel::Operations<T>& ops) {
  const std::int64_t bands = rows - lead;
  const std::size_t n = static_cast<std::size_t>(bands);
  const auto shift_scale = [&](std::vector<double> shift, std::vector<double> scale) {
    return std::make_unique<ShiftScale<T>>(rows, lead, std::move(shift), std::move(scale), ops);
  };
  const std::vector<double> zeros(n, 0.0), ones(n, 1.0);
  switch (s.kind) {
    case FinishKind::affine: {
      const T a = static_cast<T>(s.number(0)), b = static_cast<T>(s.number(1));
      return each_frame<T>(rows, rows, lead, [bands, a, b](const T* x, T* y) {
        for (std::int64_t r = 0; r < bands; ++r) y[r] = x[r] * a + b;
      });
    }
    case FinishKind::clip: {
      const T low = static_cast<T>(s.number(0)), high = static_cast<T>(s.number(1));
      return each_frame<T>(rows, rows, lead, [bands, low, high](const T* x, T* y) {
        for (std::int64_t r = 0; r < bands; ++r) {
          y[r] = x[r] < low ? low : x[r] > high ? high : x[r];
        }
      });
    }
    case FinishKind::reference:
      if (!std::holds_alternative<double>(s.values[0])) return nullptr;
      return shift_scale(std::vector<double>(n, s.number(0)), ones);
    case FinishKind::statistics:
      return shift_scale(per_row(s, 0, "mean", bands), per_row(s, 1, "scale", bands));
    case FinishKind::lifter: return shift_scale(zeros, lifter(s, bands));
    case FinishKind::dct: return dct<T>(s, rows, lead, ops);
    case FinishKind::energy: return place_energy<T>(s, rows);
    case FinishKind::rotate: return rotate<T>(s, rows, lead);
    case FinishKind::frame_norm: return frame_norm<T>(s, rows, lead);
    case FinishKind::argmax: return argmax<T>(rows, lead);
    case FinishKind::normalize:
      return s.word(0) == "freq" ? normalize_frame<T>(s, rows, lead) : nullptr;
    default: return nullptr;
  }
}

template StagePointer<float> row_stage(const FinishStage&, std::int64_t, std::int64_t,
                                       const kernel::Operations<float>&);
template StagePointer<double> row_stage(const FinishStage&, std::int64_t, std::int64_t,
                                        const kernel::Operations<double>&);

}  // namespace sonogram
