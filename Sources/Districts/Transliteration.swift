// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A word in lower-case Latin letters without marks: `房屋` is `fang wu`.
func latin(_ word: String) -> String {
    let letters = word.applyingTransform(.toLatin, reverse: false) ?? word
    let bare = letters.applyingTransform(.stripDiacritics, reverse: false) ?? letters
    return bare.lowercased()
}
