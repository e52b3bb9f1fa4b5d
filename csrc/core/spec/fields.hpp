// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The fields of a Spec by name, in the order of the stages: Python's record, JSON and the C API
// read and write by this list.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "sonogram/spec.hpp"

namespace sonogram {

// The words of an enumeration; a null word is None.
template <class E>
using Words = std::vector<std::pair<const char*, E>>;

namespace words {

inline const Words<Quantize> quantize = {{nullptr, Quantize::none}, {"int16", Quantize::int16}};
inline const Words<LevelKind> level_kind = {{"rms", LevelKind::rms}, {"peak", LevelKind::peak}};
inline const Words<LevelWhen> level_when = {{"always", LevelWhen::always},
                                            {"quieter", LevelWhen::quieter}};
inline const Words<PreemphasisKind> preemphasis_kind = {{"keep", PreemphasisKind::keep},
                                                        {"replicate", PreemphasisKind::replicate}};
inline const Words<LengthMode> length_mode = {{"zeros", LengthMode::zeros},
                                              {"zeros_both", LengthMode::zeros_both},
                                              {"repeat", LengthMode::repeat},
                                              {"repeat_zeros", LengthMode::repeat_zeros}};
inline const Words<PadMode> pad_mode = {{"constant", PadMode::constant},
                                        {"reflect", PadMode::reflect},
                                        {"replicate", PadMode::replicate},
                                        {"circular", PadMode::circular},
                                        {"symmetric", PadMode::symmetric}};
inline const Words<Energy> energy = {
    {nullptr, Energy::none}, {"raw", Energy::raw}, {"windowed", Energy::windowed}};
inline const Words<WindowAlign> window_align = {{"center", WindowAlign::center},
                                                {"left", WindowAlign::left}};
inline const Words<Output> output = {{"spectrum", Output::spectrum},
                                     {"waveform", Output::waveform}};
// Besides true, which is "window", and false.
inline const Words<Normalized> normalized = {{"window", Normalized::window},
                                             {"frame_length", Normalized::frame_length}};
inline const Words<FilterbankKind> filterbank = {
    {nullptr, FilterbankKind::none},    {"mel", FilterbankKind::mel},
    {"linear", FilterbankKind::linear}, {"bark", FilterbankKind::bark},
    {"erb", FilterbankKind::erb},       {"log", FilterbankKind::log},
    {"chroma", FilterbankKind::chroma}};
inline const Words<MelScale> mel_scale = {
    {"htk", MelScale::htk}, {"slaney", MelScale::slaney}, {"kaldi", MelScale::kaldi}};
inline const Words<BarkScale> bark_scale = {{"traunmuller", BarkScale::traunmuller},
                                            {"schroeder", BarkScale::schroeder},
                                            {"wang", BarkScale::wang}};
inline const Words<Norm> norm = {{nullptr, Norm::none},
                                 {"slaney", Norm::slaney},
                                 {"l1", Norm::l1},
                                 {"l2", Norm::l2},
                                 {"max", Norm::max}};
inline const Words<Triangle> triangle = {
    {"hz", Triangle::hz}, {"mel", Triangle::mel}, {"isosceles", Triangle::isosceles}};
inline const Words<FilterShape> filter_shape = {{"triangle", FilterShape::triangle},
                                                {"rectangle", FilterShape::rectangle},
                                                {"gaussian", FilterShape::gaussian}};
inline const Words<LogKind> log = {{nullptr, LogKind::none},         {"ln", LogKind::ln},
                                   {"log10", LogKind::log10},        {"db", LogKind::db},
                                   {"log1p", LogKind::log1p},        {"power", LogKind::power},
                                   {"piecewise", LogKind::piecewise}};
inline const Words<ValidFrames> valid_frames = {{"all", ValidFrames::all},
                                                {"floor", ValidFrames::floor},
                                                {"ceil", ValidFrames::ceil},
                                                {"last", ValidFrames::last},
                                                {"all_but_last", ValidFrames::all_but_last}};
inline const Words<Layout> layout = {{"freq_time", Layout::freq_time},
                                     {"time_freq", Layout::time_freq}};
inline const Words<Precision> dtype = {
    {nullptr, Precision::follow},      {"float32", Precision::float32},
    {"float64", Precision::float64},   {"float16", Precision::float16},
    {"bfloat16", Precision::bfloat16}, {"uint8", Precision::uint8}};
inline const Words<Precision> compute_dtype = {{nullptr, Precision::follow},
                                               {"float64", Precision::float64}};

}  // namespace words

// f(name, value) or f(name, value, words) for every field; the filterbank as
// f(name, kind, matrix, words). S is Spec or const Spec.
template <class S, class F>
void visit_fields(S& s, F&& f) {
  f("sample_rate", s.sample_rate);
  f("scale", s.scale);
  f("clip", s.clip);
  f("quantize", s.quantize, words::quantize);
  f("remove_mean", s.remove_mean);
  f("level", s.level);
  f("level_kind", s.level_kind, words::level_kind);
  f("level_when", s.level_when, words::level_when);
  f("level_eps", s.level_eps);
  f("preemphasis", s.preemphasis);
  f("preemphasis_kind", s.preemphasis_kind, words::preemphasis_kind);
  f("length", s.length);
  f("min_length", s.min_length);
  f("max_length", s.max_length);
  f("length_step", s.length_step);
  f("length_mode", s.length_mode, words::length_mode);
  f("pad", s.pad);
  f("n_fft", s.n_fft);
  f("win_length", s.win_length);
  f("hop_length", s.hop_length);
  f("center", s.center);
  f("frame_pad", s.frame_pad);
  f("pad_mode", s.pad_mode, words::pad_mode);
  f("snip_edges", s.snip_edges);
  f("frame_span", s.frame_span);
  f("frame_offset", s.frame_offset);
  f("round_up", s.round_up);
  f("frame_multiple", s.frame_multiple);
  f("drop_last", s.drop_last);
  f("dither", s.dither);
  f("seed", s.seed);
  f("remove_dc", s.remove_dc);
  f("frame_preemphasis", s.frame_preemphasis);
  f("energy", s.energy, words::energy);
  f("energy_floor", s.energy_floor);
  f("window", s.window);
  f("periodic", s.periodic);
  f("window_align", s.window_align, words::window_align);
  f("output", s.output, words::output);
  f("power", s.power);
  f("power_eps", s.power_eps);
  f("power_floor", s.power_floor);
  f("normalized", s.normalized);
  f("filterbank", s.filterbank, s.matrix, words::filterbank);
  f("n_mels", s.n_mels);
  f("f_min", s.f_min);
  f("f_max", s.f_max);
  f("mel_scale", s.mel_scale, words::mel_scale);
  f("bark_scale", s.bark_scale, words::bark_scale);
  f("norm", s.norm, words::norm);
  f("filterbank_sample_rate", s.filterbank_sample_rate);
  f("triangle", s.triangle, words::triangle);
  f("filter_shape", s.filter_shape, words::filter_shape);
  f("vtln_warp", s.vtln_warp);
  f("vtln_low", s.vtln_low);
  f("vtln_high", s.vtln_high);
  f("bins_per_octave", s.bins_per_octave);
  f("tuning", s.tuning);
  f("chroma_octave", s.chroma_octave);
  f("chroma_width", s.chroma_width);
  f("log", s.log, words::log);
  f("floor", s.floor);
  f("eps", s.eps);
  f("gain", s.gain);
  f("exponent", s.exponent);
  f("valid_frames", s.valid_frames, words::valid_frames);
  f("valid_min", s.valid_min);
  f("finish", s.finish);
  f("layout", s.layout, words::layout);
  f("dtype", s.dtype, words::dtype);
  f("compute_dtype", s.compute_dtype, words::compute_dtype);
}

}  // namespace sonogram
