// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// SONOGRAM_API marks the symbols that the shared library exports; all others are hidden. Static
// builds on Windows define SONOGRAM_STATIC. Valid in C and C++.
#ifndef SONOGRAM_EXPORT_HPP
#define SONOGRAM_EXPORT_HPP

#if defined(_WIN32)
#if defined(SONOGRAM_STATIC)
#define SONOGRAM_API
#elif defined(SONOGRAM_BUILDING)
#define SONOGRAM_API __declspec(dllexport)
#else
#define SONOGRAM_API __declspec(dllimport)
#endif
#define SONOGRAM_LOCAL
#else
#define SONOGRAM_API __attribute__((visibility("default")))
#define SONOGRAM_LOCAL __attribute__((visibility("hidden")))
#endif

#endif
