// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include <cmath>
#include <random>

#include "check.hpp"
#include "core/base/json.hpp"
#include "sonogram/json.hpp"

using sonogram::FinishKind;
using sonogram::make_stage;
using sonogram::Spec;
using sonogram::spec_from_json;
using sonogram::spec_to_json;

namespace {

Spec whisper() {
  Spec s;
  s.hop_length = 160;
  s.filterbank = sonogram::FilterbankKind::mel;
  s.n_mels = 80;
  s.mel_scale = sonogram::MelScale::slaney;
  s.norm = sonogram::Norm::slaney;
  s.log = sonogram::LogKind::log10;
  s.drop_last = true;
  s.finish = {make_stage(FinishKind::dynamic_range, {{"range", 8.0}}),
              make_stage(FinishKind::affine, {{"scale", 0.25}, {"offset", 1.0}})};
  return s;
}

// Something in every field that JSON writes in a way of its own.
Spec unusual() {
  Spec s;
  s.sample_rate = 22050.5;
  s.clip = 0.1;
  s.quantize = sonogram::Quantize::int16;
  s.n_fft = 8;
  s.win_length = 4;
  s.frame_pad = std::pair<std::int64_t, std::int64_t>{3, 2};
  s.pad_mode = {sonogram::PadMode::constant, sonogram::PadMode::symmetric};
  s.seed = 1234567890123456789;
  s.window.name.clear();
  s.window.samples = {0.1, 1e-300, -2.5e17, 4.9406564584124654e-324};
  s.normalized = sonogram::Normalized::frame_length;
  s.filterbank = sonogram::FilterbankKind::matrix;
  s.matrix = {{1, 2, 3, 4, 5}, {0.1, 0.2, 0.3, 0.4, 1.0 / 3}};
  s.finish = {
      make_stage(FinishKind::normalize, {{"axis", "all"}, {"ddof", 1.0}, {"std", 0.0}}),
      make_stage(FinishKind::statistics, {{"mean", std::vector<double>{1, 2}}, {"scale", 0.5}})};
  return s;
}

Spec kaiser() {
  Spec s;
  s.power.reset();
  s.window.name = "kaiser";
  s.window.parameters = {12.5};
  s.normalized = sonogram::Normalized::window;
  return s;
}

Spec chroma() {
  Spec s;
  s.filterbank = sonogram::FilterbankKind::chroma;
  s.n_mels = 12;
  s.chroma_width.reset();
  return s;
}

struct Wrong {
  const char* text;
  const char* words;
};

const Wrong wrongs[] = {
    {"", "line 1, column 1"},
    {"[]", "object"},
    {"{", "string"},
    {"{\"n_fft\": 400,}", "line 1, column 15"},
    {"{\"n_fft\": 400} x", "line 1, column 16"},
    {"{\"n_fft\": 400, \"n_fft\": 400}", "a second time"},
    {"{\n  \"n_fft\":\n 400.0}", "line 3, column 2: n_fft is 400.0"},
    {"{\"n_fft\": \"400\"}", "n_fft"},
    {"{\"n_fft\": null}", "n_fft"},
    {"{\"n_fft\": 0}", "n_fft"},
    {"{\"n_fft\": 99999999999999999999}", "63 bits"},
    {"{\"center\": 1}", "center"},
    {"{\"pad\": [1]}", "pad"},
    {"{\"scale\": true}", "scale"},
    {"{\"scale\": 1e400}", "range"},
    {"{\"scale\": NaN}", "value"},
    {"{\"scale\": 01}", "comma"},
    {"{\"scale\": .5}", "value"},
    {"{\"scale\": 5.}", "digit"},
    {"{\"scale\": 5e}", "digit"},
    {"{\"log\": \"LN\"}", "log is \"LN\"; it must be one of 'ln'"},
    {"{\"window\": \"hanning\"}", "window"},
    {"{\"window\": []}", "window"},
    {"{\"window\": [1, \"x\"]}", "window"},
    {"{\"filterbank\": [1]}", "filterbank"},
    {"{\"normalized\": 1}", "normalized"},
    {"{\"schema\": 2}", "schema"},
    {"{\"schema\": true}", "schema"},
    {"{\"n_ftt\": 1}", "'n_ftt' is no field"},
    {"{\"finish\": [[\"blur\"]]}", "blur"},
    {"{\"finish\": [[\"affine\", 1]]}", "'offset'"},
    {"{\"finish\": [[\"affine\", 1, 2, 3]]}", "in this order"},
    {"{\"finish\": [[\"affine\", [\"scale\", 1], 2]]}", "in this order"},
    {"{\"finish\": [[\"affine\", {\"size\": 1}]]}", "'size'"},
    {"{\"finish\": [[\"deltas\", [\"order\", 1.5]]]}", "finish: deltas: order"},
    {"{\"finish\": [[\"deltas\", [\"mode\", \"x\"]]]}", "finish: deltas: mode"},
    {"{\"log\": \"l\xff\"}", "UTF-8"},
    {"{\"log\": \"\xed\xa0\x80\"}", "UTF-8"},
    {"{\"log\": \"\\ud800\"}", "surrogate"},
    {"{\"log\": \"\\x\"}", "escape"},
    {"{\"log\": \"a\nb\"}", "control"},
    {"{\"log\": \"ln", "without an end"},
};

// A text that is near a Spec's.
std::string mutated(std::string text, const std::string& other, std::mt19937& random) {
  static const std::vector<std::string> pieces = {"null",
                                                  "true",
                                                  "-1",
                                                  "0",
                                                  "1e308",
                                                  "1e-400",
                                                  "99999999999999999999",
                                                  "[",
                                                  "]",
                                                  "{",
                                                  "}",
                                                  ",",
                                                  ":",
                                                  "\"",
                                                  "\\u0041",
                                                  "\\ud83d\\ude00",
                                                  "\xf0\x9f\x98\x80",
                                                  "\xc0",
                                                  std::string(1, '\0'),
                                                  "[[[[[[[[[[[[[[[[",
                                                  "\"n_fft\": 16777216",
                                                  "0.0",
                                                  "1048576",
                                                  "\"affine\"",
                                                  "[\"order\", 8]"};
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
  for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
    const std::size_t at = below(text.size() + 1), length = below(12);
    switch (below(8)) {
      case 0: text.erase(at, length); break;
      case 1: text.insert(at, pieces[below(pieces.size())]); break;
      case 2: text.replace(at, length, pieces[below(pieces.size())]); break;
      case 3: text.insert(at, other.substr(below(other.size()), below(60))); break;
      case 4:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      default: {  // another number
        const std::size_t digit = text.find_first_of("0123456789", at);
        if (digit != std::string::npos) text[digit] = static_cast<char>('0' + below(10));
      }
    }
  }
  return text;
}

}  // namespace

