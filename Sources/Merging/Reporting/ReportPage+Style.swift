// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension ReportPage {
    /// For a screen and for A4 paper, without anything from elsewhere.
    static let style: HTML = """
        @page { size: A4; margin: 14mm 13mm 16mm }
        :root { --ink: #23302b; --faint: #6f7d76; --line: #dfe5e1; --green: #2f6f4f; --red: #b8352b; --amber: #b97a1a;
          --blue: #4d6c8a }
        * { box-sizing: border-box }
        body { margin: 0 auto; max-width: 960px; padding: 28px 32px 48px; color: var(--ink); background: #fff;
          font: 13px/1.55 "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif }
        header { border-bottom: 3px solid var(--green); padding-bottom: 10px; margin-bottom: 18px }
        .over { margin: 0; color: var(--green); font-weight: 600; letter-spacing: .06em }
        h1 { margin: 0; font-size: 30px; line-height: 1.25 }
        .sub { margin: 2px 0 0; color: var(--faint) }
        .en { color: var(--faint); font-weight: 400; font-size: .88em }
        h2 { margin: 30px 0 8px; font-size: 18px; border-bottom: 1px solid var(--line); padding-bottom: 4px;
          break-after: avoid }
        h3 { margin: 18px 0 4px; font-size: 15px; break-after: avoid }
        h4 { margin: 18px 0 2px; font-size: 14px; break-after: avoid }
        h4 i, .steps i { font-style: normal; font-weight: 400; color: var(--faint) }
        .tiles { display: grid; grid-template-columns: repeat(6, 1fr); gap: 8px }
        .tile { border: 1px solid var(--line); border-radius: 6px; padding: 8px 10px; line-height: 1.35 }
        .tile b { display: block; font-size: 22px; line-height: 1.2; font-variant-numeric: tabular-nums }
        .tile .en { display: block }
        .tile.error { border-color: var(--red) } .tile.error b { color: var(--red) }
        .tile.warning b { color: var(--amber) }
        .steps { padding-left: 22px; margin: 6px 0 } .steps li { margin: 4px 0; break-inside: avoid }
        .good { color: var(--green); font-weight: 600 }
        .hint { margin: 2px 0 8px; color: var(--faint) }
        ul { margin: 4px 0; padding-left: 20px }
        table { width: 100%; border-collapse: collapse; font-size: 12px }
        thead { display: table-header-group } tr { break-inside: avoid }
        th { text-align: left; font-weight: 600; vertical-align: bottom; border-bottom: 2px solid var(--line) }
        th, td { padding: 4px 8px 4px 0; overflow-wrap: anywhere }
        td { vertical-align: top; border-bottom: 1px solid var(--line) }
        th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal }
        td.bad { color: var(--red); font-weight: 600 }
        td small { display: block; color: var(--faint) }
        table.sources td { padding-top: 2px; padding-bottom: 2px } table.sources small { display: inline }
        td.slip, th.slip { padding-left: 14px }
        dl { font-size: 11.5px; margin: 10px 0 } dt { margin-top: 6px; break-after: avoid }
        dd { margin: 0; color: var(--faint) }
        table.small { font-size: 11.5px }
        table.small td:first-child { width: 28px }
        table.small td:nth-child(2) { width: 21% } table.small td.n { white-space: nowrap }
        code { font: 11.5px "Noto Sans Mono", "DejaVu Sans Mono", Consolas, monospace }
        .tag { white-space: nowrap } .tag.quarantined, .tag.quarantined .en { color: var(--red) }
        .dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 6px;
          background: var(--blue) }
        .dot.error { background: var(--red) } .dot.warning { background: var(--amber) }
        .count { font-weight: 400; background: #eef2ef; border-radius: 8px; padding: 0 7px }
        .more { margin: 4px 0; color: var(--faint) }
        .figures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 10px; margin: 6px 0 8px }
        figure { margin: 0; break-inside: avoid; border: 1px solid var(--line); border-radius: 6px; overflow: hidden }
        figcaption { padding: 3px 8px 4px; font-size: 11px; color: var(--faint); font-variant-numeric: tabular-nums }
        svg { display: block; width: 100%; background: #f6f7f4 } svg + svg { border-top: 1px solid var(--line) }
        svg .f { fill: #e3e8df; stroke: #98a69c; stroke-width: .8 }
        svg .d { stroke: var(--red); stroke-width: 1.3; stroke-dasharray: 4 2.5; fill: #eadfd9; fill-opacity: .8 }
        svg .m { stroke: var(--green); stroke-width: 1.3; fill: #dbe8dd }
        svg .s { fill: #f3d9a6; stroke: var(--amber); stroke-width: 1.4; fill-opacity: .85 }
        svg .z { fill: #f08a24; stroke: #c05f06; stroke-width: 1; fill-opacity: .75 }
        svg .p { fill: none; stroke: var(--red); stroke-width: 1.6 }
        svg .b { fill: none; stroke: var(--ink); stroke-width: 1 }
        svg .t { font-size: 9.5px; text-anchor: end; fill: var(--ink) }
        svg .l { font-size: 10.5px; fill: #47544d }
        svg text { paint-order: stroke; stroke: #fff; stroke-width: 2.5px; stroke-linejoin: round }
        footer { margin-top: 34px; padding-top: 8px; border-top: 1px solid var(--line);
          color: var(--faint); font-size: 11.5px }
        @media (max-width: 720px) { body { padding: 16px } .tiles { grid-template-columns: repeat(3, 1fr) }
          .figures { grid-template-columns: repeat(2, 1fr) } }
        @media print { body { max-width: none; padding: 0; font-size: 10.5pt }
          .figures { grid-template-columns: repeat(3, 1fr) }
          .tiles { grid-template-columns: repeat(6, 1fr) }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
        """
}
