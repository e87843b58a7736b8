// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Synchronization

/// Takes a plugin's calls from the moment that it is loaded; refuses them until
/// the desk that answers them is known.
final class Reception: HostCallReceiver {
    private let desk = Mutex<ServiceDesk?>(nil)

    func hand(over desk: ServiceDesk) {
        self.desk.withLock { $0 = desk }
    }

    func answer(_ request: UnsafeBufferPointer<UInt8>) -> (status: Int32, bytes: [UInt8]) {
        guard let desk = desk.withLock({ $0 }) else {
            return (ContractStatus.number(of: .denied), Array("The host serves no calls before start.".utf8))
        }
        return desk.answer(request)
    }
}
