// The demo's page: shows phone and desktop, and cuts and restores the phone's network.
"use strict";

const WORDS = {
  zh: {
    title: "巡安 · 演示", network: "手机网络", online: "联网", offline: "断网", no_network: "无网络",
    network_on: "手机连着服务器", network_off: "手机连不上任何服务器",
    phone: "教师的手机", desktop: "校长的电脑", alone: "单独打开", labels: "巡检点标签",
    labels_help: "打印或放大后对准相机；没有相机就在“扫码”里输入数字码，或从相册选保存的图片。",
    sheet: "全部标签（PDF，可打印）", try: "试一试",
    try_1: "在手机上点“扫码打卡”，扫一个标签或输入它的数字码，保存：校长的电脑两秒内就看到。",
    try_2: "断网，再打几个卡：手机照常可用，右上角显示离线，打的卡都留在本机。",
    try_3: "联网：记录自动补传，电脑上逐条出现。",
    try_4: "扫那张作废的旧标签，看手机怎么说。",
    try_5: "王敏老师也是 701 班班主任，今晚在女生公寓（60 间）值宿：点名用的房间和名单已在手机里。",
    accounts: "演示账号", password: "密码都是", server: "服务器地址（退出后用密码重新登录时填写）",
    from_phone: "手机", from_desktop: "电脑", close: "关闭", save: "保存图片", enlarge: "放大",
    copy: "复制", copied: "已复制 {0}", void: "已作废的旧标签", gone: "演示已停止。",
    failed: "没有切换成：{0}", other: "English",
    risk: { red: "红 · 重大风险", orange: "橙 · 较大风险", yellow: "黄 · 一般风险", blue: "蓝 · 低风险" },
    roles: { teacher: "教师", dorm_supervisor: "宿管", safety_officer: "安全干事", principal: "校长", duty_leader: "带班领导", homeroom_teacher: "班主任", grade_head: "年级主任", district_officer: "区教育局安全科" },
  },
  en: {
    title: "Xun'an · demo", network: "The phone's network", online: "On", offline: "Off", no_network: "No network",
    network_on: "The phone reaches the server", network_off: "The phone reaches no server",
    phone: "A teacher's phone", desktop: "The principal's desktop", alone: "Open alone", labels: "Point labels",
    labels_help: "Print or enlarge one and hold it before the camera. Without a camera, type its digits under Scan, or choose its saved picture from the gallery.",
    sheet: "All labels (PDF, to print)", try: "Try this",
    try_1: "On the phone, scan a label or type its digits, and save: the principal's desktop shows it within two seconds.",
    try_2: "Take the phone off the network and check in again: it works as before. The chip says offline, and what you save stays on the phone.",
    try_3: "Bring the network back: the records send themselves and appear on the desktop.",
    try_4: "Scan the void label and see what the phone says.",
    try_5: "王敏 is also homeroom teacher of class 701 and on duty in the girls' dorm (60 rooms): rooms and names for the roll-call are on the phone.",
    accounts: "Demo accounts", password: "They all have the password", server: "Server address (to sign in again with a password)",
    from_phone: "phone", from_desktop: "desktop", close: "Close", save: "Save picture", enlarge: "Enlarge",
    copy: "Copy", copied: "Copied {0}", void: "An old label, void", gone: "The demo has stopped.",
    failed: "Not switched: {0}", other: "中文",
    risk: { red: "Red · major risk", orange: "Orange · high risk", yellow: "Yellow · medium risk", blue: "Blue · low risk" },
    roles: { teacher: "teacher", dorm_supervisor: "dorm supervisor", safety_officer: "safety officer", principal: "principal", duty_leader: "duty leader", homeroom_teacher: "homeroom teacher", grade_head: "head of grade", district_officer: "district officer" },
  },
};
const HEADER_PX = 64, GAP_PX = 24, CAPTION_PX = 40, BAR_PX = 36, STAGE_TOP_PX = 8;
const PHONE_PX = { width: 414, height: 844 + 42 + 26 };
const LEAST_DESKTOP_PX = 1180, LEAST_HEIGHT_PX = 620, SIDE_BY_SIDE_PX = 1100;
const LOOK_EVERY_MS = 2000;

const $ = (id) => document.getElementById(id);
let language = remembered("language") === "en" ? "en" : "zh";
let about = null;
let connected = true;
const t = (key, value = "") => WORDS[language][key].replace("{0}", value);

function remembered(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

function speak() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = t("title");
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  $("language").textContent = t("other");
  $("phone").title = t("phone");
  $("desktop").title = t("desktop");
  showNetwork();
  if (about) showAbout();
}

function showNetwork() {
  document.body.classList.toggle("off", !connected);
  $("network").setAttribute("aria-checked", String(connected));
  $("network-now").textContent = t(connected ? "network_on" : "network_off");
}

