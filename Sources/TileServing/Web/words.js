// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// What the page says, in its two languages.
const words = {
  zh: {
    skip: "跳到地图", map: "地图", layers: "图层", details: "要素信息", close: "关闭", position: "指针处坐标",
    retry: "重试", otherLanguage: "English", fold: "收起或展开图层列表",
    lost: "与服务器的连接已中断，正在重试…",
    incomplete: (titles) => `地图暂不完整，缺少：${titles.join("、")}。恢复后自动补齐。`, interrupted: "暂时中断：",
    subtitle: "苗圃 · 一区一图", base: "基础图层",
    alerts: "提醒与预警", info: "提示", blue: "蓝色", yellow: "黄色", orange: "橙色", red: "红色",
    asOf: "实时数据时间", now: "当前",
    loading: "正在打开地图…", preparing: "正在准备地图，请稍候…",
    unreachable: "无法连接服务器。请确认 miaopu serve 仍在运行。",
    broken: "地图无法打开：", noLibrary: "未安装 MapLibre GL JS：请运行一次 tools/setup，然后重新启动 miaopu serve。",
    noWebGL: "此浏览器未启用 WebGL，无法绘制地图。",
    count: (n) => n.toLocaleString("zh"), features: (n) => `${n.toLocaleString("zh")} 个要素`, failed: "暂不可用", internal: "内部", restricted: "受限", sensitivity: "图层说明中注明的密级；服务器不据此限制访问",
    waiting: "暂未启用：", refused: "未能启用：", quarantined: "已隔离：",
    showAll: "全部显示", hideAll: "全部隐藏",
    nothing: "此处没有要素。", more: (n) => `另有 ${n} 个要素`, several: (n) => `此处有 ${n} 个要素`,
    provenance: "数据溯源", record: (n) => `第 ${n} 条记录`, moreRecords: (n) => `另有 ${n} 条记录`, whole: "全区",
    field: (name) => `取自字段“${name}”`, turned: (from, to) => `由 ${from} 换算为 ${to}`, coded: "已对照为标准代码",
    fromAuthority: (source) => `取自数源单位 ${source}`, assigned: "由区里统一编码", assignedIn: (n) => `由区里统一编码（变更集 ${n}）`, unknownField: "由合并时得出",
    file: "文件", hash: "SHA-256", asOfDay: "数据日期", encodedIn: "文字编码", crs: "坐标系", steps: "处理步骤",
    accuracy: (m) => `精度 ${m} 米`, repaired: "修复", validFrom: "生效日期", twin: "另有来源",
    cut: "合并自", declared: "district.yaml 中指定", fromFile: "文件自带", fit: "控制点拟合", inferred: "推断", byAddress: "按地址匹配",
    noProvenance: "暂时查不到来历。",
    town: "街镇", source: "来源文件", plugin: "数据插件", id: "要素号", none: "—", yes: "是", no: "否",
    zoomTo: (n) => `缩放至 ${n} 级以上显示`, other: "其他", noData: "无数据", zoomIn: "放大", zoomOut: "缩小", legend: "图例", square: "㎡",
  },
  en: {
    skip: "Skip to the map", map: "Map", layers: "Layers", details: "Feature details", close: "Close",
    position: "Coordinates under the pointer", retry: "Try again", otherLanguage: "中文",
    fold: "Fold or unfold the list of layers",
    lost: "The connection to the server is lost; trying again…",
    incomplete: (titles) => `The map is incomplete for now: without ${titles.join(", ")}. It fills in by itself.`,
    interrupted: "Interrupted:",
    subtitle: "One map of the district", base: "Base layers",
    alerts: "Alerts", info: "information", blue: "blue", yellow: "yellow", orange: "orange", red: "red",
    asOf: "Live data as of", now: "Now",
    loading: "Opening the map…", preparing: "The map is being prepared…",
    unreachable: "The server cannot be reached. Is miaopu serve still running?",
    broken: "The map cannot be opened: ",
    noLibrary: "MapLibre GL JS is not installed: run tools/setup once, then start miaopu serve again.",
    noWebGL: "This browser has no WebGL, which the map is drawn with.",
    count: (n) => n.toLocaleString("en"),
    features: (n) => `${n.toLocaleString("en")} feature${n === 1 ? "" : "s"}`, failed: "not available now",
    internal: "internal", restricted: "restricted",
    sensitivity: "As the layer's description says; the server keeps nobody from it",
    waiting: "Not yet in service:", refused: "Not in service:", quarantined: "In quarantine:",
    showAll: "Show all", hideAll: "Hide all",
    nothing: "There is no feature here.", more: (n) => `${n} more here`, several: (n) => `${n} features here`,
    provenance: "Provenance", record: (n) => `record ${n}`, moreRecords: (n) => `${n} records more`, whole: "whole district",
    field: (name) => `from “${name}”`, turned: (from, to) => `${from} turned into ${to}`,
    coded: "words turned into codes", fromAuthority: (source) => `from the authority, ${source}`, assigned: "assigned by the district",
    assignedIn: (n) => `assigned by the district in change set ${n}`, unknownField: "made by the merge",
    file: "File", hash: "SHA-256", asOfDay: "As of", encodedIn: "Text in", crs: "Reference system", steps: "Steps",
    accuracy: (m) => `accuracy ${m} m`, repaired: "Repaired", validFrom: "Valid from", twin: "Delivered also by",
    cut: "Joined with", declared: "declared in district.yaml", fromFile: "said by the file", fit: "control points",
    inferred: "inferred", byAddress: "found by addresses", noProvenance: "The provenance cannot be read now.",
    town: "Town", source: "Source file", plugin: "Plugin", id: "Feature id", none: "–", yes: "yes", no: "no",
    zoomTo: (n) => `Shown from zoom ${n}`, other: "Other", noData: "No data", zoomIn: "Zoom in", zoomOut: "Zoom out", legend: "Legend", square: "m²",
  },
};

let language = "zh";

/** The page's language, `zh` or `en`: what the person chose last, else the browser's. */
export function startLanguage() {
  const chosen = stored("language");
  const wanted = chosen ?? navigator.languages?.find((tag) => /^(zh|en)/.test(tag))?.slice(0, 2) ?? "en";
  return setLanguage(wanted);
}

export function setLanguage(tag) {
  language = tag === "zh" ? "zh" : "en";
  document.documentElement.lang = language;
  return language;
}

export function switchLanguage() {
  try { localStorage.setItem("miaopu-language", language === "zh" ? "en" : "zh"); } catch { /* private mode */ }
  return setLanguage(language === "zh" ? "en" : "zh");
}

function stored(name) {
  try { return localStorage.getItem("miaopu-" + name); } catch { return null; }
}

export function currentLanguage() { return language; }

/** The word for a key; words with a number take it. */
export function word(key, ...values) {
  const found = words[language][key];
  return typeof found === "function" ? found(...values) : found;
}

/** A title that the server gave by language. */
export function titleOf(titles, otherwise) {
  return titles?.[language] ?? titles?.en ?? titles?.zh ?? Object.values(titles ?? {})[0] ?? otherwise;
}

/** Writes the words into the elements that name one. */
export function translatePage() {
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-word-label]")) {
    element.setAttribute("aria-label", word(element.dataset.wordLabel));
  }
}
