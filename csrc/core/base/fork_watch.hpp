// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Whether this process may use OpenMP. Its threads do not survive a fork, and the first parallel
// region of the child would wait for them forever, no matter which library (PyTorch, MKL, this one)
// used OpenMP before the fork. So every forked child is serial: those that are forked after the
// library is loaded, and those that load it afterwards.
#pragma once

namespace sonogram {

bool is_serial();
void become_serial();

}  // namespace sonogram