function showAbout() {
  $("school").textContent = about.school.name;
  for (const device of ["phone", "desktop"]) {
    $(`${device}-person`).textContent = about[device].person;
    $(`${device}-alone`).href = about[device].address;
    copies($(`${device}-server`), about[device].server);
  }
  $("desktop-address").textContent = about.desktop.address.replace("http://", "");
  copies($("password"), about.accounts[0].password);
  $("accounts").replaceChildren(...about.accounts.map(accountRow));
  $("labels").replaceChildren(...about.labels.map(labelCard));
}

function make(tag, fields = {}, ...children) {
  const element = Object.assign(document.createElement(tag), fields);
  element.append(...children);
  return element;
}

function accountRow(account) {
  const roles = account.roles.map((role) => WORDS[language].roles[role] ?? role).join("、");
  const button = make("button", { type: "button", className: "copy" });
  copies(button, account.username);
  return make("tr", {}, make("td", { textContent: account.name }), make("td", { textContent: roles }), make("td", {}, button));
}

function labelCard(label, number) {
  const picture = `/labels/${number}.png`;
  const band = label.void ? t("void") : WORDS[language].risk[label.risk];
  const image = make("img", { src: picture, alt: label.text, width: 240, height: 240 });
  const sign = make("button", { type: "button", className: "sign", title: t("enlarge") },
    make("small", { textContent: label.area }), make("b", { textContent: label.name }), image);
  sign.addEventListener("click", () => enlarge(label, picture));
  const typed = make("button", { type: "button", className: "copy" });
  copies(typed, label.grouped);
  const save = make("a", { href: picture, download: `${label.name}.png`, textContent: t("save") });
  return make("li", {}, make("div", { className: `band ${label.void ? "void" : label.risk}`, textContent: band }),
    sign, make("div", { className: "row" }, typed, save));
}

function enlarge(label, picture) {
  $("big-area").textContent = label.area;
  $("big-name").textContent = label.name;
  $("big-code").src = picture;
  $("big-typed").textContent = label.grouped;
  $("big").showModal();
}

function copies(button, text) {
  button.textContent = text;
  button.title = t("copy");
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(text);
      say(t("copied", text));
    } catch { getSelection().selectAllChildren(button); }
  };
}

let quiet = 0;
function say(words) {
  $("said").textContent = words;
  $("said").classList.add("shown");
  clearTimeout(quiet);
  quiet = setTimeout(() => $("said").classList.remove("shown"), 4000);
}

/* The phone keeps its 390 × 844, smaller when the window is low; the desktop takes what is left
   and is never narrower inside than a real one. */
function fit() {
  const width = document.documentElement.clientWidth - 2 * GAP_PX;
  const height = Math.max(LEAST_HEIGHT_PX, innerHeight - HEADER_PX - STAGE_TOP_PX - CAPTION_PX);
  const scale = Math.min(1, height / PHONE_PX.height, width / PHONE_PX.width);
  document.body.style.setProperty("--phone-scale", scale);
  const beside = document.documentElement.clientWidth > SIDE_BY_SIDE_PX;
  const room = beside ? width - GAP_PX - PHONE_PX.width * scale : width;
  const tall = (beside ? Math.min(height, PHONE_PX.height * scale) : height) - BAR_PX;
  const inside = Math.max(LEAST_DESKTOP_PX, room);
  const shrink = room / inside;
  const frame = $("desktop");
  frame.style.width = `${inside}px`;
  frame.style.height = `${tall / shrink}px`;
  frame.style.transform = shrink < 1 ? `scale(${shrink})` : "none";
  frame.parentElement.style.width = `${room}px`;
  frame.parentElement.style.height = `${tall}px`;
}

async function switchNetwork() {
  $("network").disabled = true;
  try {
    const answer = await fetch("/network", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ connected: !connected }),
    });
    const now = await answer.json();
    connected = Boolean(now.connected);
    if (now.error) say(t("failed", now.error));
  } catch { say(t("gone")); }
  $("network").disabled = false;
  showNetwork();
}

async function look() {
  try {
    const now = await (await fetch("/network")).json();
    if (!$("network").disabled && now.connected !== connected) {
      connected = now.connected;
      showNetwork();
    }
  } catch { say(t("gone")); }
}

function tick() {
  $("clock").textContent = new Date().toLocaleTimeString("zh-CN", { hour: "numeric", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
}

async function begin() {
  fit();
  speak();
  tick();
  about = await (await fetch("/demo.json")).json();
  await look();
  speak();
  $("phone").src = about.phone.address;
  $("desktop").src = about.desktop.address;
  setInterval(look, LOOK_EVERY_MS);
  setInterval(tick, 10000);
}

addEventListener("resize", fit);
$("network").addEventListener("click", switchNetwork);
$("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  try { localStorage.setItem("language", language); } catch { /* then only for now */ }
  speak();
});
$("big").addEventListener("click", (event) => { if (event.target === $("big")) $("big").close(); });
begin().catch(() => say(t("gone")));