TEST(specs_go_through_json_unchanged) {
  for (const Spec& s : {Spec{}, whisper(), unusual(), kaiser(), chroma()}) {
    const std::string text = spec_to_json(s);
    CHECK_EQUAL(spec_to_json(spec_from_json(text)), text);
  }
  const Spec back = spec_from_json(spec_to_json(unusual()));
  CHECK(back.window.samples == unusual().window.samples);
  CHECK(back.matrix == unusual().matrix);
  CHECK_EQUAL(back.seed, unusual().seed);
  CHECK(back.finish[0].values == unusual().finish[0].values);
  CHECK(back.finish[1].values == unusual().finish[1].values);
}

TEST(absent_fields_take_their_defaults) {
  CHECK_EQUAL(spec_to_json(spec_from_json("{}")), spec_to_json(Spec{}));
  CHECK_EQUAL(spec_to_json(spec_from_json(" { \"schema\" : 1 } ")), spec_to_json(Spec{}));
}

TEST(a_stage_may_be_given_by_position_by_pairs_or_by_names) {
  const std::string want =
      spec_to_json(spec_from_json("{\"finish\": [[\"pcen\", 0.5, 1.0, [\"eps\", 0.25]]]}"));
  CHECK_EQUAL(spec_to_json(spec_from_json(
                  "{\"finish\": [[\"pcen\", {\"eps\": 0.25, \"bias\": 1, \"gain\": 0.5}]]}")),
              want);
  CHECK_EQUAL(spec_to_json(spec_from_json(
                  "{\"finish\": [[\"pcen\", [\"eps\", 25e-2], [\"gain\", 0.5], [\"bias\", 1]]]}")),
              want);
}

TEST(escapes_are_read) {
  CHECK_EQUAL(spec_to_json(spec_from_json("{\"l\\u006Fg\": \"\\u006cn\"}")),
              spec_to_json(spec_from_json("{\"log\": \"ln\"}")));
  const auto value = sonogram::json::parse("\"\\ud83d\\ude00\\u20ac\\u00e9\\n\"");
  CHECK_EQUAL(*value.as<std::string>(), "\xf0\x9f\x98\x80\xe2\x82\xac\xc3\xa9\n");
}

TEST(numbers_are_written_as_python_writes_them) {
  const std::pair<double, const char*> cases[] = {
      {0.0, "0.0"},
      {-0.0, "-0.0"},
      {1.0, "1.0"},
      {16000, "16000.0"},
      {0.1, "0.1"},
      {1e-4, "0.0001"},
      {1e-5, "1e-05"},
      {1.5e-10, "1.5e-10"},
      {1e15, "1000000000000000.0"},
      {1e16, "1e+16"},
      {1.0 / 3, "0.3333333333333333"},
      {1e300, "1e+300"},
      {-2.5, "-2.5"},
      {1.1920928955078125e-07, "1.1920928955078125e-07"}};
  for (const auto& [value, text] : cases) CHECK_EQUAL(sonogram::json::written(value), text);
  std::mt19937_64 random(11);
  for (int i = 0; i < 2000; ++i) {
    const double v =
        std::ldexp(static_cast<double>(random()), static_cast<int>(random() % 400) - 260);
    CHECK_EQUAL(*sonogram::json::parse(sonogram::json::written(v)).as<double>(), v);
  }
}

TEST(wrong_json_is_refused_by_place_and_field) {
  for (const Wrong& wrong : wrongs) {
    const check::Scope scope("text ", wrong.text);
    CHECK_REFUSES(spec_from_json(wrong.text), wrong.words);
  }
  CHECK_REFUSES(spec_from_json(std::string(100000, '[')), "deep");
}

TEST(json_near_a_spec_is_a_spec_or_refused) {
  const std::vector<std::string> seeds = {spec_to_json(Spec{}), spec_to_json(whisper()),
                                          spec_to_json(unusual()), spec_to_json(kaiser()),
                                          spec_to_json(chroma())};
  std::mt19937 random(20260101);
  int read = 0, refused = 0;
  for (int i = 0; i < 6000; ++i) {
    const std::string text =
        mutated(seeds[random() % seeds.size()], seeds[random() % seeds.size()], random);
    std::string again;
    try {
      again = spec_to_json(spec_from_json(text));
      ++read;
    } catch (const std::invalid_argument& error) {
      if (*error.what() == '\0') check::fail(__FILE__, __LINE__, "no words for " + text);
      ++refused;
      continue;
    }
    const check::Scope scope("text ", text);
    CHECK_EQUAL(spec_to_json(spec_from_json(again)), again);
  }
  CHECK_AT_MOST(100, read);
  CHECK_AT_MOST(1000, refused);
}
