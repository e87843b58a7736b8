// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Formats
import Merging
import PluginHosting

// A process that was started to read a file or to probe a plugin never gets
// past this line.
ChildMain.runIfRequested([
    ReadSourceJob.self, ReadSlipJob.self, InspectJob.self, JudgeJob.self, ProbeJob.self, PluginProbeJob.self,
    PluginHostJob.self, PluginCommandJob.self,
])

await Miaopu.runAsProgram()
