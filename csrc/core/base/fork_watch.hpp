// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Whether this process may use OpenMP. Its threads do not survive a fork, and the first parallel
// region of the child would wait for them for ever; who used them before the fork (PyTorch, MKL,
// this library) makes no difference. So every child of a fork is serial: those that are forked
// once the library is loaded, and those that load it first.
#pragma once

namespace sonogram {

bool is_serial();
void become_serial();

}  // namespace sonogram
