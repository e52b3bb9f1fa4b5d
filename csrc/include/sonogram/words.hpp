// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The enumerations of a Spec and their words in JSON and Python.
#pragma once
#include <initializer_list>
#include <utility>

namespace sonogram {

enum class Quantize { none, int16 };
enum class LevelKind { rms, peak };
enum class LevelWhen { always, quieter };
enum class PreemphasisKind { keep, replicate };
enum class LengthMode { zeros, zeros_both, repeat, repeat_zeros };
enum class PadMode { constant, reflect, replicate, circular, symmetric };
enum class Energy { none, raw, windowed };
enum class WindowAlign { center, left };
enum class Output { spectrum, waveform };
enum class Normalized { none, window, frame_length };
enum class FilterbankKind { none, mel, linear, bark, erb, log, chroma, matrix };
enum class MelScale { htk, slaney, kaldi };
enum class BarkScale { traunmuller, schroeder, wang };
enum class Norm { none, slaney, l1, l2, max };
enum class Triangle { hz, mel, isosceles };
enum class FilterShape { triangle, rectangle, gaussian };
enum class LogKind { none, ln, log10, db, log1p, power, piecewise };
enum class ValidFrames { all, floor, ceil, last, all_but_last };
enum class Layout { freq_time, time_freq };
enum class Precision { follow, float32, float64, float16, bfloat16, uint8 };

// The words of an enumeration; a null word is None.
template <class E>
using Words = std::initializer_list<std::pair<const char*, E>>;

namespace words {

inline constexpr Words<Quantize> quantize = {{nullptr, Quantize::none}, {"int16", Quantize::int16}};
inline constexpr Words<LevelKind> level_kind = {{"rms", LevelKind::rms}, {"peak", LevelKind::peak}};
inline constexpr Words<LevelWhen> level_when = {{"always", LevelWhen::always},
                                                {"quieter", LevelWhen::quieter}};
inline constexpr Words<PreemphasisKind> preemphasis_kind = {
    {"keep", PreemphasisKind::keep}, {"replicate", PreemphasisKind::replicate}};
inline constexpr Words<LengthMode> length_mode = {{"zeros", LengthMode::zeros},
                                                  {"zeros_both", LengthMode::zeros_both},
                                                  {"repeat", LengthMode::repeat},
                                                  {"repeat_zeros", LengthMode::repeat_zeros}};
inline constexpr Words<PadMode> pad_mode = {{"constant", PadMode::constant},
                                            {"reflect", PadMode::reflect},
                                            {"replicate", PadMode::replicate},
                                            {"circular", PadMode::circular},
                                            {"symmetric", PadMode::symmetric}};
inline constexpr Words<Energy> energy = {
    {nullptr, Energy::none}, {"raw", Energy::raw}, {"windowed", Energy::windowed}};
inline constexpr Words<WindowAlign> window_align = {{"center", WindowAlign::center},
                                                    {"left", WindowAlign::left}};
inline constexpr Words<Output> output = {{"spectrum", Output::spectrum},
                                         {"waveform", Output::waveform}};
// Besides true, which is "window", and false.
inline constexpr Words<Normalized> normalized = {{"window", Normalized::window},
                                                 {"frame_length", Normalized::frame_length}};
inline constexpr Words<FilterbankKind> filterbank = {
    {nullptr, FilterbankKind::none},    {"mel", FilterbankKind::mel},
    {"linear", FilterbankKind::linear}, {"bark", FilterbankKind::bark},
    {"erb", FilterbankKind::erb},       {"log", FilterbankKind::log},
    {"chroma", FilterbankKind::chroma}};
inline constexpr Words<MelScale> mel_scale = {
    {"htk", MelScale::htk}, {"slaney", MelScale::slaney}, {"kaldi", MelScale::kaldi}};
inline constexpr Words<BarkScale> bark_scale = {{"traunmuller", BarkScale::traunmuller},
                                                {"schroeder", BarkScale::schroeder},
                                                {"wang", BarkScale::wang}};
inline constexpr Words<Norm> norm = {{nullptr, Norm::none},
                                     {"slaney", Norm::slaney},
                                     {"l1", Norm::l1},
                                     {"l2", Norm::l2},
                                     {"max", Norm::max}};
inline constexpr Words<Triangle> triangle = {
    {"hz", Triangle::hz}, {"mel", Triangle::mel}, {"isosceles", Triangle::isosceles}};
inline constexpr Words<FilterShape> filter_shape = {{"triangle", FilterShape::triangle},
                                                    {"rectangle", FilterShape::rectangle},
                                                    {"gaussian", FilterShape::gaussian}};
inline constexpr Words<LogKind> log = {{nullptr, LogKind::none},         {"ln", LogKind::ln},
                                       {"log10", LogKind::log10},        {"db", LogKind::db},
                                       {"log1p", LogKind::log1p},        {"power", LogKind::power},
                                       {"piecewise", LogKind::piecewise}};
inline constexpr Words<ValidFrames> valid_frames = {{"all", ValidFrames::all},
                                                    {"floor", ValidFrames::floor},
                                                    {"ceil", ValidFrames::ceil},
                                                    {"last", ValidFrames::last},
                                                    {"all_but_last", ValidFrames::all_but_last}};
inline constexpr Words<Layout> layout = {{"freq_time", Layout::freq_time},
                                         {"time_freq", Layout::time_freq}};
inline constexpr Words<Precision> dtype = {
    {nullptr, Precision::follow},      {"float32", Precision::float32},
    {"float64", Precision::float64},   {"float16", Precision::float16},
    {"bfloat16", Precision::bfloat16}, {"uint8", Precision::uint8}};
inline constexpr Words<Precision> compute_dtype = {{nullptr, Precision::follow},
                                                   {"float64", Precision::float64}};

}  // namespace words

}  // namespace sonogram
