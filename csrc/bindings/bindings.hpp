// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#pragma once
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <string>
#include <vector>

#include "sonogram/extractor.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {
struct StageParameter;
}

namespace sonogram::python {

namespace py = pybind11;

// A Spec from the fields of the Python record. TypeError or ValueError names field, value and what
// is allowed.
Spec spec_from_fields(const py::dict& fields);

// RefusesUnknownArguments(function, refuse): `function` as a method. Where a call with keywords
// ends with a TypeError, refuse(function, first argument, names) is called, which raises a better
// one if a name is unknown.
void bind_unknown_arguments(py::module_& m);

// The repr of a value for a message, no longer than a line.
std::string shown(const py::handle& value);

// Every field of a Spec, in the values that the Python record holds.
py::dict fields_from_spec(const Spec& spec);
// The finish stages as the record holds them: one spelling for one meaning.
py::tuple canonical_finish(const Spec& spec);
// A value of a stage's parameter as the record holds it.
py::object stage_value(const StageParameter& p, const FinishStage::Value& value);
// Every field of a Spec: [(name, group, help, kind, optional, words, allowed, none)], as
// core/spec/fields.hpp has them.
py::list field_table();
// Every finish stage: [(name, [(parameter, type, required, default, words)])].
py::list stage_table();
// name -> (effect, moves_frames)
py::dict stage_traits();

MelScale mel_scale_from(const py::handle& value);
BarkScale bark_scale_from(const py::handle& value);

// Conversions between Hz and the scales, and the bands of a spec.
void bind_scales(py::module_& m);

// extractor(waveform, out, num_threads) for an ndarray [..., samples].
py::array call_extractor(const Extractor& extractor, const py::handle& waveform,
                         const py::object& out, const py::object& num_threads);

// Waveforms [samples], each of its own length, into `out` [items, ...]; what an item's own frames
// do not reach is left as it is.
void call_batch(const Extractor& extractor, const py::list& waveforms, const py::object& out,
                const py::object& num_threads);

// Lets a Python signal handler run; whether it has raised.
bool signal_came();
// Calls f() without the interpreter's lock, and ends it where a signal handler raises.
template <class F>
void interruptible_call(const F& f) {
  try {
    const py::gil_scoped_release unlocked;
    interruptible(signal_came, [&] { f(); });
  } catch (const Interrupted&) {
    throw py::error_already_set();
  }
}

// The handling of arrays in extractor_call.cpp.
SampleType sample_type(const py::array& a);
py::dtype output_dtype(bool is_complex, Precision precision);
// ValueError where a waveform of this shape surely has its samples along another axis than the
// last, which is then shorter than the window and too short for a signal, or makes features of so
// many bytes of next to nothing.
void check_orientation(const std::vector<py::ssize_t>& shape, py::ssize_t window,
                       py::ssize_t bytes);
std::vector<std::int64_t> item_offsets(const py::array& a, std::int64_t items);

void bind_streams(py::module_& m);
// push(chunk, last) of the Stream `owner` for chunks of `leading` dimensions before the samples:
// the features, or None where the chunk is not plain. None where no push of this stream is.
py::object plain_push(const py::object& owner, int leading);

// The finish stages among `fields` over features [..., rows, frames] or [..., frames, rows].
py::array call_finish(const py::array& features, const py::dict& fields,
                      const py::object& num_threads);

// Sums over the frames of features [bands, time] or [time, bands], less `shift`, and of their
// squares: float64 [2, bands].
py::array sum_moments(const py::array& features, bool bands_last, const py::object& shift);

// preset_names(), preset(name), preset_name(name), is_bank_of_preset(fields), preset_signals()
void register_presets(py::module_& m);

// The middles, in samples of an item of so many (-1: of any), of the first frames.
py::array frame_middles(const Extractor& extractor, std::int64_t frames, std::int64_t samples);
py::array window_array(const Extractor& extractor);
// float64 [n_rows, n_freqs], or None where the spec has no filterbank
py::object filterbank_array(const Spec& spec, const std::vector<double>& bank);

}  // namespace sonogram::python
