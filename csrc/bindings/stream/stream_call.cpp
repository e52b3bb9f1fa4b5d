// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Streams: an ndarray in, an ndarray out, the lock released in between.
#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "bindings/bindings.hpp"
#include "bindings/extract/output_pool.hpp"
#include "bindings/stream/stream_handle.hpp"

namespace sonogram::python {
namespace {

SampleType type_named(const std::string& name) {
  if (name == "float64") return SampleType::float64;
  if (name == "int16") return SampleType::int16;
  if (name == "int32") return SampleType::int32;
  return SampleType::float32;
}

// None, "running", or a list of numbers.
Substitute substitute(const py::object& given) {
  if (given.is_none()) return {};
  if (py::isinstance<py::str>(given)) return {Substitute::Kind::running, {}};
  return {Substitute::Kind::values, given.cast<std::vector<double>>()};
}

using Numbers = std::shared_ptr<const SignalNumbers>;
struct NumbersHandle {
  Numbers numbers;
};

StreamOptions stream_options(const std::string& type, std::int64_t channels,
                             const py::object& maximum, const py::object& mean,
                             const py::object& deviation, std::int64_t window,
                             const py::object& numbers) {
  StreamOptions o;
  o.type = type_named(type);
  o.channels = channels;
  o.maximum = substitute(maximum);
  o.mean = substitute(mean);
  o.deviation = substitute(deviation);
  o.window = window;
  if (!numbers.is_none()) o.numbers = numbers.cast<NumbersHandle>().numbers;
  return o;
}

// The chunk as signals; its leading dimensions are the channels.
Signals signals_of(const py::array& x, std::vector<std::int64_t>& offsets) {
  Signals in;
  in.type = sample_type(x);
  in.data = x.data();
  in.samples = x.shape(x.ndim() - 1);
  in.stride = x.strides(x.ndim() - 1);
  for (py::ssize_t d = 0; d + 1 < x.ndim(); ++d) in.items *= x.shape(d);
  if (in.items > 1) {
    offsets = item_offsets(x, in.items);
    in.item_offsets = offsets.data();
  }
  return in;
}

py::array push(StreamHandle& handle, const py::array& chunk, bool last) {
  const StreamInUse in_use(handle);
  Stream& stream = in_use.stream();
  std::vector<std::int64_t> offsets;
  const Signals in = signals_of(chunk, offsets);
  std::int64_t frames = 0;
  if (!stream.ended()) {
    try {
      frames = stream.next_frames(in.samples, last);
    } catch (const std::invalid_argument&) {
      stream.push(in, {}, last);  // ends the stream, and throws the same
    }
  }
  std::vector<py::ssize_t> shape(chunk.shape(), chunk.shape() + chunk.ndim() - 1);
  for (const std::int64_t n : stream.shape(frames)) shape.push_back(n);
  py::array result = new_output(output_dtype(stream.is_complex(), stream.precision()), shape);
  const Features out{result.mutable_data(), stream.precision()};
  interruptible_call([&] { stream.push(in, out, last); });
  return result;
}

void survey_push(Survey& survey, const py::array& chunk) {
  std::vector<std::int64_t> offsets;
  const Signals in = signals_of(chunk, offsets);
  const py::gil_scoped_release unlocked;
  survey.push(in);
}

}  // namespace

void bind_streams(py::module_& m) {
  py::class_<NumbersHandle>(m, "SignalNumbers");

  py::class_<StreamHandle>(m, "Stream")
      .def(
          py::init([](const py::dict& fields, const std::string& type, std::int64_t channels,
                      const py::object& maximum, const py::object& mean,
                      const py::object& deviation, std::int64_t window, const py::object& numbers) {
            const Spec spec = spec_from_fields(fields);
            const StreamOptions options =
                stream_options(type, channels, maximum, mean, deviation, window, numbers);
            std::unique_ptr<StreamHandle> made;
            interruptible_call([&] { made = std::make_unique<StreamHandle>(spec, options); });
            return made;
          }),
          py::arg("fields"), py::arg("type"), py::arg("channels"), py::arg("maximum"),
          py::arg("mean"), py::arg("std"), py::arg("window"), py::arg("numbers"))
      .def("push", &push, py::arg("chunk"), py::arg("last"))
      .def("plain_push", &plain_push, py::arg("leading"))
      .def("reset", [](StreamHandle& h) { StreamInUse(h).stream().reset(); })
      .def("item_shape",
           [](const StreamHandle& h, std::int64_t samples) {
             return py::tuple(py::cast(h.stream.item_shape(samples)));
           })
      .def_property_readonly("latency",
                             [](const StreamHandle& h) {
                               const Latency l = h.stream.latency();
                               return py::make_tuple(l.first, l.per_frame);
                             })
      .def(
          "samples_for",
          [](StreamHandle& h, std::int64_t n) { return StreamInUse(h).stream().samples_for(n); },
          py::arg("frames"))
      .def_property_readonly("num_frames",
                             [](StreamHandle& h) { return StreamInUse(h).stream().num_frames(); })
      .def_property_readonly("ended",
                             [](StreamHandle& h) { return StreamInUse(h).stream().ended(); });

  py::class_<Survey>(m, "Survey")
      .def(py::init([](const py::dict& fields, const std::string& type, std::int64_t channels,
                       std::int64_t samples) {
             StreamOptions options;
             options.type = type_named(type);
             options.channels = channels;
             return std::make_unique<Survey>(spec_from_fields(fields), options, samples);
           }),
           py::arg("fields"), py::arg("type"), py::arg("channels"), py::arg("samples"))
      .def_property_readonly("passes", &Survey::passes)
      .def("push", &survey_push, py::arg("chunk"))
      .def("next_pass", &Survey::next_pass)
      .def("numbers", [](const Survey& s) { return NumbersHandle{s.numbers()}; });

  m.def("obstacles", [](const py::dict& fields) {
    py::list found;
    for (const Obstacle& o : obstacles(spec_from_fields(fields))) {
      found.append(py::make_tuple(o.stage, o.choices));
    }
    return found;
  });
}

}  // namespace sonogram::python
