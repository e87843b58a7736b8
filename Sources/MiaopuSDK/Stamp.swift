// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// The stamp that the host reads before any code of the plugin runs: records of
// 32 bytes as CPluginABI describes them, in a section of their own. They are
// constants, so that they stand in the file as they are; a constant may not
// refer to another, so the numbers of `PluginContract` stand here again, and a
// test compares them.

/// `magic`, `kind`, and six numbers.
typealias StampRecord = (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)

@section(".miaopu.plugin") @used
let contractStamp: StampRecord = (0x504f_414d, 1, 1, 0, 0, 0, 0, 0)

@section(".miaopu.plugin") @used
let sdkStamp: StampRecord = (0x504f_414d, 2, 1, 0, 0, 0, 0, 0)

#if compiler(>=6.4)
    @section(".miaopu.plugin") @used
    let compilerStamp: StampRecord = (0x504f_414d, 3, 2, 6, 4, 0, 0, 0)
#elseif compiler(>=6.3.3)
    @section(".miaopu.plugin") @used
    let compilerStamp: StampRecord = (0x504f_414d, 3, 2, 6, 3, 3, 0, 0)
#elseif compiler(>=6.3.2)
    @section(".miaopu.plugin") @used
    let compilerStamp: StampRecord = (0x504f_414d, 3, 2, 6, 3, 2, 0, 0)
#elseif compiler(>=6.3.1)
    @section(".miaopu.plugin") @used
    let compilerStamp: StampRecord = (0x504f_414d, 3, 2, 6, 3, 1, 0, 0)
#else
    @section(".miaopu.plugin") @used
    let compilerStamp: StampRecord = (0x504f_414d, 3, 2, 6, 3, 0, 0, 0)
#endif

#if arch(x86_64)
    @section(".miaopu.plugin") @used
    let targetStamp: StampRecord = (0x504f_414d, 4, 62, 1, 0, 0, 0, 0)
#elseif arch(arm64)
    @section(".miaopu.plugin") @used
    let targetStamp: StampRecord = (0x504f_414d, 4, 183, 1, 0, 0, 0, 0)
#else
    @section(".miaopu.plugin") @used
    let targetStamp: StampRecord = (0x504f_414d, 4, 0, 1, 0, 0, 0, 0)
#endif
